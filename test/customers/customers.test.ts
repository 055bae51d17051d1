import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { given as givenOn, must, type Customer, type TestClient } from '../support/given.js';
import { expectInvalid, expectMissing } from '../support/refused.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);

const newEmail = () => `${randomUUID()}@example.com`;
const create = (acme: TestClient, body: unknown) => acme.send('POST', '/api/v1/customers', body);

describe('POST /customers', () => {
  it('stores a new customer and answers 201', async () => {
    const acme = await given.client();
    const email = newEmail();
    const metadata = { department: 'Engineering', tags: ['a', { b: null }], constructor: 'kept', __proto: 1.5 };
    const { data, response } = await acme.api.POST('/api/v1/customers', {
      body: { name: 'John Doe', email, metadata },
    });
    expect(response.status).toBe(201);
    expect(data).toEqual({
      object: 'customer',
      id: expect.stringMatching(/^cus_[0-7][\da-hjkmnp-tv-z]{25}$/),
      name: 'John Doe',
      email,
      metadata,
      created: expect.any(Number),
      livemode: false,
    });
    expect(Math.abs(data!.created - Date.now() / 1000)).toBeLessThan(60);
    const path = { id: data!.id };
    expect(must(await acme.api.GET('/api/v1/customers/{id}', { params: { path } }))).toEqual(data);
  });

  it('says livemode of a live client', async () => {
    const acme = await given.client({ livemode: true });
    expect(await given.customer(acme)).toMatchObject({ livemode: true });
  });

  it('answers the existing customer, unchanged, with 200 when the e-mail is taken', async () => {
    const acme = await given.client();
    const email = newEmail();
    const first = await create(acme, { name: 'John', email, metadata: { a: 1 } });
    const again = await create(acme, { name: 'Jack', email: ` ${email.toUpperCase()}\t`, metadata: { b: 2 } });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    const all = must(await acme.api.GET('/api/v1/customers'));
    expect(all).toEqual({ object: 'list', data: [first.body], has_more: false, total_count: 1 });
  });

  it('trims and lower-cases the e-mail', async () => {
    const acme = await given.client();
    const { status, body } = await create(acme, { name: 'John', email: '  John.DOE@Example.COM\n' });
    expect({ status, email: body.email }).toEqual({ status: 201, email: 'john.doe@example.com' });
  });

  it('knows an e-mail per tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const body = { name: 'John', email: newEmail() };
    const replies = [await create(acme, body), await create(other, body)];
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
    expect(replies[0]!.body.id).not.toBe(replies[1]!.body.id);
  });

  it.each([[{}], [{ metadata: null }]])('answers metadata null for %j', async (extra) => {
    const acme = await given.client();
    expect((await create(acme, { name: 'John', email: newEmail(), ...extra })).body.metadata).toBeNull();
  });

  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
  const nested = (depth: number): object => (depth === 1 ? {} : { in: nested(depth - 1) });
  // {"x":"…"} is eight bytes around the text.
  const bytes = (count: number) => ({ x: 'é'.repeat((count - 8) / 2) });

  it.each([
    ['255 characters', { name: '🙂'.repeat(255) }],
    ['an e-mail of 255', { email: longEmail(255) }],
    ['50 keys', { metadata: keys(50) }],
    ['nesting of 5', { metadata: nested(5) }],
    ['16 KB', { metadata: bytes(16 * 1024) }],
  ])('takes %s', async (_, fields) => {
    const acme = await given.client();
    const reply = await create(acme, { name: 'John', email: newEmail(), ...fields });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject(fields);
  });

  it.each<[string, unknown]>([
    ['name', undefined],
    ['name', null],
    ['name', ''],
    ['name', ' \u00a0'],
    ['name', 7],
    ['name', 'x'.repeat(256)],
    ['name', 'a\u0000'],
    ['name', '\ud800'],
    ['email', undefined],
    ['email', null],
    ['email', ''],
    ['email', 'john'],
    ['email', 'john@'],
    ['email', ['john@example.com']],
    ['email', longEmail(256)],
    ['email', `${'a'.repeat(65)}@example.com`],
    ['email', `john@${'a'.repeat(64)}.com`],
    ['metadata', []],
    ['metadata', 'text'],
    ['metadata', keys(51)],
    ['metadata', nested(6)],
    ['metadata', bytes(16 * 1024 + 2)],
    ['metadata', { a: ['\u0000'] }],
    ['nickname', 'Johnny'],
  ])('refuses %s %j', async (field, value) => {
    const acme = await given.client();
    expectInvalid(await create(acme, { name: 'John', email: newEmail(), [field]: value }), field);
    expect(must(await acme.api.GET('/api/v1/customers')).total_count).toBe(0);
  });
});

describe('GET /customers/{id}', () => {
  it('takes the bare UUID too', async () => {
    const acme = await given.client();
    const john = await given.customer(acme);
    const reply = await acme.send('GET', `/api/v1/customers/${parseId('customer', john.id)}`);
    expect(reply.body).toEqual(john);
  });

  it('answers 404 for whatever names no customer of the caller', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    const ids = [formatId('customer', randomUUID()), john.id, parseId('customer', john.id)!, channel.id, 'cus_', 'x'];
    for (const id of ids) {
      expectMissing(await acme.send('GET', `/api/v1/customers/${id}`), 'Customer not found');
    }
  });
});

describe('GET /customers', () => {
  it('lists the newest first, of this tenant only', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    await given.customer(other);
    const made = [await given.customer(acme), await given.customer(acme), await given.customer(acme)];
    const page = must(await acme.api.GET('/api/v1/customers'));
    expect(page).toEqual({ object: 'list', data: made.reverse(), has_more: false, total_count: 3 });
  });
});

describe('GET /customers?email=', () => {
  const list = (of: Pick<TestClient, 'send'>, query: string) => of.send('GET', `/api/v1/customers?${query}`);

  it('finds the one customer of this tenant who has it, however it is typed', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const make = async (of: TestClient, email: string, external_id: string) => {
      const made = await of.send('POST', '/api/v1/customers', { name: 'John', email, external_id });
      expect(made.status).toBe(201);
      return made.body as Customer;
    };
    const john = await make(acme, 'john+1@example.com', 'x');
    await make(acme, 'jane@example.com', 'y');
    await make(other, 'john+1@example.com', 'x');
    const found = { object: 'list', data: [john], has_more: false, total_count: 1 };
    const nobody = { ...found, data: [], total_count: 0 };
    for (const email of ['john%2B1@example.com', '%20JOHN%2B1@Example.com%20']) {
      expect((await list(acme, `email=${email}`)).body).toEqual(found);
    }
    expect((await list(acme, 'email=john%2B1@example.com&external_id=x')).body).toEqual(found);
    expect((await list(acme, 'email=john%2B1@example.com&external_id=y')).body).toEqual(nobody);
    expect((await list(acme, 'email=jim@example.com')).body).toEqual(nobody);
    for (const cursor of ['starting_after', 'ending_before']) {
      const beyond = await list(acme, `email=john%2B1@example.com&${cursor}=${john.id}`);
      expect(beyond.body).toEqual({ ...found, data: [] });
      expectInvalid(await list(acme, `email=jane@example.com&${cursor}=${john.id}`), cursor);
    }
    for (const email of ['', 'john', 'a@b.c&email=d@e.f']) {
      expectInvalid(await list(acme, `email=${email}`), 'email');
    }
  });

  it('tells nobody whose e-mail it is who may not read customers', async () => {
    const narrow = await given.client({ scopes: ['customers:write', 'channels:read', 'messages:read'] });
    const john = await given.customer(narrow);
    expect(await answers(narrow, john.email!)).toEqual([403, 403]);
    const acme = await given.client();
    const [jane, jim] = [await given.customer(acme), await given.customer(acme)];
    expect(await answers(await given.session(acme, jane), jim.email!)).toEqual([403, 403]);
  });

  /** To who has it, and to an e-mail that nobody has. */
  const answers = (who: Pick<TestClient, 'send'>, email: string) =>
    Promise.all(
      [email, 'nobody@example.com'].map(async (one) => (await list(who, `email=${encodeURIComponent(one)}`)).status),
    );
});

/** The longest parts that RFC 1035 allows, filled up to `length`. */
function longEmail(length: number): string {
  const start = `${randomUUID().replaceAll('-', '').padEnd(64, 'a')}@${'b'.repeat(63)}.${'c'.repeat(63)}.`;
  return `${start}${'d'.repeat(length - start.length - '.com'.length)}.com`;
}
