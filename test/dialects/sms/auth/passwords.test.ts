import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../../../src/platform/database/database.js';
import type { Mails } from '../../../../src/users/mails/mails.js';
import { auth, newEmail, PASSWORD } from '../../../support/accounts.js';
import { accepted, type Reply } from '../../../support/given.js';
import { MailServer, tokenIn } from '../../../support/mail-server.js';
import { startServer, useServer } from '../../../support/server.js';
import { ownDatabase, sql } from '../../../support/sql.js';
import { until } from '../../../support/until.js';

beforeAll(ownDatabase);
const mail = new MailServer();
const server = useServer(async () => startServer({ ROLE: 'all', SMTP_URL: await mail.start() }));
const another = useServer(startServer);
const { ask, post, login, as, user } = auth(() => server);
const elsewhere = auth(() => another);
const NEW_PASSWORD = 'a battery of horses';
afterAll(() => mail.stop());

const shown = ({ status, body }: Reply): unknown => ({ status, error: body?.error });
const signedIn = async (email: string): Promise<string> => accepted(await login(email)).body.token as string;
const status = async (token: string): Promise<number> => (await as(token)('GET', '/me')).status;
const forgetMails = (email: string): Promise<unknown> =>
  sql(`UPDATE mails SET asked_at = asked_at - interval '3 minutes' WHERE email = $1`, email);

describe('A login', () => {
  it('begins a session with a token of its own, whatever it brings along', async () => {
    const email = await user(mail);
    const [first, planted] = [await signedIn(email), await signedIn(await user(mail))];
    const headers = { authorization: `Bearer ${planted}`, cookie: `token=${planted}` };
    const reply = await ask('POST', `/login`, { email, password: PASSWORD }, headers);
    expect(reply.status).toBe(200);
    expect(reply.headers.has('set-cookie')).toBe(false);
    expect(new Set([first, planted, reply.body.token]).size).toBe(3);
    expect((await as(reply.body.token)('GET', '/me')).body).toMatchObject({ user: { email }, workspaces: [] });
    expect((await as(planted)('GET', '/me')).body.user.email).not.toBe(email);
  });

  it('answers alike whether the e-mail or the password is wrong', async () => {
    const email = await user(mail);
    const [unknown, wrong] = [await login(newEmail(), 'no such password'), await login(email, 'no such password')];
    expect(shown(unknown)).toEqual({ status: 401, error: 'invalid_credentials' });
    expect([wrong.status, wrong.text]).toEqual([unknown.status, unknown.text]);
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    ['257 characters', 257, { status: 400, error: 'invalid_params' }],
    ['200 KB', 200_000, { status: 400, error: 'invalid_params' }],
    ['1 MB', 1_000_000, { status: 413, error: 'payload_too_large' }],
  ])('with a password of %s is refused before anybody looks whose it is', async (_, length, refusal) => {
    const [known, unknown] = [await user(mail), newEmail()];
    const replies = await Promise.all([known, unknown].map((email) => login(email, 'x'.repeat(length))));
    expect(replies.map(shown)).toEqual([refusal, refusal]);
    expect(replies[0]!.text).toBe(replies[1]!.text);
  });

  it('lets no disabled user in', async () => {
    const email = await user(mail);
    await sql(`UPDATE users SET disabled_at = now() WHERE email = $1`, email);
    expect(shown(await login(email))).toEqual({ status: 401, error: 'invalid_credentials' });
  });

  it('hashes a password anew that was hashed when less was asked for', async () => {
    const email = await user(mail);
    const weaker = (await import('@node-rs/argon2')).hash(PASSWORD, { memoryCost: 8_192, timeCost: 1 });
    await sql(`UPDATE users SET password_hash = $2 WHERE email = $1`, email, await weaker);
    await signedIn(email);
    const [row] = await sql(`SELECT password_hash AS hash FROM users WHERE email = $1`, email);
    expect(row!.hash).toContain('m=19456,t=2,p=1');
    await signedIn(email);
  });

  it.each<[string, object, string]>([
    ['in the URL', {}, '?token='],
    ['in a cookie', { cookie: 'token=' }, ''],
    ['with another scheme', { authorization: 'Basic ' }, ''],
  ])('token is nobody’s %s', async (_, headers, query) => {
    const token = await signedIn(await user(mail));
    const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value}${token}`]));
    const reply = await ask('GET', `/me${query && query + token}`, undefined, filled);
    expect(shown(reply)).toEqual({ status: 401, error: 'unauthorized' });
  });
});

describe('A logout', () => {
  it('ends the session, and says the same of one that has ended or never was', async () => {
    const token = await signedIn(await user(mail));
    expect(await status(token)).toBe(200);
    expect((await as(token)('POST', '/logout')).status).toBe(204);
    expect(shown(await as(token)('GET', '/me'))).toEqual({ status: 401, error: 'unauthorized' });
    expect((await as(token)('POST', '/logout')).status).toBe(204);
    expect((await post('/logout')).status).toBe(204);
  });
});

describe('The sessions of a user', () => {
  it('are listed, and ended one by one or all others at once', async () => {
    const email = await user(mail);
    const [one, two, three] = [await signedIn(email), await signedIn(email), await signedIn(email)];
    const { data } = accepted(await as(three)('GET', '/sessions')).body;
    expect(data.map(({ current }: { current: boolean }) => current)).toEqual([true, false, false]);
    expect(data[0]).toMatchObject({ id: expect.stringMatching(/^us_/), address: '127.0.0.1', userAgent: 'node' });
    expect((await as(three)('DELETE', `/sessions/${data[2].id}`)).status).toBe(204);
    expect([await status(one), await status(two)]).toEqual([401, 200]);
    expect((await as(three)('DELETE', '/sessions')).status).toBe(204);
    expect([await status(two), await status(three)]).toEqual([401, 200]);
  });

  it('are nobody else’s to end', async () => {
    const [own, other] = [await signedIn(await user(mail)), await signedIn(await user(mail))];
    const [{ id }] = accepted(await as(other)('GET', '/sessions')).body.data;
    for (const wrong of [id, 'us_01h455vb4pex5vsknk084sn02q', 'nothing']) {
      expect((await as(own)('DELETE', `/sessions/${wrong}`)).status).toBe(404);
    }
    expect(await status(other)).toBe(200);
  });
});

describe('A new password', () => {
  it('ends all other sessions, here and elsewhere, and voids the links that were mailed', async () => {
    const email = await user(mail);
    const [own, other] = [await signedIn(email), await signedIn(email)];
    accepted(await post('/forgot-password', { email }));
    const reset = await mail.token(email, 2);
    expect((await elsewhere.as(other)('GET', '/me')).status).toBe(200);
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await as(own)('POST', '/me/password', body)).status).toBe(204);
    expect([await status(own), await status(other)]).toEqual([200, 401]);
    await until(async () => (await elsewhere.as(other)('GET', '/me')).status === 401);
    expect([(await login(email)).status, (await login(email, NEW_PASSWORD)).status]).toEqual([401, 200]);
    expect((await post('/reset-password', { token: reset, password: PASSWORD })).body.error).toBe('invalid_token');
  });

  it('needs the old one, and has to be good', async () => {
    const own = await signedIn(await user(mail));
    const change = (currentPassword: string, newPassword: string): Promise<Reply> =>
      as(own)('POST', '/me/password', { currentPassword, newPassword });
    expect(shown(await change('not the old one', NEW_PASSWORD))).toEqual({ status: 401, error: 'invalid_credentials' });
    expect(shown(await change(PASSWORD, 'qwertyuiop'))).toEqual({ status: 400, error: 'weak_password' });
    expect(await status(own)).toBe(200);
  });
});

describe('A reset', () => {
  it('by the newest link, once, ends every session and proves the e-mail', async () => {
    const email = newEmail();
    accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' }));
    await mail.next(email);
    accepted(await post('/forgot-password', { email }));
    const older = await mail.token(email, 2);
    await forgetMails(email);
    accepted(await post('/forgot-password', { email: email.toUpperCase() }));
    const newer = await mail.token(email, 3);
    const reset = (token: string, password = NEW_PASSWORD): Promise<Reply> =>
      post('/reset-password', { token, password });
    expect(shown(await reset(older))).toEqual({ status: 400, error: 'invalid_token' });
    expect(shown(await reset(newer, 'short'))).toEqual({ status: 400, error: 'weak_password' });
    const ends = await Promise.all(Array.from({ length: 5 }, () => reset(newer)));
    expect(ends.map((end) => end.status).sort()).toEqual([204, 400, 400, 400, 400]);
    expect((await login(email, NEW_PASSWORD)).body.user.emailVerified).toBe(true);
    const verify = tokenIn(mail.to(email)[0]!);
    expect((await post('/verify-email', { token: verify })).status).toBe(400);
    expect((await login(email)).status).toBe(401);
  });

  it('ends the sessions of before, a login that overlaps with it included', async () => {
    const email = await user(mail);
    const before = await signedIn(email);
    for (let round = 0; round < 5; round += 1) {
      await forgetMails(email);
      accepted(await post('/forgot-password', { email }));
      const token = await mail.token(email, 2 + round);
      const [old, next] = round % 2 === 0 ? [PASSWORD, NEW_PASSWORD] : [NEW_PASSWORD, PASSWORD];
      const [reset, ...logins] = await Promise.all([
        post('/reset-password', { token, password: next }),
        ...Array.from({ length: 6 }, () => login(email, old)),
      ]);
      expect(reset.status).toBe(204);
      for (const { body } of logins.filter((one) => one.status === 200)) {
        expect(await status(body.token)).toBe(401);
      }
      expect((await login(email, next)).status).toBe(200);
      await sql(`UPDATE mails SET asked = 0 WHERE email = $1`, email);
    }
    expect(await status(before)).toBe(401);
  });

  it('is for nobody where there is no such user, and says nothing of it', async () => {
    const [known, unknown] = [await user(mail), newEmail()];
    const [one, two] = [
      await post('/forgot-password', { email: known }),
      await post('/forgot-password', { email: unknown }),
    ];
    expect([one.status, one.text]).toEqual([202, '']);
    expect([two.status, two.text]).toEqual([202, '']);
    await until(
      async () => (await sql(`SELECT FROM mails WHERE email = $1 AND next_attempt_at IS NULL`, unknown)).length,
    );
    expect(mail.to(unknown)).toEqual([]);
  });

  it('takes no link after an hour', async () => {
    const email = await user(mail);
    accepted(await post('/forgot-password', { email }));
    const token = await mail.token(email, 2);
    const [row] = await sql<{ minutes: number }>(
      `SELECT extract(epoch FROM expires_at - user_tokens.created_at)::int / 60 AS minutes
       FROM user_tokens JOIN users ON users.id = user_id WHERE email = $1 AND purpose = 'reset'`,
      email,
    );
    expect(row!.minutes).toBe(60);
    await sql(`UPDATE user_tokens SET expires_at = now() FROM users WHERE users.id = user_id AND email = $1`, email);
    expect((await post('/reset-password', { token, password: NEW_PASSWORD })).body.error).toBe('invalid_token');
  });
});

describe('A mail', () => {
  it('is sent once it is certain that it was asked for', async () => {
    const [email, other] = [await user(mail), await user(mail)];
    const asked = server.get<Database>('Database').transaction({ clientId: randomUUID() }, async () => {
      await server.get<Mails>('Mails').queue('reset', email);
      accepted(await post('/forgot-password', { email: other }));
      await mail.next(other, 2);
      throw new Error('It is undone.');
    });
    await expect(asked).rejects.toThrow('It is undone.');
    expect(mail.to(email)).toHaveLength(1);
  });
});

describe('Me', () => {
  it('changes its name, and nothing that is not there', async () => {
    const own = await signedIn(await user(mail));
    expect((await as(own)('PATCH', '/me', { name: 'Anna' })).body.user.name).toBe('Anna');
    expect((await as(own)('PATCH', '/me', {})).body.user.name).toBe('Anna');
    expect(shown(await as(own)('PATCH', '/me', { name: 'An\nna' }))).toEqual({ status: 400, error: 'invalid_params' });
    const activeWorkspaceId = 'clt_01h455vb4pex5vsknk084sn02q';
    expect(shown(await as(own)('PATCH', '/me', { activeWorkspaceId }))).toEqual({ status: 404, error: 'not_found' });
  });

  it('has a new e-mail once that has proven itself, by leave of the password', async () => {
    const [email, next] = [await user(mail), newEmail()];
    const own = await signedIn(email);
    const change = (body: object): Promise<Reply> => as(own)('PATCH', '/me', body);
    expect(shown(await change({ email: next }))).toEqual({ status: 400, error: 'missing_params' });
    expect(shown(await change({ email: next, password: 'not it at all' }))).toEqual({
      status: 401,
      error: 'invalid_credentials',
    });
    expect((await change({ email: next, password: PASSWORD })).body.user.email).toBe(email);
    const [before, token] = [mail.to(email).length, await mail.token(next)];
    accepted(await post('/verify-email', { token }));
    const told = await mail.next(email, before + 1);
    expect([told.to, told.text]).toEqual([[email], expect.stringContaining(next)]);
    expect([(await login(email)).status, (await login(next)).status]).toEqual([401, 200]);
    expect((await as(own)('GET', '/me')).body.user.email).toBe(next);
  });

  it('is not given the e-mail of another, and learns nothing of it', async () => {
    const [email, taken] = [await user(mail), await user(mail)];
    const own = await signedIn(email);
    expect((await as(own)('PATCH', '/me', { email: taken, password: PASSWORD })).status).toBe(200);
    await until(
      async () =>
        (await sql(`SELECT FROM mails WHERE email = $1 AND kind = 'change' AND next_attempt_at IS NULL`, taken)).length,
    );
    expect(mail.to(taken)).toHaveLength(1);
    expect((await as(own)('GET', '/me')).body.user.email).toBe(email);
  });
});
