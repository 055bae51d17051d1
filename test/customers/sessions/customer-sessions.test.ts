import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { makeKey } from '../../../src/clients/key-format.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { accepted, call, given as givenOn, type Customer, type Reply, type TestClient } from '../../support/given.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';
import { sql } from '../../support/sql.js';
import { operations } from '../../support/truth.js';

const server = useServer();
const other = useServer();
const given = givenOn(() => server);

const UNKNOWN = 'cus_01h455vb4pex5vsknk084sn02q';
const sessionsOf = ({ id }: { readonly id: string }): string => `/api/v1/customers/${id}/sessions`;
/** A route that is open to no session, so that 403 says "you are known" and 401 "you are not". */
const CLOSED = '/api/v1/customers';
const NOT_FOR_SESSIONS = 'Forbidden - Not allowed for a customer session';
const ask = (token: string, headers: Record<string, string> = {}, to = server): Promise<Reply> =>
  call(`${to.url}${CLOSED}`, 'GET', undefined, {
    authorization: `Bearer ${token}`,
    origin: 'https://example.com',
    ...headers,
  });
const told = async (reply: Promise<Reply>): Promise<[number, string]> => {
  const { status, body } = await reply;
  return [status, body.error];
};
const KNOWN = [403, NOT_FOR_SESSIONS];
const INVALID_TOKEN = [401, 'Unauthorized - Invalid token for this client'];

describe('A customer session', () => {
  it.each([
    [{}, 86_400],
    [{ expires_in: null }, 86_400],
    [{ expires_in: 60 }, 60],
    [{ expires_in: 2_592_000 }, 2_592_000],
  ])('of %j', async (body, seconds) => {
    for (const livemode of [false, true]) {
      const acme = await given.client({ livemode });
      const john = await given.customer(acme);
      const before = Math.floor(Date.now() / 1_000);
      const made = await acme.send('POST', sessionsOf(john), body);
      expect([made.status, made.body]).toEqual([
        201,
        {
          object: 'customer_session',
          id: expect.stringMatching(/^cs_[0-7][\da-hjkmnp-tv-z]{25}$/),
          customer_id: john.id,
          token: expect.stringMatching(livemode ? /^cst_live_[\dA-Za-z]{38}$/ : /^cst_test_[\dA-Za-z]{38}$/),
          expires_at: made.body.created + seconds,
          created: expect.any(Number),
          livemode,
        },
      ]);
      expect(made.body.created).toBeGreaterThanOrEqual(before);
    }
  });

  it('is made without a body too', async () => {
    const acme = await given.client();
    expect((await acme.send('POST', sessionsOf(await given.customer(acme)))).status).toBe(201);
  });

  it('is kept as the SHA-256 of its token', async () => {
    const acme = await given.client();
    const { id, token } = await given.session(acme, await given.customer(acme));
    const rows = await sql<{ row: string; sha: string }>(
      `SELECT s::text AS row, encode(token_sha256, 'hex') AS sha FROM customer_sessions s WHERE id = $1`,
      parseId('customer_session', id),
    );
    expect(rows.map(({ sha }) => sha)).toEqual([createHash('sha256').update(token).digest('hex')]);
    expect(rows[0]!.row).not.toContain(token.slice(9));
  });

  it.each([59, 2_592_001, 0, -60, 60.5, 1e300, '3600', true, [], {}])('is not one of %j', async (expires_in) => {
    const acme = await given.client();
    const refused = await acme.send('POST', sessionsOf(await given.customer(acme)), { expires_in });
    expectInvalid(refused, 'expires_in', 'The expires_in field must be a whole number from 60 to 2592000.');
  });

  it('is of a customer there is', async () => {
    const [acme, umbrella] = [await given.client(), await given.client()];
    const theirs = await given.customer(umbrella);
    for (const id of [UNKNOWN, theirs.id, 'x', acme.id]) {
      expectMissing(await acme.send('POST', sessionsOf({ id }), {}), 'Customer not found');
      expectMissing(await acme.send('DELETE', sessionsOf({ id })), 'Customer not found');
    }
  });
});

describe('Its token', () => {
  it('is refused as a key is: of all that is wrong, the first', async () => {
    // A server address is asked of keys only: a customer's browser may be anywhere.
    const acme = await given.client({ allowed_ips: ['10.0.0.0/8'] });
    const umbrella = await given.client();
    const local = await given.client();
    const john = await given.customer(local);
    const { token } = await given.session(local, john);
    const evil = { origin: 'https://evil.com' };
    const theirKey = { 'x-public-key': umbrella.publicKey };
    const ownKey = { 'x-public-key': local.publicKey };
    for (const wrong of [makeKey('cst', false), `${token}x`, token.slice(0, -1), 'cst_', 'cst_test_x']) {
      expect(await told(ask(wrong, { ...evil, ...theirKey }))).toEqual(INVALID_TOKEN);
    }
    for (const publicKey of [umbrella.publicKey, acme.publicKey, 'x', '']) {
      const refused = ask(token, { ...evil, 'x-public-key': publicKey });
      expect(await told(refused)).toEqual([401, 'Unauthorized - Invalid public key']);
    }
    for (const key of [{}, ownKey]) {
      expect(await told(ask(token, { ...key, ...evil }))).toEqual([401, 'Unauthorized - Invalid origin domain']);
      expect(await told(ask(token, { ...key, origin: 'null' }))).toEqual([401, 'Unauthorized - Invalid origin domain']);
      expect(await told(ask(token, key))).toEqual(KNOWN);
    }
    const noOrigin = call(`${server.url}${CLOSED}`, 'GET', undefined, { authorization: `Bearer ${token}` });
    expect(await told(noOrigin)).toEqual(KNOWN);
    expect(await told(ask(`${token} x`))).toEqual([401, 'Unauthorized - Missing or invalid Authorization header']);
    const old = await given.session(local, john);
    const uuid = parseId('customer_session', old.id);
    await sql(`UPDATE customer_sessions SET expires_at = now() - interval '1 second' WHERE id = $1`, uuid);
    expect(await told(ask(old.token, evil))).toEqual([401, 'Unauthorized - Token expired']);
  });

  it('tells the page what it may read, and who is not known that they are not', async () => {
    const acme = await given.client({ allowed_subdomains: ['app'] });
    const { token } = await given.session(acme, await given.customer(acme));
    const page = await ask(token, { origin: 'https://app.example.com' });
    expect(page.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    const stranger = await ask(makeKey('cst', false));
    expect(stranger.headers.get('www-authenticate')).toBe('Bearer');
    expect(stranger.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('is not asked for the addresses that the client’s servers have', async () => {
    const acme = await given.client();
    const { token } = await given.session(acme, await given.customer(acme));
    const admin = { authorization: `Bearer ${ADMIN_KEY}` };
    const patch = { allowed_ips: ['192.0.2.1'] };
    expect((await call(`${server.url}/admin/v1/clients/${acme.id}`, 'PATCH', patch, admin)).status).toBe(200);
    expect((await acme.send('GET', CLOSED)).status).toBe(403);
    expect(await told(ask(token))).toEqual(KNOWN);
  });

  it('is no secret key, nor the operator’s', async () => {
    const acme = await given.client();
    const { token } = await given.session(acme, await given.customer(acme));
    const reply = await call(`${server.url}/admin/v1/clients`, 'GET', undefined, { authorization: `Bearer ${token}` });
    expect([reply.status, reply.body.error]).toEqual([401, 'Unauthorized - Invalid admin key']);
  });
});

describe('A session that is revoked', () => {
  const revoke = async (acme: TestClient, john: Customer, id = ''): Promise<void> => {
    const reply = await acme.send('DELETE', `${sessionsOf(john)}${id && `/${id}`}`);
    expect([reply.status, reply.text]).toEqual([204, '']);
  };
  /** Asks the other server without a pause, so that a use never keeps a session alive; the milliseconds until it ends. */
  const untilRefused = async (token: string): Promise<number> => {
    const start = performance.now();
    for (;;) {
      const answer = await told(ask(token, {}, other));
      const passed = performance.now() - start;
      if (answer[0] !== 403 || passed > 40_000) {
        expect(answer).toEqual(INVALID_TOKEN);
        return passed;
      }
      await sleep(50);
    }
  };

  it('stops at once here and within five seconds in another server, and the customer’s others go on', async () => {
    const acme = await given.client();
    const john = await given.customer(acme);
    const [lost, kept] = [await given.session(acme, john), await given.session(acme, john)];
    expect(await told(ask(lost.token))).toEqual(KNOWN);
    expect(await told(ask(lost.token, {}, other))).toEqual(KNOWN);
    await revoke(acme, john, lost.id);
    expect(await told(ask(lost.token))).toEqual(INVALID_TOKEN);
    expect(await untilRefused(lost.token)).toBeLessThan(30_000);
    expect(await told(ask(kept.token))).toEqual(KNOWN);
  });

  it('with all of a customer’s leaves those of others', async () => {
    const acme = await given.client();
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const his = [await given.session(acme, john), await given.session(acme, john)];
    const hers = await given.session(acme, jane);
    expect(await Promise.all([...his, hers].map(({ token }) => told(ask(token))))).toEqual([KNOWN, KNOWN, KNOWN]);
    await revoke(acme, john);
    const after = await Promise.all([...his, hers].map(({ token }) => told(ask(token))));
    expect(after).toEqual([INVALID_TOKEN, INVALID_TOKEN, KNOWN]);
    await revoke(acme, john);
    expect(await told(ask((await given.session(acme, john)).token))).toEqual(KNOWN);
  });

  it('stays so, and keeps its moment', async () => {
    const acme = await given.client();
    const john = await given.customer(acme);
    const { id } = await given.session(acme, john);
    const moment = async (): Promise<unknown> =>
      (await sql('SELECT revoked_at FROM customer_sessions WHERE id = $1', parseId('customer_session', id)))[0];
    await revoke(acme, john, id);
    const first = await moment();
    await revoke(acme, john, parseId('customer_session', id)!);
    expect(await moment()).toEqual(first);
  });

  it('is one of this very customer', async () => {
    const [acme, umbrella] = [await given.client(), await given.client()];
    const [john, jane, theirs] = [
      await given.customer(acme),
      await given.customer(acme),
      await given.customer(umbrella),
    ];
    const [session, foreign] = [await given.session(acme, john), await given.session(umbrella, theirs)];
    for (const [customer, id] of [
      [jane.id, session.id],
      [theirs.id, foreign.id],
      [john.id, foreign.id],
      [UNKNOWN, session.id],
      [john.id, 'cs_01h455vb4pex5vsknk084sn02q'],
      [john.id, 'x'],
      [john.id, john.id],
    ]) {
      expectMissing(await acme.send('DELETE', `${sessionsOf({ id: customer! })}/${id}`), 'Customer session not found');
    }
    expect(await told(ask(session.token))).toEqual(KNOWN);
    expect(await told(ask(foreign.token))).toEqual(KNOWN);
  });

  it('is so with its client', async () => {
    const acme = await given.client();
    const { token } = await given.session(acme, await given.customer(acme));
    expect(await told(ask(token))).toEqual(KNOWN);
    const admin = { authorization: `Bearer ${ADMIN_KEY}` };
    accepted(await call(`${server.url}/admin/v1/clients/${acme.id}`, 'DELETE', undefined, admin));
    expect(await told(ask(token))).toEqual(INVALID_TOKEN);
  });
});

describe('What a session may not do is 403, whatever else is wrong', () => {
  const tenants = operations.filter(({ path }) => !/^\/(admin|health|version)/.test(path));
  const isOpen = ({ operation }: (typeof operations)[number]): boolean =>
    operation.security!.some((scheme) => 'session_token' in scheme);
  const each = tenants.filter((one) => !isOpen(one)).map(({ method, path }) => [method, path] as const);

  it.each(each)('%s %s', async (method, path) => {
    const acme = await given.client();
    const john = await given.customer(acme);
    const session = await given.session(acme, john);
    const wrong = method === 'GET' || method === 'DELETE' ? undefined : { nonsense: 1 };
    for (const id of [john.id, UNKNOWN, 'x']) {
      const url = path.replace(/\{\w+\}/g, id);
      expect(await told(session.send(method, url, wrong))).toEqual(KNOWN);
      expect(await told(session.send(method, `${url}?nonsense=1`, wrong))).toEqual(KNOWN);
    }
  });
});
