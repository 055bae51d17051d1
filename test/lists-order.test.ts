import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChannelsService } from '../src/channels/channels.service.js';
import { formatId, parseId } from '../src/common/ids/type-id.js';
import { expectExactRows } from './support/exact.js';
import { given as givenOn, type Customer, type TestClient } from './support/given.js';
import { startServer, type TestServer } from './support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
const given = givenOn(() => server);

describe('Ids that say nothing of the order leave every list in it:', () => {
  it('messages', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const elsewhere = await given.channel(acme, [john, jane], 'Elsewhere');
    const sent: { id: string; sender: Customer }[] = [];
    for (let at = 0; at < 12; at += 1) {
      const sender = at % 3 ? john : jane;
      const id = randomUUID();
      const channel_uuid = at % 2 ? elsewhere.id : channel.id;
      const body = { id, channel_uuid, sender_uuid: sender.id, type: 'text', content: 'Hello' };
      sent.push({ id: (await acme.send('POST', '/api/v1/messages', body)).body.id, sender });
    }
    let newestFirst = sent.toReversed();
    const saidBy = (who: Customer) => newestFirst.filter(({ sender }) => sender === who);
    const emails = `email1=${encodeURIComponent(john.email!)}&email2=${encodeURIComponent(jane.email!)}`;
    for (const [path, list] of [
      [`/api/v1/messages/customer/${john.id}?`, () => saidBy(john)],
      [`/api/v1/messages/between?${emails}&`, () => newestFirst],
    ] as const) {
      const expected = list();
      expect(await pages(acme, path)).toEqual(expected.map(({ id }) => id));
      // A deleted one still has its place.
      const gone = expected[4]!;
      await acme.send('DELETE', `/api/v1/messages/${gone.id}?mode=all_participants`);
      const rest = await acme.send('GET', `${path}limit=2&starting_after=${gone.id}`);
      expect(rest.body.data.map(({ id }: { id: string }) => id)).toEqual(expected.slice(5, 7).map(({ id }) => id));
      newestFirst = newestFirst.filter((one) => one !== gone);
    }
    // The newest of those that stay is found by when it was said.
    for (const { id } of saidBy(john).slice(0, 3)) {
      await acme.send('DELETE', `/api/v1/messages/${id}?mode=all_participants`);
      await expectExactRows(acme.uuid);
    }
  });

  it('channels', async () => {
    const acme = await given.client();
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const customerIds = [john, jane].map(({ id }) => parseId('customer', id)!);
    const tenant = { clientId: acme.uuid, livemode: false };
    const channels = server.app.get(ChannelsService);
    const made: string[] = [];
    for (let at = 0; at < 8; at += 1) {
      const id = randomUUID();
      await channels.create(tenant, { type: 'custom', customerIds, id, isShared: false });
      made.unshift(formatId('channel', id));
    }
    expect(await pages(acme, '/api/v1/channels?')).toEqual(made);
    expect(await pages(acme, `/api/v1/channels/customer/${john.id}?`)).toEqual(made);
    const strangers = await given.channel(acme, [jane, await given.customer(acme)]);
    const path = `/api/v1/channels/customer/${john.id}?starting_after=${strangers.id}`;
    expect((await acme.send('GET', path)).status).toBe(422);
  });
});

/** The ids of a whole list, three at a time. */
async function pages(acme: TestClient, path: string): Promise<string[]> {
  const ids: string[] = [];
  for (let more = true; more;) {
    const after = ids.length === 0 ? '' : `&starting_after=${ids.at(-1)}`;
    const { body } = await acme.send('GET', `${path}limit=3${after}`);
    ids.push(...body.data.map(({ id }: { id: string }) => id));
    more = body.has_more;
  }
  return ids;
}
