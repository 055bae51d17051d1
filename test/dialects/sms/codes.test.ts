import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CODES_BY_STATUS, statusOfCode, type SmsCode } from '../../../src/dialects/sms/http/sms-codes.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { auth, newEmail, PASSWORD } from '../../support/accounts.js';
import { accepted, call, type Reply } from '../../support/given.js';
import { mediaSite, PNG, served, type MediaSite } from '../../support/media.js';
import { OUR_NUMBER } from '../../support/phones.js';
import { exchangeOne, wire } from '../../support/raw-http.js';
import { startObjectStore, type ObjectStore } from '../../support/s3.js';
import { startServer, useServer } from '../../support/server.js';
import { beside, ownDatabase, sql } from '../../support/sql.js';
import { givenUsers, inWorkspace, keyOf, type TestUser, type Workspace } from '../../support/users.js';

const PHONE = '+14155552671';
const MB = 1024 * 1024;

beforeAll(ownDatabase);
let store: ObjectStore;
let site: MediaSite;
beforeAll(async () => {
  store = await startObjectStore();
  site = await mediaSite({
    '/photo.png': served('image/png', PNG),
    '/page.png': served('image/png', '<html></html>'),
    '/larger.png': served('image/png', Buffer.concat([PNG, Buffer.alloc(5 * MB)])),
  });
});
afterAll(() => {
  store.stop();
  site.close();
  twilio.close();
});
/** A provider that refuses all credentials. */
const twilio = createServer(
  (_, response) => void response.writeHead(401, { 'content-type': 'application/json' }).end('{}'),
);
const twilioUrl = async (): Promise<string> => {
  await once(twilio.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(twilio.address() as AddressInfo).port}`;
};
const server = useServer(async () => startServer({ ...store.env, TWILIO_URL: await twilioUrl() }));
/** In production, and without what that needs for some things. */
const strict = useServer(() =>
  startServer({
    ...{ NODE_ENV: 'production', PUBLIC_URL: 'https://chat.example.com' },
    ...{ SIGNUP: 'off', WORKSPACES: 'users', RATE_LIMIT: '100', MESSAGES_RATE_LIMIT: '1' },
  }),
);
const users = givenUsers(() => server);
const { post, login } = auth(() => server);

let owner: TestUser;
let workspace: Workspace;
let key: string;
let clientId: string;
beforeAll(async () => {
  ({ owner, workspace } = await users.team());
  clientId = parseId('client', workspace.id)!;
  key = await keyOf(owner, workspace);
  accepted(await within('POST', '/phone-numbers', { number: OUR_NUMBER }));
});
const within = (method: string, path: string, body?: unknown): Promise<Reply> =>
  owner.send(method, inWorkspace(workspace, path), body);
const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  call(`${server.url}/api/messages${path}`, method, body, { authorization: `Bearer ${key}`, ...headers });
const send = (body: unknown, headers?: Record<string, string>): Promise<Reply> => ask('POST', '', body, headers);
const sendMedia = (media: string): Promise<Reply> => send({ to: PHONE, media });

/** Asks while a table is locked, and takes the connection away from the request as often as it waits. */
async function cutOffAt(table: string, mode: string, request: () => Promise<Reply>): Promise<Reply> {
  return beside(async (connection) => {
    await connection.query(`BEGIN; LOCK TABLE ${table} IN ${mode} MODE`);
    let reply: Reply | undefined;
    const asked = request().then((answer) => (reply = answer));
    while (!reply) {
      await connection.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pg_backend_pid() = ANY (pg_blocking_pids(pid))`,
      );
    }
    await connection.query('COMMIT');
    return asked;
  });
}

/** It takes more than a hundred logins at once: throttle.test.ts. */
const ELSEWHERE = 'busy';

/** One request that is refused with each code. */
const PROVOKED: Readonly<Record<Exclude<SmsCode, typeof ELSEWHERE>, () => Promise<Reply>>> = {
  missing_params: () => send({}),
  invalid_params: () => send({ to: 1, body: 'x' }),
  malformed_request: () => send('{'),
  invalid_number: () => send({ to: '1-800-FLOWERS', body: 'x' }),
  invalid_from: () => send({ to: PHONE, body: 'x', from: '+15005550007' }),
  body_too_long: () => send({ to: PHONE, body: 'x'.repeat(1_601) }),
  invalid_media: () => sendMedia('file:///etc/passwd'),
  media_unreachable: () => sendMedia(`${site.url}/none`),
  media_too_large: () => sendMedia(`${site.url}/larger.png`),
  media_type_not_allowed: () => sendMedia(`${site.url}/page.png`),
  media_not_supported: async () => {
    const plain = await users.team();
    const at = (path: string) => inWorkspace(plain.workspace, path);
    accepted(await plain.owner.send('POST', at('/phone-numbers'), { number: OUR_NUMBER }));
    await sql(
      `UPDATE addresses SET capabilities = '{sms}' WHERE client_id = $1`,
      parseId('client', plain.workspace.id),
    );
    return plain.owner.send('POST', at('/messages'), { to: PHONE, mediaUrls: `${site.url}/photo.png` });
  },
  provider_not_configured: async () => {
    const bare = await users.workspace(owner);
    return owner.send('POST', inWorkspace(bare, '/messages'), { to: PHONE, body: 'x' });
  },
  invalid_provider: () => within('PUT', '/provider', { kind: 'pigeon' }),
  provider_rejected: async () => {
    const live = await users.workspace(owner, { livemode: true });
    const accountSid = `AC${randomBytes(16).toString('hex')}`;
    const body = { kind: 'twilio', accountSid, authToken: randomBytes(16).toString('hex') };
    return owner.send('PUT', inWorkspace(live, '/provider'), body);
  },
  recipient_opted_out: async () => {
    const to = '+14155552672';
    accepted(await within('POST', '/opt-outs', { number: to }));
    return send({ to, body: 'x' });
  },
  verification_failed: async () => {
    accepted(await owner.send('POST', '/api/auth/2fa/setup', {}));
    return owner.send('POST', '/api/auth/2fa/confirm', { code: '000000' });
  },
  invalid_token: () => post('/reset-password', { token: 'guessed', password: PASSWORD }),
  weak_password: () => post('/register', { email: newEmail(), password: 'qwertyuiop', name: 'Ann' }),
  page_too_deep: async () => {
    await sql(`UPDATE addresses SET thread_count = 10001 WHERE client_id = $1`, clientId);
    const reply = await within('GET', '/conversations?page=101&limit=100');
    await sql(`UPDATE addresses SET thread_count = 0 WHERE client_id = $1`, clientId);
    return reply;
  },
  idempotency_key_reused: async () => {
    const headers = { 'idempotency-key': randomUUID() };
    accepted(await send({ to: PHONE, body: 'x' }, headers));
    return send({ to: PHONE, body: 'y' }, headers);
  },
  unauthorized: () => send({}, { authorization: 'Bearer sk_test_none' }),
  invalid_credentials: () => login(newEmail()),
  forbidden: async () => {
    const viewer = await users.member(workspace, 'viewer');
    return viewer.send('POST', inWorkspace(workspace, '/messages'), { to: PHONE, body: 'x' });
  },
  email_not_verified: async () => {
    const email = newEmail();
    accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' }));
    await sql(`UPDATE users SET email_verified_at = NULL WHERE email = $1`, email);
    return auth(() => strict).login(email);
  },
  signup_disabled: () => auth(() => strict).post('/register', { email: newEmail(), password: PASSWORD, name: 'Ann' }),
  not_found: () => ask('GET', `/SM${'0'.repeat(32)}`),
  method_not_allowed: () => ask('DELETE', ''),
  payload_too_large: () => send({ to: PHONE, body: 'x'.repeat(256 * 1024) }),
  unsupported_media_type: () => send('x', { 'content-type': 'text/plain' }),
  headers_too_large: () => {
    const lines = Array.from({ length: 101 }, (_, at) => [`X-Filler-${at}`, 'x'] as const);
    return exchangeOne(server.port, wire('GET', '/api/messages', lines));
  },
  conflict: async () => {
    const number = '+14155552673';
    accepted(await within('POST', '/opt-outs', { number }));
    return within('POST', '/opt-outs', { number });
  },
  last_owner: () => within('POST', '/leave'),
  number_in_use: () => within('POST', '/phone-numbers', { number: OUR_NUMBER }),
  idempotency_key_in_use: () =>
    beside(async (connection) => {
      await connection.query('BEGIN');
      const claim = 'INSERT INTO idempotency_keys (client_id, key, fingerprint) VALUES ($1, $2, $3)';
      await connection.query(claim, [clientId, 'claimed', Buffer.alloc(32)]);
      const reply = await send({ to: PHONE, body: 'x' }, { 'idempotency-key': 'claimed' });
      await connection.query('ROLLBACK');
      return reply;
    }),
  upgrade_required: () => call(`${server.url}/api/ui/ws`, 'GET'),
  rate_limited: async () => {
    const list = (): Promise<Reply> =>
      call(`${strict.url}/api/messages`, 'GET', undefined, { authorization: `Bearer ${key}` });
    accepted(await list());
    return list();
  },
  send_failed: async () => {
    await sql(`ALTER TABLE messages ADD CONSTRAINT no_poison CHECK (content <> 'poison')`);
    return send({ to: PHONE, body: 'poison' });
  },
  internal_error: async () => {
    await sql(`ALTER TABLE clients ADD CONSTRAINT no_poison CHECK (name <> 'poison')`);
    return owner.send('POST', '/api/ui/workspaces', { name: 'poison' });
  },
  service_unavailable: () => cutOffAt('deliveries', 'ACCESS EXCLUSIVE', () => ask('GET', '')),
  outcome_unknown: async () => {
    for (;;) {
      const reply = await cutOffAt('messages', 'SHARE', () => send({ to: PHONE, body: 'x' }));
      // It may have given up waiting for its lock before it was cut off, and then nothing was done.
      if (reply.body.error !== 'service_unavailable') {
        return reply;
      }
    }
  },
  storage_unavailable: async () => {
    store.outage = 503;
    const reply = await sendMedia(`${site.url}/photo.png`);
    store.outage = null;
    return reply;
  },
  mail_not_configured: () => auth(() => strict).post('/forgot-password', { email: newEmail() }),
  secrets_key_missing: () =>
    call(`${strict.url}/api/auth/2fa/setup`, 'POST', {}, { authorization: `Bearer ${owner.token}` }),
};
const WAITED_FOR: readonly SmsCode[] = [
  ...([
    'rate_limited',
    'idempotency_key_in_use',
    'service_unavailable',
    'outcome_unknown',
    'storage_unavailable',
  ] as const),
  'mail_not_configured',
];

describe('A request is refused with', () => {
  it.each(Object.entries(PROVOKED) as [SmsCode, () => Promise<Reply>][])('%s', async (code, provoke) => {
    const { status, body, headers } = await provoke();
    expect({ status, ...body }).toEqual({
      ...{ status: statusOfCode(code), error: code, detail: expect.stringMatching(/./) },
      ...('fields' in body ? { fields: expect.any(Object) } : {}),
    });
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    expect(headers.get('www-authenticate')?.slice(0, 6)).toBe(status === 401 ? 'Bearer' : undefined);
    expect([code, headers.has('retry-after')]).toEqual([code, WAITED_FOR.includes(code)]);
    expect(headers.has('allow')).toBe(code === 'method_not_allowed');
  });

  it('every code that there is', () => {
    expect([...Object.keys(PROVOKED), ELSEWHERE].sort()).toEqual([...CODES_BY_STATUS.values()].flat().sort());
  });
});
