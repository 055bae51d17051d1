import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { AccountSecretRotation } from '../../../src/delivery/email/accounts/account-secret-rotation.js';
import type { Database } from '../../../src/platform/database/database.js';
import { SecretBox } from '../../../src/platform/secrets/secret-box.js';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted, must } from '../../support/given.js';
import { MailServer } from '../../support/mail-server.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

beforeAll(ownDatabase);
const SECRETS_KEY = '7'.repeat(64);
const server = useServer(() => startServer({ ROLE: 'all', INBOUND_MAIL_DOMAIN: 'in.parlance.example', SECRETS_KEY }));
const given = givenTeams(() => server);
const PATH = '/email-accounts';
const LOGIN = { username: 'support@shop.example', password: 'correct horse' };
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let team: TestTeam;
let admin: TestCaller;
let mails: MailServer;
let smtp: Record<string, unknown>;
beforeEach(async () => {
  team = await given.team();
  admin = await team.member('admin');
  mails = new MailServer(LOGIN);
  smtp = { host: '127.0.0.1', port: Number(new URL(await mails.start()).port), secure: false, ...LOGIN };
});
afterEach(() => mails.stop());

const bodyOf = (more: object = {}): object => ({ email: 'support@shop.example', from_name: 'Shop', smtp, ...more });
type Account = { id: number; uuid: string; inbound: { address: string; url: string } } & Record<string, unknown>;
const make = async (more: object = {}): Promise<Account> =>
  accepted(await admin.send('POST', PATH, bodyOf(more))).body.data;
const bring = async (url: string, body: string, type = 'message/rfc822') => {
  const response = await fetch(`${server.url}${new URL(url).pathname}`, {
    ...{ method: 'POST', headers: { 'content-type': type }, body },
  });
  await response.text();
  return response.status;
};

describe('An e-mail account', () => {
  it('is made, shown and listed without its secrets', async () => {
    const { api } = admin;
    const body = {
      ...{ name: 'Support', email: 'support@shop.example', from_name: 'Shop', rate_per_minute: 30 },
      smtp: { host: '127.0.0.1', port: 2525, username: 'support', password: 'secret' },
      dkim: { domain: 'shop.example', selector: 'mail', private_key: KEY },
      imap: { host: '127.0.0.1', port: 993, username: 'support', password: 'secret' },
    };
    const { data } = must(await api.POST('/api/v1/email-accounts', { body }));
    expect(data).toEqual({
      ...{ id: 1, uuid: expect.stringMatching(/^[\da-f-]{36}$/), name: 'Support', email: 'support@shop.example' },
      ...{ from_name: 'Shop', is_default: true, rate_per_minute: 30 },
      dkim: { domain: 'shop.example', selector: 'mail' },
      smtp: { host: '127.0.0.1', port: 2525, secure: false, username: 'support' },
      imap: { host: '127.0.0.1', port: 993, secure: true, username: 'support', status: 'pending', last_error: null },
      inbound: {
        address: expect.stringMatching(/^[\da-f]{16}@in\.parlance\.example$/),
        url: expect.stringMatching(/^http:\/\/.*\/inbound\/email\/[\w-]{43}$/),
      },
      ...{ status: 'ok', last_error: null },
    });
    const one = must(await api.GET('/api/v1/email-accounts/{id}', { params: { path: { id: data.uuid } } }));
    const imap = { ...data.imap, status: expect.any(String), last_error: one.data.imap!.last_error };
    expect(one.data).toEqual({ ...data, imap });
    const viewer = await team.token('viewer', ['conversations']);
    expect(accepted(await viewer.send('GET', PATH)).body.data).toMatchObject([{ uuid: data.uuid, smtp: data.smtp }]);
    const [row] = await sql<{ secret: Buffer }>(`SELECT secret FROM email_accounts WHERE client_id = $1`, team.uuid);
    expect(row!.secret.toString('latin1')).not.toMatch(/secret|BEGIN/);
  });

  it('is changed, and keeps the secrets that are not said; but gives none to another host', async () => {
    const imap = { host: '127.0.0.1', port: 993, username: 'support', password: 'secret' };
    const dkim = { domain: 'shop.example', selector: 'mail', private_key: KEY };
    const { id } = await make({ dkim, imap });
    const shown = accepted(await admin.send('GET', `${PATH}/${id}`)).body.data;
    const back = accepted(await admin.send('PUT', `${PATH}/${id}`, { ...shown, from_name: 'Store' })).body.data;
    expect({ ...back, imap: null }).toEqual({ ...shown, imap: null, from_name: 'Store' });
    for (const name of ['smtp', 'imap'] as const) {
      const moved = await admin.send('PUT', `${PATH}/${id}`, { [name]: { ...shown[name], host: '127.0.0.2' } });
      expect([moved.status, Object.keys(moved.body.errors)]).toEqual([422, [`${name}.password`]]);
    }
    expect(accepted(await admin.send('PUT', `${PATH}/${id}`, { imap: null })).body.data.imap).toBeNull();
    expect(accepted(await admin.send('POST', `${PATH}/${id}/test`)).body.data).toEqual({ ok: true, error: null });
    const renamed = await admin.send('PUT', `${PATH}/${id}`, { email: 'other@shop.example' });
    expect([renamed.status, Object.keys(renamed.body.errors)]).toEqual([422, ['email']]);
  });

  it('is tried out with a mail to whoever asks, and says what is wrong', async () => {
    const { id } = await make();
    expect(accepted(await admin.send('POST', `${PATH}/${id}/test`)).body.data).toEqual({ ok: true, error: null });
    expect(mails.received).toMatchObject([{ to: [admin.user!.email], from: 'support@shop.example' }]);
    accepted(await admin.send('PUT', `${PATH}/${id}`, { smtp: { ...smtp, password: 'wrong' } }));
    const { ok, error } = accepted(await admin.send('POST', `${PATH}/${id}/test`)).body.data;
    expect([ok, error]).toEqual([false, expect.stringContaining('535')]);
    const key = await team.key();
    expect(accepted(await key.send('POST', `${PATH}/${id}/test`)).body.data.ok).toBe(false);
    expect(mails.received).toHaveLength(1);
  });

  it('is sealed again with a new key of the server', async () => {
    const { uuid } = await make();
    const [former, next] = [Buffer.from(SECRETS_KEY, 'hex'), Buffer.alloc(32, 1)];
    const box = (secretsKey: Buffer, secretsKeyPrevious?: Buffer) =>
      new SecretBox({ production: true, dataDir: '', secretsKey, secretsKeyPrevious });
    const database = server.get<Database>('Database');
    await new AccountSecretRotation(database, box(next, former)).rotate();
    const [row] = await sql<{ secret: Buffer }>(`SELECT secret FROM email_accounts WHERE client_id = $1`, team.uuid);
    const opened = await box(next).open(`e-mail account ${uuid} of ${team.uuid}`, row!.secret);
    expect(opened).toMatchObject({ password: LOGIN.password });
    await new AccountSecretRotation(database, box(former, next)).rotate();
  });

  it('is one of each address, the first the default, until it is deleted', async () => {
    const first = await make();
    const twice = await admin.send('POST', PATH, bodyOf());
    expect([twice.status, Object.keys(twice.body.errors)]).toEqual([422, ['email']]);
    const second = await make({ email: 'sales@shop.example', is_default: true });
    const defaults = async () =>
      (accepted(await admin.send('GET', PATH)).body.data as Account[]).map(({ id, is_default }) => [id, is_default]);
    expect(await defaults()).toEqual([
      [first.id, false],
      [second.id, true],
    ]);
    expect((await admin.send('DELETE', `${PATH}/${second.id}`)).status).toBe(204);
    expect(await defaults()).toEqual([[first.id, true]]);
    expect((await admin.send('GET', `${PATH}/${second.id}`)).body).toEqual({ message: 'Email account not found.' });
    expect(await bring(second.inbound.url, 'From: a@example.org\r\n\r\nHi\r\n')).toBe(404);
    expect((await make({ email: 'sales@shop.example' })).id).toBe(3);
  });

  it.each<[object, string]>([
    [{ email: 'nobody' }, 'email'],
    [{ from_name: 'Shop\r\nBcc: x@evil.example' }, 'from_name'],
    [{ from_name: 'Shop\u0000' }, 'from_name'],
    [{ name: 'x'.repeat(256) }, 'name'],
    [{ rate_per_minute: 0 }, 'rate_per_minute'],
    [{ smtp: null }, 'smtp'],
    [{ smtp: { host: '10.0.0.1', port: 587 } }, 'smtp.host'],
    [{ smtp: { host: '169.254.169.254', port: 587 } }, 'smtp.host'],
    [{ smtp: { host: 'a.example', port: 70_000 } }, 'smtp.port'],
    [{ smtp: { host: 'a.example', port: 587, username: 'a\r\nRCPT TO:<x>' } }, 'smtp.username'],
    [{ dkim: { domain: 'shop.example', selector: 'mail' } }, 'dkim.private_key'],
    [{ imap: { host: 'a.example', port: 993, username: 'a' } }, 'imap.password'],
    [{ imap: { host: 'a.example', port: 993, username: 'a\r\nx', password: 'b' } }, 'imap.username'],
    [{ imap: { host: '169.254.169.254', port: 993, username: 'a', password: 'b' } }, 'imap.host'],
    [{ dkim: { domain: 'shop.example', selector: 'mail', private_key: 'no key' } }, 'dkim.private_key'],
    [{ what: 1 }, 'what'],
  ])('refuses %j, naming %s', async (more, field) => {
    const { status, body } = await admin.send('POST', PATH, bodyOf(more));
    expect([status, Object.keys(body.errors)]).toEqual([422, [field]]);
  });

  it('takes mails at its URL, and at the former one no more', async () => {
    const { id, inbound } = await make();
    const mail = 'From: anna@example.org\r\nSubject: Hi\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n';
    expect(await Promise.all([1, 2, 3].map(() => bring(inbound.url, mail)))).toEqual([202, 202, 202]);
    const list = async () => accepted(await admin.send('GET', '/conversations')).body.data as object[];
    await until(async () => (await list()).length > 0);
    expect(await list()).toMatchObject([{ channel: 'email', subject: 'Hi' }]);
    expect(await bring(inbound.url, '{}', 'application/json')).toBe(415);
    expect(await bring(inbound.url, '')).toBe(400);
    expect(await bring(inbound.url, `${'Received: x\r\n'.repeat(51)}\r\n`)).toBe(422);
    expect(await bring(inbound.url, 'x'.repeat(25 * 1024 * 1024 + 1))).toBe(413);
    const renewed = accepted(await admin.send('POST', `${PATH}/${id}/inbound-token`)).body.data as Account;
    expect(await bring(inbound.url, mail)).toBe(404);
    expect(await bring(renewed.inbound.url, mail)).toBe(202);
  });

  it('shows what it could not understand, and tries it again', async () => {
    const { id, inbound } = await make();
    expect(await bring(inbound.url, 'Subject: Whose?\r\n\r\nHi\r\n')).toBe(202);
    const failed = async () =>
      accepted(await admin.send('GET', `${PATH}/${id}/inbound?status=failed`)).body.data as { id: string }[];
    await until(async () => (await failed()).length === 1);
    const [one] = await failed();
    expect(one).toMatchObject({ status: 'failed', error: 'It names no sender' });
    expect((await admin.send('POST', `${PATH}/${id}/inbound/${one!.id}/retry`)).status).toBe(204);
    await until(async () => (await failed()).length === 1);
    for (const wrong of ['1', team.uuid]) {
      expect((await admin.send('POST', `${PATH}/${id}/inbound/${wrong}/retry`)).status).toBe(404);
    }
  });
});

it('A mail of which nobody knows whether it arrived is sent again by whoever says so, and no other', async () => {
  await make();
  const contact = accepted(await admin.send('POST', '/contacts', { email: 'anna@example.org', first_name: 'Anna' }));
  const begin = { contact_id: contact.body.data.id, channel: 'email', subject: 'Your order', message: 'It is here.' };
  const { id } = accepted(await admin.send('POST', '/conversations', begin)).body.data;
  await mails.next('anna@example.org');
  const again = (message = '1') => admin.send('POST', `/conversations/${id}/messages/${message}/send-again`);
  const sent = async () =>
    (await sql<{ status: string }>(`SELECT status FROM email_deliveries WHERE client_id = $1`, team.uuid))[0]!;
  await until(async () => (await sent()).status === 'sent');
  expect([(await again()).status, (await again('2')).status]).toEqual([422, 404]);
  await sql(
    `UPDATE email_deliveries SET status = 'failed', error_code = 'outcome_unknown' WHERE client_id = $1`,
    team.uuid,
  );
  expect(accepted(await again()).body.data).toMatchObject({ id: 1, type: 'reply', delivery: { error_code: null } });
  await mails.next('anna@example.org', 2);
});

it('A conversation by e-mail is begun and answered in the inbox', async () => {
  await make();
  const agent = await team.member('agent');
  const contact = accepted(await agent.send('POST', '/contacts', { email: 'anna@example.org', first_name: 'Anna' }));
  const begin = { contact_id: contact.body.data.id, channel: 'email', subject: 'Your order', message: 'It is here.' };
  const { id } = accepted(await agent.send('POST', '/conversations', begin)).body.data;
  const mail = await mails.next('anna@example.org');
  expect(mail.headers).toMatch(/^Subject: Your order$/m);
  accepted(await agent.send('POST', `/conversations/${id}/reply`, { body: 'Are you there?' }));
  const second = await mails.next('anna@example.org', 2);
  expect(second.headers).toMatch(/^Subject: Re: Your order$/m);
  const [, first] = /^Message-ID: (<.*>)$/m.exec(mail.headers)!;
  expect(second.headers).toContain(`In-Reply-To: ${first!}`);
  accepted(await agent.send('POST', '/suppressions', { email: 'anna@example.org' }));
  const refused = await agent.send('POST', '/conversations', begin);
  expect([refused.status, refused.body]).toEqual([422, { message: 'This contact can not be reached by email.' }]);
  accepted(await agent.send('POST', `/conversations/${id}/reply`, { body: 'Still you are answered.' }));
  await mails.next('anna@example.org', 3);
});

it('A mail is shown in the inbox as HTML that loads what came with it, and nothing else', async () => {
  const { inbound } = await make();
  const image = Buffer.from('GIF89a').toString('base64');
  const html =
    '<p onclick="x()">Hello <b>you</b><script>evil()</script><img src="cid:logo%40shop"><img src="https://t.example/a.gif"></p>';
  const mail = [
    ...['From: Anna <anna@example.org>', 'Subject: Hi', 'Content-Type: multipart/related; boundary=b', '', '--b'],
    ...['Content-Type: text/html; charset=utf-8', '', html, '--b', 'Content-Type: image/gif; name="../a/logo.gif"'],
    ...['Content-ID: <logo@shop>', 'Content-Transfer-Encoding: base64', '', image, '--b--', ''],
  ].join('\r\n');
  expect(await bring(inbound.url, mail)).toBe(202);
  const messages = () => admin.send('GET', '/conversations/1?mark_read=0');
  await until(async () => (await messages()).status === 200);
  const [item] = accepted(await messages()).body.messages;
  expect(item).toMatchObject({ type: 'message', body_text: 'Hello you', attachments: [{ name: 'logo.gif' }] });
  const { url } = item.attachments[0];
  const shown = `<p>Hello <b>you</b><img src="${url.replaceAll('&', '&amp;')}" /><img data-src="https://t.example/a.gif" /></p>\n`;
  expect([item.body, item.body_html]).toEqual([shown, shown]);
  const { pathname, search } = new URL(url);
  const loaded = await fetch(`${server.url}${pathname}${search}`);
  expect([loaded.status, await loaded.text()]).toEqual([200, 'GIF89a']);
});

describe('A reply by e-mail', () => {
  const HTML = '<p>Hello <b>you</b></p><img src="https://shop.example/a.gif" onerror="x()"><script>evil()</script>';
  let path: string;
  beforeEach(async () => {
    await make();
    const contact = accepted(await admin.send('POST', '/contacts', { email: 'anna@example.org', first_name: 'Anna' }));
    const begin = { contact_id: contact.body.data.id, channel: 'email', subject: 'Order', message: '<h1>Hi</h1>there' };
    path = `/conversations/${accepted(await admin.send('POST', '/conversations', begin)).body.data.id}/reply`;
    const first = await mails.next('anna@example.org');
    expect(first.raw.toString()).toContain('<h1>Hi</h1>there');
    expect(first.raw.toString()).toContain('Hi\r\n\r\nthere');
  });

  it('goes as HTML and text, with copies, of which the unseen are named nowhere', async () => {
    const cc_emails = ['Ben@example.org', 'support@shop.example', 'anna@example.org'];
    const copies = { cc_emails, bcc_emails: ['eve@example.org'] };
    const { data } = accepted(await admin.send('POST', path, { body: HTML, ...copies })).body;
    const shown = '<p>Hello <b>you</b></p><img data-src="https://shop.example/a.gif" />';
    expect(data).toMatchObject({ body: shown, body_html: shown, body_text: 'Hello you' });
    const mail = await mails.next('eve@example.org');
    expect(mail.to).toEqual(
      ['anna@example.org', 'Ben@example.org', 'eve@example.org'].map((email) =>
        expect.stringMatching(new RegExp(email, 'i')),
      ),
    );
    expect(mail.headers).toMatch(/^Cc: ben@example\.org$/im);
    expect(mail.raw.toString()).not.toMatch(/eve@|evil|onerror/);
    expect(mail.text.replace(/=\r\n/g, '')).toContain('src="https://shop.example/a.gif"');
  });

  it('is text where it says so, and HTML beside it', async () => {
    const { data } = accepted(
      await admin.send('POST', path, { body_text: '1 < 2', body_html: '<i>1 &lt; 2</i>' }),
    ).body;
    expect(data).toMatchObject({ body: '<i>1 &lt; 2</i>', body_text: '1 < 2' });
  });

  it.each<[object, string]>([
    [{ cc_emails: ['a@b.example,c@d.example'] }, 'cc_emails.0'],
    [{ cc_emails: ['a@b.example\r\nBcc: x@evil.example'] }, 'cc_emails.0'],
    [{ bcc_emails: Array.from({ length: 21 }, (_, n) => `a${n}@b.example`) }, 'bcc_emails'],
    [{ body: 'x'.repeat(256 * 1024 + 1) }, 'body'],
  ])('refuses %j', async (more, field) => {
    const { status, body } = await admin.send('POST', path, { body: 'Hi', ...more });
    expect([status, Object.keys(body.errors)]).toEqual([422, [field]]);
  });
});
