import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { accepted, call, given as givenOn, must, type Reply, type TestClient } from '../support/given.js';
import { docUrl } from '../support/refused.js';
import { startServer, useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { beside, sql } from '../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

const CUSTOMERS = '/api/v1/customers';
const newEmail = () => `${randomUUID()}@example.com`;
const newCustomer = () => ({ name: 'John', email: newEmail() });
const post = (acme: TestClient, path: string, key: string, body: unknown) =>
  acme.send('POST', path, body, { 'idempotency-key': key });
const replayed = ({ headers }: Reply) => headers.get('idempotent-replayed');
/** What an answer comes to: its status, and whether it was given before. */
const summary = (reply: Reply) => [reply.status, replayed(reply)];
const countOf = async (acme: TestClient) => must(await acme.api.GET(CUSTOMERS)).total_count;

function expectReused(reply: Reply): void {
  expect({ status: reply.status, body: reply.body }).toEqual({
    status: 422,
    body: {
      message: 'The given data was invalid.',
      errors: { 'Idempotency-Key': [expect.any(String)] },
      code: 'idempotency_key_reused',
      doc_url: docUrl('idempotency_key_reused'),
      request_id: expect.any(String),
    },
  });
  expect(replayed(reply)).toBeNull();
}

describe('the same key and the same request', () => {
  it('replays the stored answer, byte for byte, and says so', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const text = { type: 'text', content: 'Hé 🙂', metadata: { z: 1, a: [1.0, { y: 2, b: 3 }] } };
    const posts: ReadonlyArray<readonly [path: string, body: object]> = [
      [CUSTOMERS, newCustomer()],
      ['/api/v1/channels', { type: 'general', customer_uuids: [john.id, jane.id] }],
      ['/api/v1/messages', { channel_uuid: channel.id, sender_uuid: john.id, ...text }],
      ['/api/v1/messages/send-to-customer', { sender_email: jane.email, recipient_email: john.email, ...text }],
    ];
    for (const [path, body] of posts) {
      const key = randomUUID();
      const first = await post(acme, path, key, body);
      expect(summary(first)).toEqual([201, null]);
      for (let again = 0; again < 2; again += 1) {
        const reply = await post(acme, path, key, body);
        expect(summary(reply)).toEqual([201, 'true']);
        expect(reply.text).toBe(first.text);
        expect(reply.headers.get('content-type')).toBe(first.headers.get('content-type'));
      }
    }
    const path = { id: channel.id };
    expect(must(await acme.api.GET('/api/v1/messages/channel/{id}', { params: { path } })).total_count).toBe(1);
  });

  it('replays a 201 as 201 though the customer exists by now, and a 200 as 200', async () => {
    const acme = await given.client();
    const body = newCustomer();
    accepted(await post(acme, CUSTOMERS, 'new', body));
    expect(summary(await post(acme, CUSTOMERS, 'existing', body))).toEqual([200, null]);
    expect(summary(await post(acme, CUSTOMERS, 'existing', body))).toEqual([200, 'true']);
    expect(summary(await post(acme, CUSTOMERS, 'new', body))).toEqual([201, 'true']);
  });

  it('does not care for the order of the keys in JSON, nor for white space', async () => {
    const acme = await given.client();
    const { name, email } = newCustomer();
    const written = { name, email, metadata: { a: 1, b: { c: 2, d: 3 } } };
    const first = await post(acme, CUSTOMERS, 'k', written);
    const other = `{ "metadata": {"b":{"d":3, "c":2},\n"a":1},"email":"${email}", "name":"${name}"}`;
    const again = await post(acme, CUSTOMERS, 'k', other);
    expect(summary(again)).toEqual([201, 'true']);
    expect(again.text).toBe(first.text);
  });

  it('keeps what the service refused, its request id included', async () => {
    const acme = await given.client();
    const { channel, john } = await given.pair(acme);
    const text = { type: 'text', content: 'Hello' };
    const stranger = newEmail();
    const toStranger = { sender_email: john.email, recipient_email: stranger, ...text };
    const missing = await post(acme, '/api/v1/messages/send-to-customer', 'missing', toStranger);
    expect(summary(missing)).toEqual([404, null]);
    const jim = await given.customer(acme);
    const outside = { channel_uuid: channel.id, sender_uuid: jim.id, ...text };
    const invalid = await post(acme, '/api/v1/messages', 'invalid', outside);
    expect(summary(invalid)).toEqual([422, null]);

    // By now it would succeed.
    accepted(await acme.send('POST', CUSTOMERS, { name: 'Stranger', email: stranger }));
    const again = await post(acme, '/api/v1/messages/send-to-customer', 'missing', toStranger);
    expect([...summary(again), again.text]).toEqual([404, 'true', missing.text]);
    const still = await post(acme, '/api/v1/messages', 'invalid', outside);
    expect([...summary(still), still.text]).toEqual([422, 'true', invalid.text]);
    expect(summary(await post(acme, '/api/v1/messages/send-to-customer', 'new', toStranger))).toEqual([201, null]);
  });
});

describe('the same key and another request', () => {
  it('refuses another body and another path, and changes nothing', async () => {
    const acme = await given.client();
    const body = newCustomer();
    const first = await post(acme, CUSTOMERS, 'k', body);
    expectReused(await post(acme, CUSTOMERS, 'k', { ...body, name: 'Jack' }));
    expectReused(await post(acme, CUSTOMERS, 'k', newCustomer()));
    const { channel, john } = await given.pair(acme);
    const message = { channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content: 'Hello' };
    expectReused(await post(acme, '/api/v1/messages', 'k', message));
    expect(await countOf(acme)).toBe(3);
    const again = await post(acme, CUSTOMERS, 'k', body);
    expect([...summary(again), again.text]).toEqual([201, 'true', first.text]);
  });

  it('is no business of another tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const body = newCustomer();
    const mine = await post(acme, CUSTOMERS, 'k', body);
    const theirs = await post(other, CUSTOMERS, 'k', body);
    expect(summary(theirs)).toEqual([201, null]);
    expect(theirs.body.id).not.toBe(mine.body.id);
    expect(summary(await post(other, CUSTOMERS, 'k', newCustomer()))).toEqual([422, null]);
    expect((await post(acme, CUSTOMERS, 'k', body)).text).toBe(mine.text);
  });
});

describe('what is not stored', () => {
  it('forgets a validation 422, a 413, a 415 and malformed JSON', async () => {
    const acme = await given.client();
    const key = { 'idempotency-key': 'k' };
    const body = newCustomer();
    const refused = [
      await post(acme, CUSTOMERS, 'k', { ...body, email: 'nobody' }),
      await post(acme, '/api/v1/channels', 'k', { type: 'custom', customer_uuids: [randomUUID(), randomUUID()] }),
      await post(acme, CUSTOMERS, 'k', { ...body, metadata: { x: randomBytes(200_000).toString('hex') } }),
      await acme.send('POST', CUSTOMERS, 'name=John', { ...key, 'content-type': 'application/x-www-form-urlencoded' }),
      await post(acme, CUSTOMERS, 'k', '{"name":'),
    ];
    expect(refused.map(summary)).toEqual([422, 422, 413, 415, 400].map((status) => [status, null]));
    expect(summary(await post(acme, CUSTOMERS, 'k', body))).toEqual([201, null]);
  });

  it('forgets a 401 and a 403', async () => {
    const acme = await given.client();
    const body = newCustomer();
    const keys = `${server.url}/admin/v1/clients/${acme.id}/keys`;
    const narrow = { name: 'narrow', scopes: ['customers:read'] };
    const made = await call(keys, 'POST', narrow, { authorization: `Bearer ${ADMIN_KEY}` });
    const as = (secret: string) =>
      acme.send('POST', CUSTOMERS, body, { 'idempotency-key': 'k', authorization: `Bearer ${secret}` });
    expect(summary(await as('sk_test_nonsense'))).toEqual([401, null]);
    expect(summary(await as(made.body.secret_key))).toEqual([403, null]);
    expect(summary(await post(acme, CUSTOMERS, 'k', body))).toEqual([201, null]);
    // Nor does a stored answer open the door.
    expect(summary(await as('sk_test_nonsense'))).toEqual([401, null]);
    expect(summary(await as(made.body.secret_key))).toEqual([403, null]);
  });

  it('forgets a 429', async () => {
    const acme = await given.client();
    const body = newCustomer();
    const limited = await startServer({ RATE_LIMIT: '1' });
    const ask = () => call(`${limited.url}${CUSTOMERS}`, 'POST', body, { ...acme.headers, 'idempotency-key': 'k' });
    const spend = () => call(`${limited.url}${CUSTOMERS}`, 'GET', undefined, acme.headers);
    try {
      await Promise.all([spend(), spend(), spend()]);
      expect(summary(await ask())).toEqual([429, null]);
    } finally {
      await limited.stop();
    }
    expect(summary(await post(acme, CUSTOMERS, 'k', body))).toEqual([201, null]);
  });
});

describe('a malformed Idempotency-Key', () => {
  it.each(['', 'é', 'a\tb', 'x'.repeat(256)])('is 400: %j', async (key) => {
    const acme = await given.client();
    const reply = await post(acme, CUSTOMERS, key, newCustomer());
    expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 400, code: 'malformed' });
    expect(await countOf(acme)).toBe(0);
  });

  it.each(['x', '!~[]{}:;', 'x'.repeat(255)])('is not %j', async (key) => {
    const acme = await given.client();
    const body = newCustomer();
    expect(summary(await post(acme, CUSTOMERS, key, body))).toEqual([201, null]);
    expect(summary(await post(acme, CUSTOMERS, key, body))).toEqual([201, 'true']);
  });

  it.each([[['a', 'b']], [['a', 'a']]])('is 400 when it is given twice: %j', async (keys) => {
    const acme = await given.client();
    const { port } = server;
    const headers = { ...acme.headers, 'content-type': 'application/json', 'idempotency-key': keys };
    const options = { port, host: '127.0.0.1', path: CUSTOMERS, method: 'POST', headers };
    const status = await new Promise((resolve, reject) => {
      const asked = request(options, (answer) => resolve(answer.resume().statusCode));
      asked.on('error', reject).end(JSON.stringify(newCustomer()));
    });
    expect(status).toBe(400);
    expect(await countOf(acme)).toBe(0);
  });
});

describe('in time', () => {
  const aged = (acme: TestClient, interval: string) =>
    sql('UPDATE idempotency_keys SET created_at = now() - $2::interval WHERE client_id = $1', acme.uuid, interval);

  it('keeps an answer for 24 hours, after which the key is free', async () => {
    const acme = await given.client();
    const [body, other] = [newCustomer(), newCustomer()];
    const first = await post(acme, CUSTOMERS, 'k', body);
    await aged(acme, '23 hours 59 minutes');
    expect(summary(await post(acme, CUSTOMERS, 'k', body))).toEqual([201, 'true']);
    expectReused(await post(acme, CUSTOMERS, 'k', other));
    await aged(acme, '24 hours 1 second');
    const fresh = await post(acme, CUSTOMERS, 'k', other);
    expect(summary(fresh)).toEqual([201, null]);
    expect(fresh.body.id).not.toBe(first.body.id);
    const again = await post(acme, CUSTOMERS, 'k', other);
    expect([...summary(again), again.text]).toEqual([201, 'true', fresh.text]);
    expectReused(await post(acme, CUSTOMERS, 'k', body));
  });

  it('answers 409 after 3 seconds where a request with the key is still running, and waits less for one that ends', async () => {
    const acme = await given.client();
    const body = newCustomer();
    await beside(async (connection) => {
      await connection.query('BEGIN');
      const claim = 'INSERT INTO idempotency_keys (client_id, key, fingerprint) VALUES ($1, $2, $3)';
      await connection.query(claim, [acme.uuid, 'k', Buffer.alloc(32)]);
      const start = performance.now();
      const reply = await post(acme, CUSTOMERS, 'k', body);
      const waited = performance.now() - start;
      expect({ status: reply.status, code: reply.body.code, retry: reply.headers.get('retry-after') }).toEqual({
        status: 409,
        code: 'idempotency_key_in_use',
        retry: '1',
      });
      expect(waited).toBeGreaterThan(2_500);
      expect(waited).toBeLessThan(30_000);

      const waiting = post(acme, CUSTOMERS, 'k', body);
      const blocked = `SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))`;
      while ((await connection.query(blocked)).rowCount === 0) {
        // The request has not come to the key yet.
      }
      await connection.query('ROLLBACK');
      expect(summary(await waiting)).toEqual([201, null]);
    });
    expect(await countOf(acme)).toBe(1);
  });
});

describe('the key and the effect', () => {
  const keysOf = (acme: TestClient) =>
    sql('SELECT key, status FROM idempotency_keys WHERE client_id = $1 ORDER BY key', acme.uuid);

  it('are there together after success, and without effect after a refusal', async () => {
    const acme = await given.client();
    const { john } = await given.pair(acme);
    accepted(await post(acme, CUSTOMERS, 'good', newCustomer()));
    const body = { type: 'general', customer_uuids: [john.id, randomUUID()] };
    expect((await post(acme, '/api/v1/channels', 'bad', body)).status).toBe(422);
    expect(await keysOf(acme)).toEqual([
      { key: 'bad', status: 422 },
      { key: 'good', status: 201 },
    ]);
    expect(await countOf(acme)).toBe(3);
    expect(must(await acme.api.GET('/api/v1/channels')).total_count).toBe(1);
  });

  it('are both gone where the database gave up in between', async () => {
    const acme = await given.client();
    const body = newCustomer();
    await beside(async (connection) => {
      await connection.query('BEGIN');
      const taken = 'INSERT INTO customers (client_id, id, name, email) VALUES ($1, $2, $3, $4)';
      await connection.query(taken, [acme.uuid, randomUUID(), 'In between', body.email]);
      // The key is claimed; the effect waits for that e-mail until lock_timeout.
      expect(summary(await post(acme, CUSTOMERS, 'k', body))).toEqual([503, null]);
      await connection.query('ROLLBACK');
    });
    expect(await keysOf(acme)).toEqual([]);
    expect(await countOf(acme)).toBe(0);
    expect(summary(await post(acme, CUSTOMERS, 'k', body))).toEqual([201, null]);
  });
});
