import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import type { CustomersService } from '../../src/customers/customers.service.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn, type TestClient } from '../support/given.js';
import { expectInvalid, expectMissing } from '../support/refused.js';
import { startServer, useServer } from '../support/server.js';
import { sql } from '../support/sql.js';

const server = useServer(startServer);
const given = givenOn(() => server);

const TAKEN = 'The external_id has already been taken.';
const newEmail = () => `${randomUUID()}@example.com`;
const create = (acme: TestClient, more: object, headers?: Record<string, string>) =>
  acme.send('POST', '/api/v1/customers', { name: 'John', email: newEmail(), ...more }, headers);
const change = (acme: TestClient, { id }: { id: string }, body: object) =>
  acme.send('PATCH', `/api/v1/customers/${id}`, body);
const list = (acme: TestClient, query: string) => acme.send('GET', `/api/v1/customers?${query}`);
const tenantOf = ({ uuid }: TestClient) => ({ clientId: uuid, livemode: false });

describe('An external id', () => {
  it('is given and changed, and shown only where there is one', async () => {
    const acme = await given.client();
    const [one, two] = [(await create(acme, { external_id: 'user/1 ☺' })).body, (await create(acme, {})).body];
    expect([one.external_id, 'external_id' in two]).toEqual(['user/1 ☺', false]);
    expect((await change(acme, two, { external_id: '2' })).body).toEqual({ ...two, external_id: '2' });
    expect((await change(acme, two, { name: 'Jane', external_id: null })).body).toMatchObject({ external_id: '2' });
    expect((await change(acme, two, { external_id: '2' })).status).toBe(200);
    expect((await acme.send('GET', `/api/v1/customers/${one.id}`)).body).toEqual(one);
    expect((await list(acme, '')).body.data).toEqual([{ ...two, name: 'Jane', external_id: '2' }, one]);
  });

  it('is one customer’s of a tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { body: first } = await create(acme, { external_id: 'x' });
    const { body: second } = await create(acme, {});
    expectInvalid(await create(acme, { external_id: 'x' }), 'external_id', TAKEN);
    expectInvalid(await change(acme, second, { external_id: 'x', name: 'Jane' }), 'external_id', TAKEN);
    expect((await acme.send('GET', `/api/v1/customers/${second.id}`)).body).toEqual(second);
    expectInvalid(await change(acme, second, { external_id: 'y', email: first.email }), 'email');
    expect((await create(other, { external_id: 'x' })).status).toBe(201);
    // It is as exact as it was given.
    expect((await create(acme, { external_id: 'X' })).status).toBe(201);
    await expectExactRows(acme.uuid);
  });

  it('does not change a customer whose e-mail is taken', async () => {
    const acme = await given.client();
    const email = newEmail();
    const { body: first } = await create(acme, { email, external_id: 'x' });
    accepted(await create(acme, { external_id: 'y' }));
    for (const external_id of ['x', 'z', null]) {
      const { status, body } = await create(acme, { email, external_id });
      expect([status, body]).toEqual([200, first]);
    }
    expectInvalid(await create(acme, { email, external_id: 'y' }), 'external_id', TAKEN);
    expectInvalid(await create(acme, { email, external_id: 'y' }, { 'idempotency-key': 'key' }), 'external_id', TAKEN);
    await expectExactRows(acme.uuid);
  });

  it('lets one of twenty have it that all want at once', async () => {
    const acme = await given.client();
    const replies = await Promise.all(Array.from({ length: 20 }, () => create(acme, { external_id: 'x' })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(422)]);
    await expectExactRows(acme.uuid);
  });

  it.each(['', ' ', 'x'.repeat(256), 7, ['x'], 'a\u0000b', '\ud800'])('is refused as %j', async (external_id) => {
    const acme = await given.client();
    expectInvalid(await create(acme, { external_id }), 'external_id');
    expectInvalid(await change(acme, await given.customer(acme), { external_id }), 'external_id');
  });

  it('finds its customer in the list', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { body: one } = await create(acme, { external_id: 'a&b' });
    accepted(await create(acme, { external_id: 'b' }));
    accepted(await create(other, { external_id: 'a&b' }));
    const found = { object: 'list', data: [one], has_more: false, total_count: 1 };
    expect((await list(acme, 'external_id=a%26b')).body).toEqual(found);
    expect((await list(acme, 'external_id=a%26b&limit=1')).body).toEqual(found);
    expect((await list(acme, `external_id=a%26b&starting_after=${one.id}`)).body).toEqual({ ...found, data: [] });
    expect((await list(acme, 'external_id=c')).body).toEqual({ ...found, data: [], total_count: 0 });
    expectInvalid(await list(acme, `external_id=b&starting_after=${one.id}`), 'starting_after');
    expectInvalid(await list(acme, 'external_id='), 'external_id');
  });

  it('is free again once its customer is erased', async () => {
    const acme = await given.client();
    const { body } = await create(acme, { external_id: 'x' });
    accepted(await acme.send('DELETE', `/api/v1/customers/${body.id}`));
    expect((await create(acme, { external_id: 'x' })).status).toBe(201);
  });
});

describe('Those whom other systems know', () => {
  const customers = () => server.get<CustomersService>('CustomersService');

  it('are found, or made, once', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { body: known } = await create(acme, { external_id: 'known' });
    const tenant = tenantOf(acme);
    const found = await customers().resolve(tenant, ['new', 'known', 'new']);
    expect([...found.keys()].sort()).toEqual(['known', 'new']);
    expect(found.get('known')).toMatchObject({ id: parseId('customer', known.id), name: 'John' });
    expect(found.get('new')).toMatchObject({ externalId: 'new', name: 'new', email: null, profile: null });
    const again = await customers().resolve(tenant, ['new', 'known']);
    expect(['new', 'known'].map((name) => again.get(name)!.id === found.get(name)!.id)).toEqual([true, true]);
    expect((await customers().resolve(tenant, [])).size).toBe(0);
    const elsewhere = await customers().resolve(tenantOf(other), ['known']);
    expect(elsewhere.get('known')!.id).not.toBe(found.get('known')!.id);
    expect((await list(acme, 'external_id=new')).body.data).toMatchObject([{ name: 'new', email: null }]);
    await expectExactRows(acme.uuid);
  });

  it('are made once, however many ask for them at once, and in whatever order', async () => {
    const acme = await given.client();
    const names = Array.from({ length: 10 }, (_, at) => `user ${at}`);
    const asked = Array.from({ length: 20 }, (_, at) => (at % 2 ? names : names.toReversed()));
    const maps = await Promise.all(asked.map((ids) => customers().resolve(tenantOf(acme), ids)));
    const ids = maps.map((map) => names.map((name) => map.get(name)!.id));
    ids.forEach((one) => expect(one).toEqual(ids[0]));
    expect(new Set(ids[0]).size).toBe(10);
    await expectExactRows(acme.uuid);
  });

  it('are events as others are, where somebody listens', async () => {
    const acme = await given.client();
    await sql('INSERT INTO listeners (client_id, id) VALUES ($1, $2)', acme.uuid, randomUUID());
    await customers().resolve(tenantOf(acme), ['a', 'b']);
    const { id } = (await customers().resolve(tenantOf(acme), ['a'])).get('a')!;
    await customers().updateProfile(tenantOf(acme), id, { name: 'Ann' });
    await customers().updateProfile(tenantOf(acme), id, { name: 'Ann' });
    expect(await sql('SELECT type FROM events WHERE client_id = $1 AND is_public ORDER BY seq', acme.uuid)).toEqual([
      { type: 'customer.created' },
      { type: 'customer.created' },
      { type: 'customer.updated' },
    ]);
  });

  it.each(['', 'x'.repeat(256), 'a\u0000b', '\ud800'])('are not called %j', async (name) => {
    const acme = await given.client();
    await expect(customers().resolve(tenantOf(acme), ['fine', name])).rejects.toMatchObject({ kind: 'invalid' });
    expect((await list(acme, '')).body.total_count).toBe(0);
  });

  it('are found by their external id first, then by their own', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const [plain, named, foreign] = [
      await given.customer(acme),
      await given.customer(acme),
      await given.customer(other),
    ];
    const uuid = parseId('customer', plain.id)!;
    // Somebody is called as another's id is written.
    accepted(await change(acme, named, { external_id: plain.id }));
    const asked = [plain.id, uuid, uuid.toUpperCase(), named.id, foreign.id, formatId('customer', randomUUID()), 'who'];
    const found = await customers().findByUserIds(tenantOf(acme), asked);
    expect(Object.fromEntries([...found].map(([userId, { id }]) => [userId, formatId('customer', id)]))).toEqual({
      [plain.id]: named.id,
      [uuid]: plain.id,
      [uuid.toUpperCase()]: plain.id,
      [named.id]: named.id,
    });
    expect((await customers().findByUserIds(tenantOf(acme), [])).size).toBe(0);
  });

  it('have a profile, which stays until it is changed', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { id } = (await customers().resolve(tenantOf(acme), ['x'])).get('x')!;
    const update = (of: TestClient, to: Parameters<CustomersService['updateProfile']>[2]) =>
      customers().updateProfile(tenantOf(of), id, to);
    const profile = { first_name: 'Ann', avatar_url: 'https://example.com/ann.png' };
    expect(await update(acme, { name: 'Ann', profile })).toMatchObject({ name: 'Ann', profile });
    expect(await update(acme, { name: 'Anna' })).toMatchObject({ name: 'Anna', profile, lastSeenAt: null });
    expect(await update(acme, { profile: {} })).toMatchObject({ name: 'Anna', profile: {} });
    await expect(update(other, { name: 'Eve' })).rejects.toMatchObject({ kind: 'not_found' });
    expectMissing(await acme.send('GET', `/api/v1/customers/${randomUUID()}`), 'Customer not found');
    expect((await list(acme, 'external_id=x')).body.data[0]).not.toHaveProperty('profile');
  });
});
