import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { ChannelDeletionsService } from '../../src/messages/deletion/channel-deletions.service.js';
import { expectExactRows } from '../support/exact.js';
import { given as givenOn, must, type Customer, type TestClient } from '../support/given.js';
import { ChannelModel, type Said } from '../support/model.js';
import { startServer, useServer } from '../support/server.js';

/** A failure prints the seed and the path that fast-check needs to run it again. */
const RUNS = 15;
const PEOPLE = 4;

const server = useServer(startServer);
const given = givenOn(() => server);

/** The channel as the API has it. */
interface Real {
  readonly acme: TestClient;
  readonly path: string;
  readonly people: readonly Customer[];
}
type Command = fc.AsyncCommand<ChannelModel, Real>;

/** What `change` does to both, and then everything that can be read must be the same. */
function command(
  name: string,
  check: (model: ChannelModel) => boolean,
  change: (model: ChannelModel, real: Real) => Promise<void>,
): Command {
  return {
    check,
    run: async (model, real) => {
      await change(model, real);
      await expectSame(model, real);
    },
    toString: () => name,
  };
}

async function expectSame(model: ChannelModel, { acme, path, people }: Real): Promise<void> {
  const list = must(
    await acme.api.GET('/api/v1/messages/channel/{id}', {
      params: { path: { id: idOf(path) }, query: { limit: 100 } },
    }),
  );
  const shown = model.shown();
  expect(list.data.map(({ id, sender_id }) => [id, sender_id])).toEqual(
    shown.map(({ id, sender }) => [id, sender === null ? null : people[sender]!.id]),
  );
  expect(list.total_count).toBe(shown.length);
  for (const [at, { id, email }] of people.entries()) {
    const reply = await acme.send('GET', `/api/v1/channels/customer/${id}`);
    if (model.erased.has(at)) {
      expect(reply.status).toBe(404);
      continue;
    }
    const [inbox] = reply.body.data;
    expect(inbox !== undefined).toBe(model.members.has(at));
    if (inbox) {
      const seen = { unread: inbox.unread_count, last: inbox.last_message?.id ?? null };
      expect([at, seen]).toEqual([at, { unread: model.unread(at), last: shown.at(-1)?.id ?? null }]);
      const byEmail = await acme.send('GET', `/api/v1/channels/by-email?email=${encodeURIComponent(email!)}`);
      for (const { channels } of byEmail.body.data.conversations) {
        expect(channels).toMatchObject([{ unread_count: seen.unread, last_message: inbox.last_message }]);
      }
    }
  }
  const last = shown.at(-1);
  if (last) {
    const receipts = (await acme.send('GET', `/api/v1/messages/${last.id}/receipts?limit=100`)).body.data;
    const expected = model.receipts(last).map(([at, status]) => [people[at]!.id, status]);
    expect(receipts.map((one: { customer_id: string; status: string }) => [one.customer_id, one.status])).toEqual(
      expected.sort(([a], [b]) => (a! < b! ? -1 : 1)),
    );
  }
}

const idOf = (path: string): string => path.split('/').at(-1)!;
const pick = <T>(from: readonly T[], at: number): T => from[at % from.length]!;
const member = (model: ChannelModel, at: number): boolean => model.members.has(at);
const shownAt = (model: ChannelModel, at: number): Said => pick(model.shown(), at);
const saysSomething = (model: ChannelModel): boolean => model.shown().length > 0;

/** With an id of its own, which says nothing of when, or with ours. */
const send = (who: number, isNamed: boolean): Command =>
  command(
    `send(${who}, ${isNamed})`,
    (model) => member(model, who),
    async (model, { acme, path, people }) => {
      const id = isNamed ? randomUUID() : undefined;
      const body = { id, channel_uuid: idOf(path), sender_uuid: people[who]!.id, type: 'text', content: 'Hello' };
      const { status, body: sent } = await acme.send('POST', '/api/v1/messages', body);
      expect(status).toBe(201);
      model.send(who, sent.id);
    },
  );

/** Nothing comes of it, deleted or not. */
const sendAgain = (who: number, at: number): Command =>
  command(
    `sendAgain(${who}, ${at})`,
    (model) => member(model, who) && model.said.length > 0,
    async (model, { acme, path, people }) => {
      const { id } = pick(model.said, at);
      const body = { id, channel_uuid: idOf(path), sender_uuid: people[who]!.id, type: 'text', content: 'Again' };
      expect((await acme.send('POST', '/api/v1/messages', body)).status).toBe(409);
    },
  );

/** Up to a message, or to the last where `at` is null. */
const mark = (kind: 'read' | 'delivered', who: number, at: number | null): Command =>
  command(
    `${kind}(${who}, ${at})`,
    (model) => member(model, who) && (at === null || model.said.length > 0),
    async (model, { acme, path, people }) => {
      // A deleted message still has its place.
      const upTo = at === null ? undefined : pick(model.said, at);
      const body = { customer_uuid: people[who]!.id, ...(upTo ? { message_uuid: upTo.id } : {}) };
      const reply = await acme.send('POST', `${path}/${kind}`, body);
      const position = model.mark(kind, who, upTo?.position ?? model.said.length);
      expect([reply.status, reply.body.position, reply.body.unread_count]).toEqual([200, position, model.unread(who)]);
    },
  );

const deleteForAll = (at: number): Command =>
  command(`deleteForAll(${at})`, saysSomething, async (model, { acme }) => {
    const message = shownAt(model, at);
    const path = `/api/v1/messages/${message.id}?mode=all_participants`;
    expect((await acme.send('DELETE', path)).status).toBe(204);
    message.deleted = true;
    expect((await acme.send('DELETE', path)).status).toBe(404);
  });

const hide = (who: number, at: number): Command =>
  command(
    `hide(${who}, ${at})`,
    (model) => member(model, who) && saysSomething(model),
    async (model, { acme, people }) => {
      const message = shownAt(model, at);
      const path = `/api/v1/messages/${message.id}?mode=my_devices&customer_uuid=${people[who]!.id}`;
      expect((await acme.send('DELETE', path)).status).toBe(204);
      message.hiddenBy.add(who);
    },
  );

const clear = (who: number): Command =>
  command(
    `clear(${who})`,
    (model) => member(model, who),
    async (model, { acme, path, people }) => {
      const [channel, customer] = [parseId('channel', idOf(path))!, parseId('customer', people[who]!.id)!];
      const deletions = server.get<ChannelDeletionsService>('ChannelDeletionsService');
      await deletions.clear({ clientId: acme.uuid, livemode: false }, channel, customer);
      model.shown().forEach(({ hiddenBy }) => hiddenBy.add(who));
    },
  );

const join = (who: number): Command =>
  command(
    `join(${who})`,
    (model) => !model.erased.has(who),
    async (model, { acme, path, people }) => {
      const reply = await acme.send('POST', `${path}/customers`, { customer_uuids: [people[who]!.id] });
      expect(reply.status).toBe(200);
      model.join(who);
    },
  );

const leave = (who: number): Command =>
  command(
    `leave(${who})`,
    (model) => !model.erased.has(who),
    async (model, { acme, path, people }) => {
      const reply = await acme.send('DELETE', `${path}/customers/${people[who]!.id}`);
      expect(reply.status).toBe(model.members.has(who) ? 204 : 404);
      model.leave(who);
    },
  );

const erase = (who: number): Command =>
  command(
    `erase(${who})`,
    (model) => !model.erased.has(who) && model.erased.size < 2,
    async (model, { acme, people }) => {
      expect((await acme.send('DELETE', `/api/v1/customers/${people[who]!.id}`)).status).toBe(204);
      model.erase(who);
    },
  );

const who = fc.nat(PEOPLE - 1);
const upTo = fc.option(fc.nat(30));
const commands = fc.commands(
  [
    ...Array<fc.Arbitrary<Command>>(3).fill(fc.tuple(who, fc.boolean()).map(([one, isNamed]) => send(one, isNamed))),
    fc.tuple(who, fc.nat(30)).map(([one, at]) => sendAgain(one, at)),
    fc.tuple(who, upTo).map(([one, at]) => mark('read', one, at)),
    fc.tuple(who, upTo).map(([one, at]) => mark('delivered', one, at)),
    fc.nat(30).map(deleteForAll),
    fc.tuple(who, fc.nat(30)).map(([one, at]) => hide(one, at)),
    who.map(clear),
    who.map(join),
    who.map(leave),
    who.map(erase),
  ],
  { maxCommands: 40, size: 'max' },
);

describe('A channel, whatever happens in it', () => {
  it('is as a model of it is', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (story) => {
        const acme = await given.client();
        const people = await Promise.all(Array.from({ length: PEOPLE }, () => given.customer(acme)));
        const { id } = await given.channel(acme, people.slice(0, 3));
        const setup = () => ({
          model: new ChannelModel([0, 1, 2]),
          real: { acme, people, path: `/api/v1/channels/${id}` },
        });
        await fc.asyncModelRun(setup, story);
        await expectExactRows(acme.uuid);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
