import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn, must, type Channel, type Customer, type TestClient } from '../support/given.js';
import { expectInvalid, expectMissing } from '../support/refused.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);

const UNKNOWN = 'One or more customers do not exist or do not belong to this client';
const GENERAL = 'The customers of a general channel can not be changed.';
const idsOf = (customers: ReadonlyArray<{ readonly id: string }>) => customers.map(({ id }) => id);
const team = (acme: TestClient, size: number) => Promise.all(Array.from({ length: size }, () => given.customer(acme)));
const add = (acme: TestClient, { id }: Channel, customer_uuids: unknown) =>
  acme.send('POST', `/api/v1/channels/${id}/customers`, { customer_uuids });
const remove = (acme: TestClient, { id }: Channel, who: Customer) =>
  acme.send('DELETE', `/api/v1/channels/${id}/customers/${who.id}`);
const create = (acme: TestClient, name: string, customers: readonly Customer[]) =>
  acme.send('POST', '/api/v1/channels', { type: 'custom', name, customer_uuids: idsOf(customers) });
const inboxOf = async (acme: TestClient, { id }: Customer) =>
  (await acme.send('GET', `/api/v1/channels/customer/${id}`)).body;
const get = async (acme: TestClient, { id }: Channel) => (await acme.send('GET', `/api/v1/channels/${id}`)).body;

async function general(acme: TestClient, customers: readonly Customer[]): Promise<Channel> {
  const customer_uuids = idsOf(customers);
  return must(await acme.api.POST('/api/v1/channels', { body: { type: 'general', customer_uuids } }));
}

describe('POST /channels/{id}/customers', () => {
  it('adds customers, and nobody twice', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const [jim, joe] = await team(acme, 2);
    const reply = await add(acme, channel, [jim!.id, john.id, parseId('customer', joe!.id), jim!.id]);
    expect(reply.status).toBe(200);
    expect(idsOf(reply.body.customers)).toEqual(idsOf([john, jane, jim!, joe!]).sort());
    expect(reply.body).toEqual(await get(acme, channel));
    expect((await add(acme, channel, [jim!.id])).body).toEqual(reply.body);
    await given.message(acme, channel, jim!);
    await expectExactRows(acme.uuid);
  });

  it('lets the new one begin with nothing unread', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const message = await given.message(acme, channel, john);
    const jim = await given.customer(acme);
    accepted(await add(acme, channel, [jim.id]));
    expect((await inboxOf(acme, jim)).data).toMatchObject([{ unread_count: 0, last_message: message }]);
    await given.message(acme, channel, john);
    expect((await inboxOf(acme, jim)).data).toMatchObject([{ unread_count: 1 }]);
    await expectExactRows(acme.uuid);
  });

  it('refuses a customer who is unknown or of another tenant, and then adds nobody', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { channel } = await given.pair(acme);
    const [jim, foreign] = [await given.customer(acme), await given.customer(other)];
    for (const id of [foreign.id, parseId('customer', foreign.id), formatId('customer', randomUUID())]) {
      expectInvalid(await add(acme, channel, [jim.id, id]), 'customer_uuids', UNKNOWN);
    }
    expect(await get(acme, channel)).toEqual(channel);
  });

  it('refuses a general channel', async () => {
    const acme = await given.client();
    const [john, jane, jim] = await team(acme, 3);
    const channel = await general(acme, [john!, jane!]);
    expectInvalid(await add(acme, channel, [jim!.id]), 'customer_uuids', GENERAL);
    expect(await get(acme, channel)).toEqual(channel);
  });

  it('lets a channel grow to 100', async () => {
    const acme = await given.client();
    const everybody = await team(acme, 101);
    const channel = await given.channel(acme, everybody.slice(0, 2));
    expect((await add(acme, channel, idsOf(everybody.slice(0, 100)))).status).toBe(200);
    const full = 'A channel has at most 100 customers.';
    expectInvalid(await add(acme, channel, [everybody[100]!.id]), 'customer_uuids', full);
    expect((await add(acme, channel, [everybody[5]!.id])).status).toBe(200);
  });

  it.each([[undefined], [[]], ['x'], [Array(101).fill('x')]])('refuses %j', async (customer_uuids) => {
    const acme = await given.client();
    const { channel } = await given.pair(acme);
    expectInvalid(await add(acme, channel, customer_uuids), 'customer_uuids');
  });

  it('commits with its Idempotency-Key: a refusal leaves nothing behind', async () => {
    const acme = await given.client();
    const { channel } = await given.pair(acme);
    const jim = await given.customer(acme);
    const key = { 'idempotency-key': randomUUID() };
    const path = `/api/v1/channels/${channel.id}/customers`;
    const body = { customer_uuids: [jim.id, randomUUID()] };
    const first = await acme.send('POST', path, body, key);
    const again = await acme.send('POST', path, body, key);
    expect([first.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([422, first.text, 'true']);
    expect(await get(acme, channel)).toEqual(channel);
  });

  it('answers 404 for a channel that is not the caller’s', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    const jim = await given.customer(acme);
    for (const id of [channel.id, formatId('channel', randomUUID()), 'nonsense']) {
      const path = `/api/v1/channels/${id}/customers`;
      expectMissing(await acme.send('POST', path, { customer_uuids: [jim.id] }), 'Channel not found');
      expectMissing(await acme.send('DELETE', `${path}/${john.id}`), 'Channel not found');
    }
    expect(await get(other, channel)).toEqual(channel);
  });
});

describe('DELETE /channels/{id}/customers/{id}', () => {
  it('removes a customer, whose messages stay', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const message = await given.message(acme, channel, john);
    const reply = await remove(acme, channel, john);
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(idsOf((await get(acme, channel)).customers)).toEqual([jane.id]);
    expect(await inboxOf(acme, john)).toMatchObject({ data: [], total_count: 0 });
    expect((await inboxOf(acme, jane)).data).toMatchObject([{ unread_count: 1, last_message: message }]);
    const body = { channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content: 'Hello' };
    expectInvalid(await acme.send('POST', '/api/v1/messages', body), 'sender_uuid');
    await expectExactRows(acme.uuid);
  });

  it('forgets how far it had read; who comes back counts its messages again', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const own = await given.message(acme, channel, john);
    const hidden = await given.message(acme, channel, jane);
    accepted(await acme.send('DELETE', `/api/v1/messages/${hidden.id}?mode=my_devices&customer_uuid=${john.id}`));
    accepted(await remove(acme, channel, john));
    await given.message(acme, channel, jane);
    accepted(await add(acme, channel, [john.id]));
    expect((await inboxOf(acme, john)).data).toMatchObject([{ unread_count: 0 }]);
    await expectExactRows(acme.uuid);
    accepted(await acme.send('DELETE', `/api/v1/messages/${own.id}?mode=all_participants`));
    accepted(await acme.send('DELETE', `/api/v1/messages/${hidden.id}?mode=all_participants`));
    await expectExactRows(acme.uuid);
  });

  it('refuses a general channel, and answers 404 for who is not in it', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, jane, channel } = await given.pair(acme);
    expectInvalid(await remove(acme, await general(acme, [john, jane]), john), 'id', GENERAL);
    for (const stranger of [await given.customer(acme), await given.customer(other)]) {
      expectMissing(await remove(acme, channel, stranger), 'Customer not found');
    }
  });
});

describe('PATCH /channels/{id}', () => {
  const update = (acme: TestClient, { id }: Channel, body: unknown) =>
    acme.send('PATCH', `/api/v1/channels/${id}`, body);

  it('changes what is given and keeps the rest', async () => {
    const acme = await given.client();
    const { channel } = await given.pair(acme);
    const steps: Array<[unknown, object]> = [
      [{ name: 'Platform' }, { name: 'Platform', metadata: null }],
      [{ metadata: { topic: 'x' } }, { name: 'Platform', metadata: { topic: 'x' } }],
      [{}, { name: 'Platform', metadata: { topic: 'x' } }],
      [{ name: null }, { name: 'Platform', metadata: { topic: 'x' } }],
      [
        { name: 'Team', metadata: null },
        { name: 'Team', metadata: null },
      ],
    ];
    for (const [body, expected] of steps) {
      const reply = await update(acme, channel, body);
      expect({ status: reply.status, body: reply.body }).toEqual({ status: 200, body: { ...channel, ...expected } });
      expect(await get(acme, channel)).toEqual(reply.body);
    }
  });

  it('leaves a general channel its name', async () => {
    const acme = await given.client();
    const [john, jane] = await team(acme, 2);
    const channel = await general(acme, [john!, jane!]);
    const reply = await update(acme, channel, { name: 'Other', metadata: { a: 1 } });
    expect(reply.body).toEqual({ ...channel, metadata: { a: 1 } });
    expect((await general(acme, [jane!, john!])).id).toBe(channel.id);
  });

  it.each([
    ['name', ''],
    ['name', 'x'.repeat(256)],
    ['name', 7],
    ['metadata', []],
    ['type', 'general'],
  ])('refuses %s %j', async (field, value) => {
    const acme = await given.client();
    const { channel } = await given.pair(acme);
    expectInvalid(await update(acme, channel, { [field]: value }), field);
  });

  it('answers 404 for a channel that is not the caller’s', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { channel } = await given.pair(other);
    for (const id of [channel.id, formatId('channel', randomUUID()), 'nonsense']) {
      expectMissing(await acme.send('PATCH', `/api/v1/channels/${id}`, { name: 'Mine' }), 'Channel not found');
    }
    expect(await get(other, channel)).toEqual(channel);
  });
});

describe('A custom channel is found by the name and set that it has now', () => {
  it('after a change of its name or its customers', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const channel = await given.channel(acme, [john, jane], 'Team');
    accepted(await add(acme, channel, [jim.id]));
    expect((await create(acme, 'Team', [jim, jane, john])).body.id).toBe(channel.id);
    accepted(await acme.send('PATCH', `/api/v1/channels/${channel.id}`, { name: 'Platform' }));
    expect((await create(acme, 'Platform', [jim, jane, john])).body.id).toBe(channel.id);
    accepted(await remove(acme, channel, john));
    const found = await create(acme, 'Platform', [jim, jane]);
    expect([found.status, found.body.id]).toEqual([200, channel.id]);
    // What it was once is free.
    for (const [name, people] of [
      ['Team', [john, jane]],
      ['Team', [john, jane, jim]],
      ['Platform', [john, jane, jim]],
    ] as const) {
      expect((await create(acme, name, people)).status).toBe(201);
    }
  });

  it('but the one that was there first keeps being found', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const first = await given.channel(acme, [john, jane], 'Team');
    const renamed = await given.channel(acme, [john, jane], 'Other');
    const smaller = await given.channel(acme, [john, jane, jim], 'Team');
    const again = await given.channel(acme, [john, jane, jim], 'Twin');
    accepted(await acme.send('PATCH', `/api/v1/channels/${renamed.id}`, { name: 'Team' }));
    accepted(await remove(acme, smaller, jim));
    accepted(await acme.send('PATCH', `/api/v1/channels/${again.id}`, { name: 'Team' }));
    accepted(await acme.send('DELETE', `/api/v1/customers/${jim.id}`));
    expect((await create(acme, 'Team', [jane, john])).body.id).toBe(first.id);
    for (const channel of [renamed, smaller, again]) {
      const now = await get(acme, channel);
      expect([now.name, idsOf(now.customers)]).toEqual(['Team', idsOf([john, jane]).sort()]);
    }
    await expectExactRows(acme.uuid);
  });

  it('also after one of its customers is erased', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const channel = await given.channel(acme, [john, jane, jim], 'Team');
    accepted(await acme.send('DELETE', `/api/v1/customers/${jim.id}`));
    expect((await create(acme, 'Team', [john, jane])).body.id).toBe(channel.id);
  });
});
