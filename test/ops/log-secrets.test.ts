import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { givenTeams, type TestTeam } from '../support/engagement.js';
import { given, type TestClient } from '../support/given.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { useServer } from '../support/server.js';
import { until } from '../support/until.js';

/** A part of all that must not be printed, so that it is found wherever it gets to. */
const MARK = `mark${randomBytes(6).toString('hex')}`;
const server = useServer();
let acme: TestClient;
let team: TestTeam;
let key: string;
let logging: ServerProcess;
beforeAll(async () => {
  [acme, team] = await Promise.all([given(() => server).client(), givenTeams(() => server).team()]);
  key = (await team.key()).token;
  logging = await startProcess({
    ...{ DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'debug', ROLE: 'web', NODE_ENV: 'production' },
    ...{ PUBLIC_URL: 'https://chat.example.com', SECRETS_KEY: '5e'.repeat(32), TRACKING_SECRET: '7a'.repeat(32) },
    ...{ FILES_SECRET: `files-${MARK}-${MARK}-${MARK}`, ADMIN_KEY: `admin-${MARK}-${MARK}-${MARK}` },
  });
});
afterAll(async () => {
  await logging.end('SIGTERM');
});

/** Asks, and holds the line about it against the answer. @param line the status and the route */
async function ask(
  line: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object | string,
): Promise<void> {
  const id = `req-${randomUUID()}`;
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(logging.url + path, {
    method,
    headers: { ...json, ...headers, 'x-request-id': id },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
    redirect: 'manual',
  });
  const { byteLength: length } = await answer.arrayBuffer();
  const written = await until(() => new RegExp(`^.*"request_id":"${id}".*$`, 'm').exec(logging.output())?.[0]);
  const { status, route = '-', bytes } = JSON.parse(written) as { status: number; route?: string; bytes: number };
  expect([answer.status, `${status} ${route}`]).toEqual([status, line]);
  // Its own, headers included, not those before it on the same connection.
  expect(bytes > length && bytes < length + 3_000).toBe(true);
}

it('In production each line is JSON, and no key, token, address or content is in any, whatever was asked', async () => {
  const core = acme.headers;
  const user = { authorization: `Bearer ${team.owner.token}`, 'x-workspace-id': team.workspace.id };
  const dialect = { authorization: `Bearer ${key}` };
  const wrong = { authorization: `Bearer sk_${MARK}`, 'x-public-key': `pk_${MARK}` };
  const email = `${MARK}@example.com`;
  // The core.
  await ask('201 /api/v1/customers', 'POST', '/api/v1/customers', core, { name: `Ann ${MARK}`, email });
  await ask('200 /api/v1/customers', 'POST', '/api/v1/customers', core, { name: `Ann ${MARK}`, email });
  await ask('422 /api/v1/customers', 'POST', '/api/v1/customers', core, { name: 'Ann', email: MARK, [MARK]: MARK });
  await ask('400 /api/v1/customers', 'POST', '/api/v1/customers', core, `{"name": "${MARK}`);
  await ask('404 /api/v1/customers/:id', 'GET', `/api/v1/customers/${MARK}`, core);
  await ask('401 /api/v1/customers', 'GET', `/api/v1/customers?external_id=${MARK}&token=${MARK}`, wrong);
  await ask('401 /admin/v1/clients/:id', 'GET', `/admin/v1/clients/${acme.id}`, wrong);
  await ask(
    '422 /admin/v1/clients',
    'POST',
    '/admin/v1/clients',
    { authorization: `Bearer admin-${MARK}-${MARK}-${MARK}` },
    { name: MARK },
  );
  // Workspaces and text messages.
  await ask('401 /api/auth/login', 'POST', '/api/auth/login', {}, { email, password: `pass-${MARK}` });
  await ask('400 /api/auth/verify-email', 'POST', '/api/auth/verify-email', {}, { token: MARK });
  await ask(
    '400 /api/auth/reset-password',
    'POST',
    '/api/auth/reset-password',
    {},
    { token: MARK, password: `pass-${MARK}` },
  );
  await ask('400 /api/messages', 'POST', '/api/messages', dialect, {
    to: '+15005550006',
    from: MARK,
    body: `Hello ${MARK}`,
  });
  await ask('400 /api/messages', 'POST', '/api/messages', dialect, `["${MARK}"`);
  await ask('401 /api/messages/:sid', 'GET', `/api/messages/${MARK}`, wrong);
  // Contacts and the inbox.
  await ask('201 /api/v1/contacts', 'POST', '/api/v1/contacts', user, { email, first_name: MARK });
  await ask('422 /api/v1/contacts', 'POST', '/api/v1/contacts', user, {
    email: `${MARK}@@`,
    first_name: { [MARK]: 1 },
  });
  await ask('200 /api/v1/contacts', 'GET', `/api/v1/contacts?search=${MARK}`, dialect);
  await ask('401 /api/v1/contacts', 'GET', '/api/v1/contacts', wrong);
  // Links of mails.
  await ask('404 /t/c/:token', 'GET', `/t/c/${MARK}?to=${MARK}`, {});
  await ask('200 /t/o/:name', 'GET', `/t/o/${MARK}.gif`, {});
  await ask('404 /u/:token', 'GET', `/u/${MARK}`, {});
  await ask('404 /api/v1/conversations/ratings/:token', 'GET', `/api/v1/conversations/ratings/${MARK}`, {});
  // To nowhere.
  await ask('404 -', 'GET', `/${MARK}?token=${MARK}`, user);
  const lines = logging.output().trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('{') && !line.startsWith('Parlance is ready'))).toEqual([]);
  const secrets = [MARK, acme.secretKey, acme.publicKey, key, team.owner.token, '5e5e5e', '7a7a7a'];
  expect(secrets.filter((secret) => logging.output().includes(secret))).toEqual([]);
});
