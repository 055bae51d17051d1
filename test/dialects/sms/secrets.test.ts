import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { auth, newEmail } from '../../support/accounts.js';
import { accepted, call, type Reply } from '../../support/given.js';
import { MailServer } from '../../support/mail-server.js';
import { OUR_NUMBER } from '../../support/phones.js';
import { startProcess, type ServerProcess } from '../../support/process.js';
import { ownDatabase, sql } from '../../support/sql.js';

const PASSWORD = 'a very long secret of Ann';
const GATEWAY_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const SMPP_PASSWORD = 'pa55word-of-smpp';
const SECRETS_KEY = randomBytes(32).toString('hex');
const mail = new MailServer();
let server: ServerProcess;
beforeAll(async () => {
  await ownDatabase();
  const SMTP_URL = await mail.start();
  const settings = { ROLE: 'all', LOG_LEVEL: 'debug', SECRETS_KEY, SMTP_URL };
  server = await startProcess({ DATABASE_URL: process.env.TEST_DATABASE_URL!, ...settings });
});
afterAll(async () => {
  await server.end('SIGTERM');
  await mail.stop();
});
const { post, login } = auth(() => ({ url: server.url, port: Number(new URL(server.url).port) }));

/** Each row of each table, as text; bytes as they are. */
async function dump(): Promise<string> {
  const tables = await sql<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => sql<{ text: string }>(`SELECT t::text AS text FROM ${name} t`)),
  );
  const text = rows.flat().map((row) => row.text);
  const bytes = text.flatMap((row) => row.match(/\\x(?:[\da-f]{2})+/g) ?? []);
  return [...text, ...bytes.map((hex) => Buffer.from(hex.slice(2), 'hex').toString('latin1'))].join('\n');
}

it('No secret that was used is in a log, an event or any other row, and none is shown twice', async () => {
  const email = newEmail();
  const secrets: Record<string, string> = { PASSWORD, GATEWAY_SECRET, SMPP_PASSWORD, SECRETS_KEY };
  accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' }));
  secrets.verification = await mail.token(email);
  accepted(await post('/verify-email', { token: secrets.verification }));
  accepted(await post('/forgot-password', { email }));
  secrets.reset = await mail.token(email, 2);
  secrets.session = accepted(await login(email, PASSWORD)).body.token as string;
  const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
    call(`${server.url}${path}`, method, body, { authorization: `Bearer ${secrets.session}` });
  const make = async (path: string, body?: object): Promise<Record<string, string>> =>
    accepted(await ask('POST', path, body)).body as Record<string, string>;

  const { id } = await make('/api/ui/workspaces', { name: 'Acme', livemode: false });
  const within = `/api/ui/workspaces/${id}`;
  const key = await make(`${within}/api-keys`, { name: 'Shop' });
  secrets.key = key.key!;
  secrets.personal = (await make(`${within}/personal-tokens`, { name: 'Mine', scopes: ['contacts'] })).token!;
  const invited = newEmail();
  await make(`${within}/invitations`, { email: invited, role: 'agent' });
  secrets.invitation = await mail.token(invited);
  const { number } = await make(`${within}/phone-numbers`, { number: OUR_NUMBER });
  const message = { to: '+15005550006', from: number, body: 'Hello' };
  const authorization = { authorization: `Bearer ${secrets.key}` };
  accepted(await call(`${server.url}/api/messages`, 'POST', message, authorization));
  const change = (provider: object): Promise<Reply> => ask('PUT', `${within}/provider`, provider);
  accepted(await change({ kind: 'http', url: 'https://127.0.0.1:1/', secret: GATEWAY_SECRET }));
  const away = { kind: 'smpp', host: '127.0.0.1', port: 1, systemId: 'us', password: SMPP_PASSWORD };
  const refusal = await change(away);
  expect(refusal.status).toBe(503);
  secrets.app = (await make('/api/auth/2fa/setup')).secret!;
  const app = new TOTP({ secret: Secret.fromBase32(secrets.app) });
  const { recoveryCodes } = accepted(await ask('POST', '/api/auth/2fa/confirm', { code: app.generate() })).body;
  (recoveryCodes as string[]).forEach((code, at) => (secrets[`recovery ${at}`] = code));
  secrets.challenge = accepted(await login(email, PASSWORD)).body.twoFactor.challenge as string;
  // What is wrong is not repeated either.
  for (const wrong of [secrets.key.slice(0, -1), `${secrets.session}x`]) {
    await call(`${server.url}/api/messages`, 'GET', undefined, { authorization: `Bearer ${wrong}` });
  }
  await post('/login', { email, password: `${PASSWORD}!` });
  await post('/reset-password', { token: `${secrets.reset}x`, password: PASSWORD });

  const lists = ['', '/api-keys', '/personal-tokens', '/invitations', '/provider', '/members', '/phone-numbers'];
  const shown = await Promise.all(
    [...lists.map((path) => within + path), '/api/auth/me'].map((path) => ask('GET', path)),
  );
  expect(shown.map(({ status }) => status)).toEqual(shown.map(() => 200));
  const places = {
    answers: [refusal, ...shown].map(({ text }) => text).join('\n'),
    rows: await dump(),
    log: server.output(),
  };
  // They are the ones that are looked through.
  expect(places.rows).toContain(email);
  expect(places.log).toContain('route=/api/messages');
  for (const [place, text] of Object.entries(places)) {
    const told = Object.entries(secrets).filter(
      ([, secret]) => text.includes(secret) || text.includes(encodeURIComponent(secret)),
    );
    expect([place, told.map(([name]) => name)]).toEqual([place, []]);
  }
});
