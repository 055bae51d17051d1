import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { given as givenOn, must, type Customer, type TestClient } from '../support/given.js';
import { expectInvalid, expectMissing } from '../support/refused.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);

const UNKNOWN = 'One or more customers do not exist or do not belong to this client';
const create = (acme: TestClient, body: unknown) => acme.send('POST', '/api/v1/channels', body);
const idsOf = (customers: readonly Customer[]) => customers.map(({ id }) => id);
const referenceTo = ({ object, id, name, email }: Customer) => ({ object, id, name, email });
const team = (acme: TestClient, size: number) =>
  Promise.all(Array.from({ length: size }, (_, at) => given.customer(acme, `Customer ${at}`)));
const countOf = async (acme: TestClient) => must(await acme.api.GET('/api/v1/channels')).total_count;

describe('POST /channels', () => {
  it('makes a custom channel and answers it with its customers', async () => {
    const acme = await given.client();
    const [john, jane] = await team(acme, 2);
    const { data, response } = await acme.api.POST('/api/v1/channels', {
      body: { type: 'custom', name: 'Engineering Team', customer_uuids: [john!.id, jane!.id] },
    });
    expect(response.status).toBe(201);
    expect(data).toEqual({
      object: 'channel',
      id: expect.stringMatching(/^ch_[0-7][\da-hjkmnp-tv-z]{25}$/),
      type: 'custom',
      name: 'Engineering Team',
      metadata: null,
      customers: expect.arrayContaining([referenceTo(john!), referenceTo(jane!)]),
      created: expect.any(Number),
      livemode: false,
    });
    expect(data!.customers).toHaveLength(2);
    const path = { id: data!.id };
    expect(must(await acme.api.GET('/api/v1/channels/{id}', { params: { path } }))).toEqual(data);
  });

  it.each([{}, { name: 'My talk' }, { name: '' }, { name: 42 }, { name: 'x'.repeat(256) }, { name: ['\u0000'] }])(
    'names a general channel "general", whatever name it is given: %j',
    async (fields) => {
      const acme = await given.client();
      const customer_uuids = idsOf(await team(acme, 2));
      const { status, body } = await create(acme, { type: 'general', customer_uuids, ...fields });
      expect({ status, name: body.name, type: body.type }).toEqual({ status: 201, name: 'general', type: 'general' });
    },
  );

  it('reuses the general channel of the same customers in any order', async () => {
    const acme = await given.client();
    const ids = idsOf(await team(acme, 3));
    const first = await create(acme, { type: 'general', customer_uuids: ids });
    expect(first.status).toBe(201);
    for (const order of [ids, ids.toReversed(), [ids[1], ids[2], ids[0]], ids.map((id) => parseId('customer', id))]) {
      const again = await create(acme, { type: 'general', name: 'other', customer_uuids: order });
      expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
    }
    expect(await countOf(acme)).toBe(1);
  });

  it('reuses the custom channel of the same name and customers, in any order', async () => {
    const acme = await given.client();
    const ids = idsOf(await team(acme, 3));
    const first = await create(acme, { type: 'custom', name: 'Team', customer_uuids: ids });
    const again = await create(acme, { type: 'custom', name: 'Team', customer_uuids: ids.toReversed() });
    expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
    expect(await countOf(acme)).toBe(1);
  });

  it('makes a new channel for another name, another set, another type', async () => {
    const acme = await given.client();
    const ids = idsOf(await team(acme, 3));
    const bodies = [
      { type: 'custom', name: 'Team', customer_uuids: ids },
      { type: 'custom', name: 'team', customer_uuids: ids },
      { type: 'custom', name: 'general', customer_uuids: ids },
      { type: 'custom', name: 'Team', customer_uuids: ids.slice(1) },
      { type: 'general', customer_uuids: ids },
      { type: 'general', customer_uuids: ids.slice(1) },
    ];
    const replies = await Promise.all(bodies.map((body) => create(acme, body)));
    expect(replies.map(({ status }) => status)).toEqual(bodies.map(() => 201));
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(bodies.length);
    expect(await countOf(acme)).toBe(bodies.length);
  });

  it('refuses a customer who is unknown, of another tenant, or named twice', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const [john, jane] = idsOf(await team(acme, 2));
    const foreign = await given.customer(other);
    const uuid = parseId('customer', john!)!;
    const lists = [
      [john, formatId('customer', randomUUID())],
      [john, jane, randomUUID()],
      [john, foreign.id],
      [john, parseId('customer', foreign.id)],
      [john, john],
      [john, jane, uuid],
      [uuid, uuid.toUpperCase()],
    ];
    for (const customer_uuids of lists) {
      expectInvalid(await create(acme, { type: 'general', customer_uuids }), 'customer_uuids', UNKNOWN);
      expectInvalid(await create(acme, { type: 'custom', name: 'Team', customer_uuids }), 'customer_uuids', UNKNOWN);
    }
    expect(await countOf(acme)).toBe(0);
  });

  it('takes 2 to 100 customers', async () => {
    const acme = await given.client();
    const ids = idsOf(await team(acme, 101));
    for (const size of [0, 1, 101]) {
      expectInvalid(await create(acme, { type: 'general', customer_uuids: ids.slice(0, size) }), 'customer_uuids');
    }
    for (const size of [2, 100]) {
      const { status, body } = await create(acme, { type: 'general', customer_uuids: ids.slice(0, size) });
      expect(status).toBe(201);
      const members = (body.customers as Customer[]).map(({ id }) => id);
      expect(members.sort()).toEqual(ids.slice(0, size).sort());
    }
  });

  it.each<[string, unknown]>([
    ['type', undefined],
    ['type', 'private'],
    ['type', ['custom']],
    ['name', undefined],
    ['name', null],
    ['name', ''],
    ['name', ' '],
    ['name', 7],
    ['name', 'x'.repeat(256)],
    ['customer_uuids', undefined],
    ['customer_uuids', null],
    ['customer_uuids', 'cus_1'],
    ['customer_uuids', { 0: 'a', 1: 'b' }],
    ['topic', 'Anything'],
  ])('refuses %s %j', async (field, value) => {
    const acme = await given.client();
    const body = { type: 'custom', name: 'Team', customer_uuids: idsOf(await team(acme, 2)), [field]: value };
    expectInvalid(await create(acme, body), field);
  });

  it.each([['cus_nonsense'], [7], [null], [''], [formatId('channel', randomUUID())]])(
    'names the one of the ids that is malformed: %j',
    async (malformed) => {
      const acme = await given.client();
      const [john] = idsOf(await team(acme, 1));
      expectInvalid(await create(acme, { type: 'general', customer_uuids: [john, malformed] }), 'customer_uuids.1');
    },
  );

  it('takes a name of 255 characters', async () => {
    const acme = await given.client();
    const name = '🙂'.repeat(255);
    const { status, body } = await create(acme, { type: 'custom', name, customer_uuids: idsOf(await team(acme, 2)) });
    expect({ status, name: body.name }).toEqual({ status: 201, name });
  });
});

describe('GET /channels/{id}', () => {
  it('takes the bare UUID too', async () => {
    const acme = await given.client();
    const { channel } = await given.pair(acme);
    expect((await acme.send('GET', `/api/v1/channels/${parseId('channel', channel.id)}`)).body).toEqual(channel);
  });

  it('answers 404 for whatever names no channel of the caller', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    for (const id of [formatId('channel', randomUUID()), channel.id, john.id, 'ch_', 'nonsense', '%00']) {
      expectMissing(await acme.send('GET', `/api/v1/channels/${id}`), 'Channel not found');
    }
  });
});

describe('GET /channels', () => {
  it('lists the newest first by creation, whatever is written in them', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    await given.pair(other);
    const { john, jane, channel } = await given.pair(acme);
    const second = await given.channel(acme, [john, jane], 'Second');
    await given.message(acme, channel, john);
    const page = must(await acme.api.GET('/api/v1/channels'));
    expect(page).toEqual({ object: 'list', data: [second, channel], has_more: false, total_count: 2 });
  });
});

describe('GET /channels/customer/{id}', () => {
  it('lists the channels of one customer, the newest first by creation', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const jim = await given.customer(acme);
    const second = await given.channel(acme, [john, jim]);
    await given.channel(acme, [jane, jim]);
    const last_message = await given.message(acme, channel, jane);
    const data = [
      { ...second, unread_count: 0, last_message: null },
      { ...channel, unread_count: 1, last_message },
    ];
    const expected = { object: 'list', data, has_more: false, total_count: 2 };
    const path = { id: john.id };
    expect(must(await acme.api.GET('/api/v1/channels/customer/{id}', { params: { path } }))).toEqual(expected);
    const bare = await acme.send('GET', `/api/v1/channels/customer/${parseId('customer', john.id)}`);
    expect(bare.body).toEqual(expected);
  });

  it('is empty for a customer in no channel', async () => {
    const acme = await given.client();
    const { id } = await given.customer(acme);
    const page = must(await acme.api.GET('/api/v1/channels/customer/{id}', { params: { path: { id } } }));
    expect(page).toEqual({ object: 'list', data: [], has_more: false, total_count: 0 });
  });

  it('answers 404 for whatever names no customer of the caller', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    for (const id of [formatId('customer', randomUUID()), john.id, channel.id, 'nonsense']) {
      expectMissing(await acme.send('GET', `/api/v1/channels/customer/${id}`), 'Customer not found');
    }
  });
});
