import { describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { SecretBox } from '../../../../src/platform/secrets/secret-box.js';
import type { TwoFactorRepository } from '../../../../src/users/two-factor/two-factor.repository.js';
import { TotpRotation } from '../../../../src/users/two-factor/totp-rotation.js';
import { auth, newEmail, PASSWORD } from '../../../support/accounts.js';
import { accepted, type Reply } from '../../../support/given.js';
import { startServer, useServer } from '../../../support/server.js';
import { sql } from '../../../support/sql.js';

const KEY = Buffer.alloc(32, 1).toString('hex');
const server = useServer(() => startServer({ SECRETS_KEY: KEY }));
const limited = useServer(() => startServer({ SECRETS_KEY: KEY, RATE_LIMIT: '1000000', UI_RATE_LIMIT: '1000000' }));
const { post, login, as } = auth(() => server);
const shown = ({ status, body }: Reply): unknown => ({ status, error: body?.error });

/** A user with the app that makes its codes. */
async function withApp() {
  const email = newEmail();
  const { token } = accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' })).body;
  const own = as(token);
  const { secret, otpauthUrl } = accepted(await own('POST', '/2fa/setup')).body;
  const app = new TOTP({ secret: Secret.fromBase32(secret) });
  /** Each step counts once: one may be of the past, of now, or of what is to come. */
  const code = (stepsAhead = 0): string => app.generate({ timestamp: Date.now() + stepsAhead * 30_000 });
  const challenge = async (): Promise<string> => accepted(await login(email)).body.twoFactor.challenge as string;
  const verify = async (given: string, to?: string): Promise<Reply> =>
    post('/2fa/verify', { challenge: to ?? (await challenge()), code: given });
  return { email, token, own, secret, otpauthUrl, code, challenge, verify };
}

async function confirmed() {
  const user = await withApp();
  const { recoveryCodes } = accepted(await user.own('POST', '/2fa/confirm', { code: user.code(-1) })).body;
  return { ...user, recoveryCodes: recoveryCodes as string[] };
}

describe('Two-factor authentication', () => {
  it('is asked for once a code was confirmed, and not before', async () => {
    const { email, own, otpauthUrl, secret, code, verify } = await withApp();
    expect(otpauthUrl).toContain(`secret=${secret}`);
    expect((await login(email)).body.token).toMatch(/^ust_/);
    expect(shown(await own('POST', '/2fa/confirm', { code: '000000' }))).toEqual({
      status: 400,
      error: 'verification_failed',
    });
    expect(accepted(await own('POST', '/2fa/confirm', { code: code(-1) })).body.recoveryCodes).toHaveLength(10);
    const asked = accepted(await login(email)).body;
    expect(Object.keys(asked)).toEqual(['twoFactor']);
    const reply = await verify(code(), asked.twoFactor.challenge);
    expect(reply.body).toMatchObject({ token: expect.stringMatching(/^ust_/), user: { email, twoFactor: true } });
    expect((await as(reply.body.token)('GET', '/me')).status).toBe(200);
    expect(shown(await own('POST', '/2fa/setup'))).toEqual({ status: 409, error: 'conflict' });
  });

  it('takes each code once, however many bring it at once, and no older one', async () => {
    const { code, verify } = await confirmed();
    const ends = await Promise.all(Array.from({ length: 4 }, () => verify(code())));
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
    expect(shown(await verify(code(-1)))).toEqual({ status: 400, error: 'verification_failed' });
    expect((await verify(code(1))).status).toBe(200);
  });

  it('has five tries a challenge, and each challenge one session', async () => {
    const { code, challenge, verify } = await confirmed();
    const asked = await challenge();
    const wrong = await Promise.all(Array.from({ length: 12 }, () => verify('000000', asked)));
    expect(wrong.filter(({ body }) => body.error === 'verification_failed')).toHaveLength(5);
    expect(wrong.filter(({ body }) => body.error === 'invalid_token')).toHaveLength(7);
    expect(shown(await verify(code(), asked))).toEqual({ status: 400, error: 'invalid_token' });
    const another = await challenge();
    expect((await verify(code(), another)).status).toBe(200);
    expect(shown(await verify(code(1), another))).toEqual({ status: 400, error: 'invalid_token' });
  });

  it('counts wrong codes as wrong passwords, so that new challenges give no new tries', async () => {
    const { email, code } = await confirmed();
    const ask = auth(() => limited);
    const attempt = async (given: string): Promise<Reply> => {
      const reply = await ask.login(email);
      return reply.status === 200
        ? ask.post('/2fa/verify', { challenge: reply.body.twoFactor.challenge, code: given })
        : reply;
    };
    const seen: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      seen.push((await attempt('000000')).status);
    }
    expect(seen).toEqual([400, 400, 400, 400, 400, 429]);
    expect((await attempt(code())).status).toBe(429);
  });

  it('takes a recovery code once, however it is typed', async () => {
    const { recoveryCodes, verify } = await confirmed();
    expect((await verify(` ${recoveryCodes[0]!.toUpperCase()} `)).status).toBe(200);
    expect(shown(await verify(recoveryCodes[0]!))).toEqual({ status: 400, error: 'verification_failed' });
    expect((await verify(recoveryCodes[9]!.replaceAll('-', ''))).status).toBe(200);
  });

  it('begins nothing that works by a challenge from before a new password', async () => {
    const { token, code, challenge, verify } = await confirmed();
    const asked = await challenge();
    const body = { currentPassword: PASSWORD, newPassword: 'a battery of horses' };
    accepted(await as(token)('POST', '/me/password', body));
    expect(shown(await verify(code(), asked))).toEqual({ status: 400, error: 'invalid_token' });
  });

  it('is turned off by the password and a code', async () => {
    const { email, own, code } = await confirmed();
    const off = (password: string, given: string): Promise<Reply> =>
      own('POST', '/2fa/disable', { password, code: given });
    expect((await off('not the password', code())).status).toBe(401);
    expect((await off(PASSWORD, '000000')).status).toBe(400);
    expect((await off(PASSWORD, code())).status).toBe(204);
    expect((await login(email)).body.token).toMatch(/^ust_/);
  });

  it('keeps its secret sealed, for one user, and seals it anew with the next key', async () => {
    const { email, secret, code, verify } = await confirmed();
    const stored = async (): Promise<Buffer> =>
      (await sql<{ secret: Buffer }>(`SELECT totp_secret AS secret FROM users WHERE email = $1`, email))[0]!.secret;
    const before = await stored();
    expect(before.toString('latin1')).not.toContain(secret);
    const keys = { production: true, dataDir: '', secretsKeyPrevious: Buffer.from(KEY, 'hex') };
    const box = new SecretBox({ ...keys, secretsKey: Buffer.alloc(32, 2) });
    await new TotpRotation(server.get<TwoFactorRepository>('TwoFactorRepository'), box).rotate();
    expect((await stored()).equals(before)).toBe(false);
    const back = { ...keys, secretsKey: Buffer.from(KEY, 'hex'), secretsKeyPrevious: Buffer.alloc(32, 2) };
    await new TotpRotation(server.get<TwoFactorRepository>('TwoFactorRepository'), new SecretBox(back)).rotate();
    expect((await verify(code())).status).toBe(200);
  });
});
