import { randomInt, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn, type TestClient } from '../support/given.js';
import { expectInvalid } from '../support/refused.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);

const TAKEN = 'The phone has already been taken.';
const newPhone = () => `+1415${randomInt(1_000_000, 9_999_999)}`;
const newEmail = () => `${randomUUID()}@example.com`;
const create = (acme: TestClient, body: object) => acme.send('POST', '/api/v1/customers', { name: 'John', ...body });
const change = (acme: TestClient, { id }: { id: string }, body: object) =>
  acme.send('PATCH', `/api/v1/customers/${id}`, body);
const list = (acme: TestClient, query: object) =>
  acme.send('GET', `/api/v1/customers?${new URLSearchParams({ ...query }).toString()}`);

describe('A phone number', () => {
  it('is enough to make a customer, and shown only where there is one', async () => {
    const acme = await given.client();
    const phone = newPhone();
    const made = await create(acme, { phone });
    expect([made.status, made.body.phone, made.body.email, 'kind' in made.body]).toEqual([201, phone, null, false]);
    expect('phone' in (await given.customer(acme))).toBe(false);
    const again = await create(acme, { phone, name: 'Jane' });
    expect([again.status, again.body]).toEqual([200, made.body]);
    await expectExactRows(acme.uuid);
  });

  it('is one customer’s of a tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const phone = newPhone();
    const email = newEmail();
    const { body: first } = accepted(await create(acme, { phone, email }));
    const { body: second } = accepted(await create(acme, { email: newEmail() }));
    expectInvalid(await create(acme, { phone, email: newEmail() }), 'phone', TAKEN);
    expectInvalid(await create(acme, { phone, email: second.email }), 'phone', TAKEN);
    expectInvalid(await change(acme, second, { phone, name: 'Jane' }), 'phone', TAKEN);
    expect((await create(acme, { phone, email })).body).toEqual(first);
    expect((await create(acme, { phone: newPhone(), email })).body).toEqual(first);
    expect((await create(other, { phone })).status).toBe(201);
    await expectExactRows(acme.uuid);
  });

  it('is changed, and finds who has it', async () => {
    const acme = await given.client();
    const phone = newPhone();
    const { body: one } = accepted(await create(acme, { phone }));
    const { body: two } = accepted(await create(acme, { email: newEmail() }));
    expect((await change(acme, two, { phone: newPhone(), email: newEmail() })).status).toBe(200);
    const next = newPhone();
    expect((await change(acme, two, { phone: next })).body.phone).toBe(next);
    expect((await list(acme, { phone })).body).toEqual({
      object: 'list',
      data: [one],
      has_more: false,
      total_count: 1,
    });
    expect((await list(acme, { phone: next, email: newEmail() })).body.data).toEqual([]);
    expect((await list(acme, { phone: newPhone() })).body.data).toEqual([]);
  });

  it('is in international format', async () => {
    const acme = await given.client();
    for (const phone of [
      '4155552671',
      '+0155552671',
      '+1 415 555',
      '+1５００5550006',
      '+',
      `+1${'5'.repeat(15)}`,
      1,
      '',
    ]) {
      expectInvalid(await create(acme, { phone, email: newEmail() }), 'phone');
    }
    expectInvalid(await create(acme, {}), 'email', 'The email field is required.');
    expectInvalid(await create(acme, { phone: null }), 'email', 'The email field is required.');
    expectInvalid(await list(acme, { phone: '1' }), 'phone');
  });
});
