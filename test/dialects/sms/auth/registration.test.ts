import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auth, newEmail, PASSWORD } from '../../../support/accounts.js';
import { accepted, type Reply } from '../../../support/given.js';
import { MailServer, tokenIn } from '../../../support/mail-server.js';
import { startServer, useServer } from '../../../support/server.js';
import { ownDatabase, sql } from '../../../support/sql.js';
import { until } from '../../../support/until.js';

beforeAll(ownDatabase);
const mail = new MailServer();
const server = useServer(async () =>
  startServer({ ROLE: 'all', SMTP_URL: await mail.start(), PUBLIC_URL: 'https://chat.example.com' }),
);
const withoutMail = useServer(startServer);
const invited = useServer(() => startServer({ SIGNUP: 'invite' }));
const operated = useServer(() => startServer({ WORKSPACES: 'operator' }));
const inProduction = useServer(() =>
  startServer({ NODE_ENV: 'production', SIGNUP: 'open', PUBLIC_URL: 'https://chat.example.com', LOG_LEVEL: 'error' }),
);
const { post, login, user } = auth(() => server);
const register = (email: string, password = PASSWORD, name = 'Ann'): Promise<Reply> =>
  post('/register', { email, password, name });
const shown = ({ status, body }: Reply): unknown => ({ status, body });
/** Nobody waits two minutes. */
const forgetMails = (email: string): Promise<unknown> =>
  sql(`UPDATE mails SET asked_at = asked_at - interval '3 minutes' WHERE email = $1`, email);
/** Whatever is to be sent has been. */
const sent = (email: string): Promise<unknown> =>
  until(
    async () => (await sql(`SELECT FROM mails WHERE email = $1 AND next_attempt_at IS NOT NULL`, email)).length === 0,
  );
afterAll(() => mail.stop());

describe('Registration where the server sends mail', () => {
  it('sends a link that proves the address, once, and lets nobody in before', async () => {
    const email = newEmail();
    expect(shown(await register(email))).toEqual({ status: 202, body: { status: 'verification_sent' } });
    expect(shown(await login(email))).toMatchObject({ status: 403, body: { error: 'email_not_verified' } });
    expect(shown(await login(email, 'another password'))).toMatchObject({
      status: 401,
      body: { error: 'invalid_credentials' },
    });
    const { text, headers } = await mail.next(email);
    expect(text).toMatch(/https:\/\/chat\.example\.com\/verify-email#token=umt_[\dA-Za-z]{38}\s/);
    expect(headers).toContain('From: Parlance <no-reply@chat.example.com>');
    const token = await mail.token(email);
    expect((await post('/verify-email', { token })).status).toBe(204);
    expect(shown(await post('/verify-email', { token }))).toMatchObject({
      status: 400,
      body: { error: 'invalid_token' },
    });
    expect(shown(await login(email))).toMatchObject({
      status: 200,
      body: { token: expect.stringMatching(/^ust_/), user: { email, name: 'Ann', emailVerified: true } },
    });
    const stored = await sql(
      `SELECT user_tokens::text AS text FROM user_tokens JOIN users ON users.id = user_id WHERE email = $1`,
      email,
    );
    expect(JSON.stringify(stored)).not.toContain(token.slice(4));
  });

  it('answers for a taken address as for a free one, and tells its owner alone', async () => {
    const email = await user(mail);
    await forgetMails(email);
    expect(shown(await register(email.toUpperCase(), 'a stranger’s choice', 'Mallory'))).toEqual({
      status: 202,
      body: { status: 'verification_sent' },
    });
    const { text } = await mail.next(email, 2);
    expect(text).toContain('which has one');
    expect(text).not.toContain('token');
    expect((await login(email)).status).toBe(200);
    expect((await login(email, 'a stranger’s choice')).status).toBe(401);
  });

  it('takes the password of the registration whose mail was followed, whoever else asked', async () => {
    const email = newEmail();
    accepted(await register(email, 'a stranger’s choice', 'Mallory'));
    await mail.next(email);
    await forgetMails(email);
    accepted(await register(email));
    const [theirs, own] = [tokenIn(mail.to(email)[0]!), await mail.token(email, 2)];
    accepted(await post('/verify-email', { token: own }));
    expect((await login(email)).body.user.name).toBe('Ann');
    expect((await login(email, 'a stranger’s choice')).status).toBe(401);
    expect((await post('/verify-email', { token: theirs })).status).toBe(400);
    expect((await login(email)).status).toBe(200);
  });

  it('sends no second mail within two minutes, and five a day', async () => {
    const email = newEmail();
    await Promise.all(Array.from({ length: 20 }, () => register(email)));
    await mail.next(email);
    for (let more = 0; more < 6; more += 1) {
      await forgetMails(email);
      accepted(await register(email));
      await sent(email);
    }
    expect(mail.to(email)).toHaveLength(5);
    await sql(`UPDATE mails SET day_at = day_at - interval '1 day' WHERE email = $1`, email);
    await forgetMails(email);
    accepted(await register(email));
    await mail.next(email, 6);
  });

  it('sends another link on demand, the first keeping its worth, and nothing to others', async () => {
    const email = newEmail();
    accepted(await register(email));
    const first = await mail.token(email);
    expect((await post('/verify-email/resend', { email })).status).toBe(202);
    await mail.next(email, 2);
    accepted(await post('/verify-email', { token: first }));
    const verified = await user(mail);
    const nobody = newEmail();
    for (const other of [verified, nobody]) {
      const reply = await post('/verify-email/resend', { email: other });
      expect([reply.status, reply.text]).toEqual([202, '']);
      await sent(other);
    }
    expect([mail.to(verified).length, mail.to(nobody).length]).toEqual([1, 0]);
  });

  it('takes no link after a day', async () => {
    const email = newEmail();
    accepted(await register(email));
    const token = await mail.token(email);
    const [row] = await sql<{ hours: number }>(
      `SELECT extract(epoch FROM expires_at - user_tokens.created_at)::int / 3600 AS hours
       FROM user_tokens JOIN users ON users.id = user_id WHERE email = $1`,
      email,
    );
    expect(row!.hours).toBe(24);
    await sql(`UPDATE user_tokens SET expires_at = now() FROM users WHERE users.id = user_id AND email = $1`, email);
    expect((await post('/verify-email', { token })).body.error).toBe('invalid_token');
  });

  it('is answered although the mail server is away, and the mail follows', async () => {
    const email = newEmail();
    mail.refusal = { code: 451 };
    accepted(await register(email));
    await until(() => mail.refused > 0);
    mail.refusal = null;
    accepted(await post('/verify-email', { token: await mail.token(email) }));
    await sent(email);
    expect(mail.to(email)).toHaveLength(1);
  });

  it('gives up where the mail server refuses for good', async () => {
    const email = newEmail();
    mail.refusal = { code: 550 };
    const before = mail.refused;
    accepted(await register(email));
    await sent(email);
    mail.refusal = null;
    expect(mail.refused).toBe(before + 1);
  });

  it.each<[string, object, string, string[] | undefined]>([
    ['no password', { email: 'a@example.com', name: 'Ann' }, 'missing_params', undefined],
    ['a weak password', { email: 'a@example.com', name: 'Ann', password: 'Password123' }, 'weak_password', undefined],
    [
      'the e-mail as password',
      { email: 'annabelle@example.com', name: 'Ann', password: 'Annabelle@example.com' },
      'weak_password',
      undefined,
    ],
    [
      'a line break in the name',
      { email: 'a@example.com', name: 'Ann\r\nBcc: b@example.com', password: PASSWORD },
      'invalid_params',
      ['name'],
    ],
    [
      'a line break in the e-mail',
      { email: 'a@example.com\r\nb', name: 'Ann', password: PASSWORD },
      'invalid_params',
      ['email'],
    ],
    ['a long name', { email: 'a@example.com', name: 'x'.repeat(256), password: PASSWORD }, 'invalid_params', ['name']],
    [
      'a password of 200 KB',
      { email: 'a@example.com', name: 'Ann', password: 'x'.repeat(200_000) },
      'invalid_params',
      ['password'],
    ],
    [
      'a number as password',
      { email: 'a@example.com', name: 'Ann', password: 1234567890 },
      'invalid_params',
      ['password'],
    ],
    [
      'another field',
      { email: 'a@example.com', name: 'Ann', password: PASSWORD, role: 'owner' },
      'invalid_params',
      ['role'],
    ],
  ])('refuses %s', async (_, body, error, fields) => {
    const reply = await post('/register', body);
    expect(shown(reply)).toMatchObject({ status: 400, body: { error } });
    expect(reply.body.fields && Object.keys(reply.body.fields)).toEqual(fields);
  });

  it.each(['', 'umt_', `umt_${'0'.repeat(38)}`, `ust_${'0'.repeat(38)}`, '../', 'x'.repeat(256)])(
    'takes no other token: %s',
    async (token) => {
      expect((await post('/verify-email', { token })).status).toBe(400);
    },
  );

  it('knows one account by any spelling of its address, and look-alikes as others', async () => {
    const email = await user(mail);
    expect((await login(`  ${email.toUpperCase()} `)).status).toBe(200);
    expect((await login(email.replace('example', 'exarnple'))).status).toBe(401);
    expect((await login(email.replace('@', 'е@'))).status).toBe(400);
  });
});

describe('A registration with a workspace', () => {
  const body = (email: string): object => ({ email, password: PASSWORD, name: 'Ann', workspaceName: 'Acme' });
  const owned = [{ id: expect.stringMatching(/^clt_/), name: 'Acme', role: 'owner', livemode: true }];

  it('makes it at once where no mail is sent', async () => {
    const { post: ask, as } = auth(() => withoutMail);
    const { token } = accepted(await ask('/register', body(newEmail()))).body;
    expect((await as(token)('GET', '/me')).body.workspaces).toEqual(owned);
  });

  it('makes it once the e-mail is proven, and for nobody before', async () => {
    const { as } = auth(() => server);
    const email = newEmail();
    accepted(await post('/register', body(email)));
    const token = await mail.token(email);
    const memberships = `SELECT FROM memberships JOIN users ON users.id = user_id WHERE email = $1`;
    expect(await sql(memberships, email)).toHaveLength(0);
    accepted(await post('/verify-email', { token }));
    const session = accepted(await login(email)).body.token as string;
    expect((await as(session)('GET', '/me')).body.workspaces).toEqual(owned);
  });

  it('makes none where by then the operator alone makes workspaces, and proves the e-mail all the same', async () => {
    const { post: ask, as, login: enter } = auth(() => operated);
    const email = newEmail();
    accepted(await post('/register', body(email)));
    accepted(await ask('/verify-email', { token: await mail.token(email) }));
    const session = accepted(await enter(email)).body.token as string;
    expect((await as(session)('GET', '/me')).body).toMatchObject({ user: { email }, workspaces: [] });
  });

  it('is refused where the operator alone makes workspaces, before there is a user', async () => {
    const { post: ask, login: enter } = auth(() => operated);
    const email = newEmail();
    expect(shown(await ask('/register', body(email)))).toMatchObject({ status: 403, body: { error: 'forbidden' } });
    expect((await enter(email)).status).toBe(401);
  });
});

describe('Registration elsewhere', () => {
  it('begins a session at once where no mail is sent, and says that an address is taken', async () => {
    const { post: ask } = auth(() => withoutMail);
    const email = newEmail();
    const first = await ask('/register', { email, password: PASSWORD, name: 'Ann' });
    expect(shown(first)).toMatchObject({
      status: 201,
      body: { token: expect.stringMatching(/^ust_/), user: { email } },
    });
    const second = await ask('/register', { email, password: PASSWORD, name: 'Ann' });
    expect(shown(second)).toMatchObject({ status: 409, body: { error: 'conflict' } });
  });

  it('is for the invited alone where SIGNUP says so', async () => {
    const reply = await auth(() => invited).post('/register', { email: newEmail(), password: PASSWORD, name: 'Ann' });
    expect(shown(reply)).toMatchObject({ status: 403, body: { error: 'signup_disabled' } });
  });

  it.each([
    ['/register', { password: PASSWORD, name: 'Ann' }],
    ['/forgot-password', {}],
    ['/verify-email/resend', {}],
  ])('and %s need SMTP_URL in production', async (path, body) => {
    const reply = await auth(() => inProduction).post(path, { email: newEmail(), ...body });
    expect(shown(reply)).toMatchObject({ status: 503, body: { error: 'mail_not_configured' } });
    expect(reply.headers.get('retry-after')).toBe('60');
  });
});
