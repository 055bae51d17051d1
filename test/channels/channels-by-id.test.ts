import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ChannelIdInUse } from '../../src/channels/channel-id-in-use.js';
import type { ChannelsService, NewChannel } from '../../src/channels/channels.service.js';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { given as givenOn, type Customer, type TestClient } from '../support/given.js';
import { atOnce, startRacedServer } from '../support/races.js';
import { isA, useServer } from '../support/server.js';

const server = useServer(startRacedServer);
const given = givenOn(() => server);

const tenantOf = ({ uuid }: TestClient) => ({ clientId: uuid, livemode: false });
const uuidsOf = (people: readonly Customer[]) => people.map(({ id }) => parseId('customer', id)!);
const create = (acme: TestClient, channel: NewChannel) =>
  server.get<ChannelsService>('ChannelsService').create(tenantOf(acme), channel);
const team = (acme: TestClient, size: number) => atOnce(size, () => given.customer(acme));
const totalOf = async (acme: TestClient): Promise<number> =>
  (await acme.send('GET', '/api/v1/channels')).body.total_count;

/** How each ended: made, found, or the id was in use; and the ids of the channels. */
async function endsOf(all: ReadonlyArray<ReturnType<typeof create>>) {
  const ends = await Promise.allSettled(all);
  const words = ends.map((end) => {
    if (end.status === 'fulfilled') {
      return { end: end.value.isNew ? 'made' : 'found', id: end.value.row.id };
    }
    expect(isA<ChannelIdInUse>(end.reason as Error, 'ChannelIdInUse')).toBe(true);
    return { end: 'in use', id: (end.reason as ChannelIdInUse).row.id };
  });
  const count = (word: string): number => words.filter(({ end }) => end === word).length;
  return {
    made: count('made'),
    found: count('found'),
    inUse: count('in use'),
    ids: [...new Set(words.map(({ id }) => id))],
  };
}

describe('A channel that is made under an id', () => {
  it('has it, and its metadata', async () => {
    const acme = await given.client();
    const people = await team(acme, 2);
    const id = randomUUID();
    const metadata = { title: 'Trip', nested: { a: 'b' } };
    const { row, isNew } = await create(acme, { type: 'general', customerIds: uuidsOf(people), id, metadata });
    expect([isNew, row.id, row.metadata]).toEqual([true, id, metadata]);
    const { status, body } = await acme.send('GET', `/api/v1/channels/${formatId('channel', id)}`);
    expect([status, body]).toMatchObject([200, { type: 'general', name: 'general', metadata }]);
  });

  it('is refused where the id is another’s, which changes nothing; another tenant may have it as well', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const [john, jane, jim] = uuidsOf(await team(acme, 3)) as [string, string, string];
    const id = randomUUID();
    const { row: first } = await create(acme, { type: 'general', customerIds: [john, jane], id });
    for (const isShared of [true, false]) {
      const again = { type: 'custom', customerIds: [john, jim], id, isShared, metadata: { a: 1 } } as const;
      await expect(create(acme, again)).rejects.toMatchObject({ kind: 'conflict', code: 'id_in_use', row: first });
    }
    const there = { type: 'general', customerIds: uuidsOf(await team(other, 2)), id } as const;
    expect(await create(other, there)).toMatchObject({ isNew: true, row: { id } });
    expect(await totalOf(acme)).toBe(1);
    await expectExactRows(acme.uuid);
  });

  it('is not made where the same set has its channel: that one is found, with its id and metadata', async () => {
    const acme = await given.client();
    const customerIds = uuidsOf(await team(acme, 2));
    const { row: first } = await create(acme, { type: 'general', customerIds, metadata: { a: 1 } });
    for (const id of [randomUUID(), first.id]) {
      const again = await create(acme, { type: 'general', customerIds, id, metadata: { b: 2 } });
      expect(again).toEqual({ isNew: false, row: first });
    }
  });

  it('is one of its own where it is not shared, however often it is asked for', async () => {
    const acme = await given.client();
    const people = await team(acme, 2);
    const own = { type: 'custom', customerIds: uuidsOf(people), isShared: false } as const;
    const [one, two] = [await create(acme, own), await create(acme, own)];
    expect([one.isNew, two.isNew, one.row.name, one.row.id === two.row.id]).toEqual([
      true,
      true,
      'Conversation',
      false,
    ]);
    // Nor does the core find one by its name and set.
    const found = await acme.send('POST', '/api/v1/channels', {
      ...{ type: 'custom', name: 'Conversation', customer_uuids: people.map(({ id }) => id) },
    });
    expect(found.status).toBe(201);
    // What it is called is no reason for it to be found, nor is what it holds.
    const path = `/api/v1/channels/${formatId('channel', one.row.id)}`;
    expect((await acme.send('PATCH', path, { metadata: { a: 1 } })).status).toBe(200);
    const again = await acme.send('POST', '/api/v1/channels', {
      ...{ type: 'custom', name: 'Conversation', customer_uuids: people.map(({ id }) => id) },
    });
    expect([again.status, again.body.id]).toEqual([200, found.body.id]);
    expect(await totalOf(acme)).toBe(3);
  });
});

describe('Twenty at once under one id', () => {
  it('of one set share one channel', async () => {
    const acme = await given.client();
    const [id, customerIds] = [randomUUID(), uuidsOf(await team(acme, 3))];
    const ends = await endsOf(Array.from({ length: 20 }, () => create(acme, { type: 'general', customerIds, id })));
    expect(ends).toEqual({ made: 1, found: 19, inUse: 0, ids: [id] });
    expect(await totalOf(acme)).toBe(1);
    await expectExactRows(acme.uuid);
  });

  it('of their own make one, and the others are told whose it is', async () => {
    const acme = await given.client();
    const [id, customerIds] = [randomUUID(), uuidsOf(await team(acme, 3))];
    const own = { type: 'custom', customerIds, id, isShared: false } as const;
    const ends = await endsOf(Array.from({ length: 20 }, () => create(acme, own)));
    expect(ends).toEqual({ made: 1, found: 0, inUse: 19, ids: [id] });
    expect(await totalOf(acme)).toBe(1);
    await expectExactRows(acme.uuid);
  });

  it('of as many sets make one, and the others are told whose it is', async () => {
    const acme = await given.client();
    const [one, ...others] = uuidsOf(await team(acme, 21));
    const id = randomUUID();
    const ends = await endsOf(others.map((other) => create(acme, { type: 'general', customerIds: [one!, other], id })));
    expect(ends).toEqual({ made: 1, found: 0, inUse: 19, ids: [id] });
    expect(await totalOf(acme)).toBe(1);
    await expectExactRows(acme.uuid);
  });

  it('each under another, of one set, share the first', async () => {
    const acme = await given.client();
    const customerIds = uuidsOf(await team(acme, 3));
    const ends = await endsOf(
      Array.from({ length: 20 }, () => create(acme, { type: 'general', customerIds, id: randomUUID() })),
    );
    expect(ends).toMatchObject({ made: 1, found: 19, inUse: 0 });
    expect([ends.ids.length, await totalOf(acme)]).toEqual([1, 1]);
    await expectExactRows(acme.uuid);
  });
});
