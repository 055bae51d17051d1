import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auth, newEmail, PASSWORD } from '../../../support/accounts.js';
import { accepted, type Reply } from '../../../support/given.js';
import { MailServer } from '../../../support/mail-server.js';
import { startServer, useServer } from '../../../support/server.js';
import { ownDatabase, sql } from '../../../support/sql.js';

beforeAll(ownDatabase);
const mail = new MailServer();
const limits = { RATE_LIMIT: '1000000', UI_RATE_LIMIT: '1000000' };
const direct = useServer(startServer.bind(null, limits));
const server = useServer(async () =>
  startServer({ ...limits, ROLE: 'all', SMTP_URL: await mail.start(), TRUST_PROXY: '1' }),
);
const unlimited = useServer(startServer);
const { post, user } = auth(() => server);
afterAll(() => mail.stop());

let last = 0;
/** One that nobody else asks from. */
const newAddress = (): string => `198.51.${100 + Math.floor((last += 1) / 250)}.${last % 250}`;
const from = (address: string, email: string, password = 'not the password'): Promise<Reply> =>
  post('/login', { email, password }, { 'x-forwarded-for': address });
const statuses = async (count: number, ask: (at: number) => Promise<Reply>): Promise<number[]> => {
  const seen: number[] = [];
  for (let at = 0; at < count; at += 1) {
    seen.push((await ask(at)).status);
  }
  return seen;
};
const times = (count: number, status: number): number[] => Array<number>(count).fill(status);

describe('Wrong passwords', () => {
  it('for one e-mail from one address are five, and then nothing is tried', async () => {
    const [email, address] = [await user(mail), newAddress()];
    expect(await statuses(6, () => from(address, email))).toEqual([...times(5, 401), 429]);
    const refused = await from(address, email, PASSWORD);
    expect([refused.status, refused.body.error]).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from(newAddress(), email, PASSWORD)).status).toBe(200);
    const unknown = newEmail();
    expect(await statuses(6, () => from(address, unknown))).toEqual([...times(5, 401), 429]);
    expect((await from(address, unknown)).text).toBe(refused.text);
  });

  it('at once are no more than one after another', async () => {
    const [email, address] = [await user(mail), newAddress()];
    const ends = await Promise.all(Array.from({ length: 40 }, () => from(address, email)));
    expect(ends.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set([401, 429]));
  });

  it('from one address are twenty, whatever the e-mail; of IPv6, from a /64', async () => {
    const address = newAddress();
    expect(await statuses(21, () => from(address, newEmail()))).toEqual([...times(20, 401), 429]);
    const [here, there] = ['2001:db8:7', '2001:db8:8'];
    expect(await statuses(21, (at) => from(`${here}::${at}`, newEmail()))).toEqual([...times(20, 401), 429]);
    expect((await from(`${there}::1`, newEmail())).status).toBe(401);
  });

  it('for one e-mail are fifty from everywhere, but for where its user logged in before', async () => {
    const [email, home] = [await user(mail), newAddress()];
    accepted(await from(home, email, PASSWORD));
    expect(await statuses(50, () => from(newAddress(), email))).toEqual(times(50, 401));
    const [stranger, unknown] = [await from(newAddress(), email, PASSWORD), newEmail()];
    expect([stranger.status, stranger.body.error]).toEqual([429, 'rate_limited']);
    expect((await from(home, email, PASSWORD)).status).toBe(200);
    await sql(`UPDATE user_sessions SET created_at = now() - interval '31 days' WHERE address = $1`, home);
    expect((await from(home, email, PASSWORD)).status).toBe(429);
    expect(await statuses(51, () => from(newAddress(), unknown))).toEqual([...times(50, 401), 429]);
  });

  it('are counted for the password of a session, too', async () => {
    const [email, address] = [await user(mail), newAddress()];
    const { token } = accepted(await from(address, email, PASSWORD)).body;
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': address };
    const body = { currentPassword: 'not the password', newPassword: 'a battery of horses' };
    expect(await statuses(6, () => post('/me/password', body, headers))).toEqual([...times(5, 401), 429]);
    expect((await from(address, email, PASSWORD)).status).toBe(429);
  });

  it('are no fewer for what a caller says about its address where no proxy is trusted', async () => {
    const [email, ask] = [newEmail(), auth(() => direct).post];
    const attempt = (): Promise<Reply> =>
      ask('/login', { email, password: 'not the password' }, { 'x-forwarded-for': newAddress() });
    expect(await statuses(6, attempt)).toEqual([...times(5, 401), 429]);
  });

  it('keep out nobody who knows the right one', async () => {
    const [email, address] = [await user(mail), newAddress()];
    expect(await statuses(30, () => from(address, email, PASSWORD))).toEqual(times(30, 200));
  });
});

describe('Many logins at once', () => {
  it('wait for their turn, the rest are told to come back, and other requests are answered', async () => {
    const { post: ask } = auth(() => unlimited);
    const email = newEmail();
    const logins = Promise.all(
      Array.from({ length: 400 }, () => ask('/login', { email, password: 'not the password' })),
    );
    const health = await fetch(`${unlimited.url}/health/live`);
    expect(health.status).toBe(200);
    const ends = await logins;
    const busy = ends.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]!.body.error).toBe('busy');
    expect(busy[0]!.headers.get('retry-after')).toBe('1');
    expect(ends.filter(({ status }) => status === 401).length).toBe(400 - busy.length);
  });

  it('take as long for an e-mail that nobody has', async () => {
    const { post: ask } = auth(() => unlimited);
    const known = newEmail();
    accepted(await ask('/register', { email: known, password: PASSWORD, name: 'Ann' }));
    const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let round = 0; round < 15; round += 1) {
      for (const [name, email] of [
        ['known', known],
        ['unknown', newEmail()],
      ] as const) {
        const begun = performance.now();
        expect((await ask('/login', { email, password: 'not the password' })).status).toBe(401);
        took[name].push(performance.now() - begun);
      }
    }
    const middle = (all: number[]): number => all.sort((a, b) => a - b)[7]!;
    const ratio = middle(took.known) / middle(took.unknown);
    // Without a hash it would be a tenth. Other tests run beside this one, so no more is asked of it here.
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});
