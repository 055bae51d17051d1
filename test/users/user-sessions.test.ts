import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { UserSessions, BegunSession } from '../../src/users/sessions/user-sessions.js';
import type { Housekeeping } from '../../src/notify/worker/housekeeping.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
const another = useServer(startServer);
const sessions = (): UserSessions => server.get<UserSessions>('UserSessions');
const elsewhere = (): UserSessions => another.get<UserSessions>('UserSessions');
const VISITOR = { address: '::ffff:192.0.2.7', userAgent: 'A browser' };

async function user(): Promise<string> {
  const id = randomUUID();
  await sql(`INSERT INTO users (id, email, name) VALUES ($1, $2, 'Ann')`, id, `${id}@example.com`);
  return id;
}

async function begun(userId: string, passwordVersion?: number): Promise<BegunSession> {
  const session = await sessions().begin(userId, VISITOR, passwordVersion);
  expect(session).not.toBeNull();
  return session!;
}

const days = (count: number): number => count * 86_400_000;
const age = (id: string, how: string): Promise<unknown> => sql(`UPDATE user_sessions SET ${how} WHERE id = $1`, id);
/** Past what is kept in memory: a process that never saw the token looks it up. */
const lookedUp = async (token: string) => elsewhere().find(token);

describe('A session of a user', () => {
  it('is found by its token, of which only the SHA-256 is stored', async () => {
    const id = await user();
    const { token, session } = await begun(id);
    expect(token).toMatch(/^ust_[\dA-Za-z]{38}$/);
    expect(session).toMatchObject({ userId: id, address: '192.0.2.7', userAgent: 'A browser' });
    expect(session.expiresAt.getTime() - session.createdAt.getTime()).toBe(days(14));
    expect(await sessions().find(token)).toMatchObject({ session: { id: session.id }, user: { id, name: 'Ann' } });
    const [row] = await sql(`SELECT user_sessions::text AS text FROM user_sessions WHERE id = $1`, session.id);
    expect(row!.text).not.toContain(token.slice(4));
  });

  it('has a token of its own each time', async () => {
    const id = await user();
    expect((await begun(id)).token).not.toBe((await begun(id)).token);
  });

  it('is not looked up for what is no token, nor for strangers without leave', async () => {
    const { token } = await begun(await user());
    const asked: string[] = [];
    const asStranger = (): Promise<void> => {
      asked.push('asked');
      return Promise.reject(new Error('Too many'));
    };
    for (const wrong of ['', 'ust_', token.slice(0, -1), `${token}0`, token.replace('ust_', 'cst_')]) {
      expect(await sessions().find(wrong, asStranger)).toBeNull();
    }
    expect(asked).toEqual([]);
    await expect(sessions().find(token, asStranger)).rejects.toThrow('Too many');
    expect(await sessions().find(token)).not.toBeNull();
    expect(await sessions().find(token, asStranger)).not.toBeNull();
    expect(asked).toEqual(['asked']);
  });

  it('ends at once, and everywhere within five seconds', async () => {
    const id = await user();
    const [one, other] = [await begun(id), await begun(id)];
    expect(await elsewhere().find(one.token)).not.toBeNull();
    expect(await sessions().end(await user(), one.session.id)).toBe(false);
    expect(await sessions().find(one.token)).not.toBeNull();
    expect(await sessions().end(id, one.session.id)).toBe(true);
    expect(await sessions().find(one.token)).toBeNull();
    await until(async () => (await elsewhere().find(one.token)) === null);
    expect(await sessions().find(other.token)).not.toBeNull();
    expect(await sessions().findEnded([one.session.id, other.session.id])).toEqual([one.session.id]);
    expect(await sessions().end(id, one.session.id)).toBe(true);
  });

  it('ends with all others but one', async () => {
    const id = await user();
    const [one, other, strangers] = [await begun(id), await begun(id), await begun(await user())];
    await sessions().endOthers(id, one.session.id);
    expect((await sessions().list(id)).map((session) => session.id)).toEqual([one.session.id]);
    expect(await sessions().find(other.token)).toBeNull();
    expect(await sessions().find(strangers.token)).not.toBeNull();
  });

  it('moves its end on while it is used, written at most once in ten minutes, and up to 90 days', async () => {
    const { token, session } = await begun(await user());
    const stored = async () => {
      const [row] = await sql<{ last_seen_at: Date; expires_at: Date }>(
        `SELECT last_seen_at, expires_at FROM user_sessions WHERE id = $1`,
        session.id,
      );
      return row!;
    };
    const before = await stored();
    await sessions().find(token);
    await age(session.id, `last_seen_at = now() - interval '11 minutes', expires_at = now() + interval '1 day'`);
    const moved = await stored();
    expect(await lookedUp(token)).not.toBeNull();
    const noted = await until(async () => {
      const now = await stored();
      return now.last_seen_at > moved.last_seen_at ? now : null;
    });
    expect(noted.expires_at.getTime() - noted.last_seen_at.getTime()).toBe(days(14));
    await age(session.id, `last_seen_at = now() - interval '11 minutes', ends_at = now() + interval '1 hour'`);
    sessions().ended();
    await sessions().find(token);
    await until(async () => (await stored()).expires_at.getTime() - noted.last_seen_at.getTime() < days(1));
    expect(before.last_seen_at < noted.last_seen_at).toBe(true);
  });

  it.each<[string, string]>([
    ['has expired', `UPDATE user_sessions SET expires_at = now() WHERE id = $1`],
    [
      'is of a disabled user',
      `UPDATE users SET disabled_at = now() WHERE id = (SELECT user_id FROM user_sessions WHERE id = $1)`,
    ],
    [
      'was begun by an older password',
      `UPDATE users SET password_version = 1 WHERE id = (SELECT user_id FROM user_sessions WHERE id = $1)`,
    ],
  ])('is nobody’s where it %s', async (_, change) => {
    const { token, session } = await begun(await user());
    await sql(change, session.id);
    expect(await lookedUp(token)).toBeNull();
    expect(await sessions().list(session.userId)).toEqual([]);
  });

  it('begun by a password that was changed meanwhile never works', async () => {
    const id = await user();
    await sql(`UPDATE users SET password_version = 1 WHERE id = $1`, id);
    expect(await sessions().find((await begun(id, 0)).token)).toBeNull();
    expect(await sessions().find((await begun(id, 1)).token)).not.toBeNull();
  });

  it('is begun for nobody who is not there', async () => {
    expect(await sessions().begin(randomUUID(), VISITOR)).toBeNull();
  });

  it('is thrown away a month after its end', async () => {
    const { session } = await begun(await user());
    const { session: newer } = await begun(await user());
    await age(session.id, `expires_at = now() - interval '31 days'`);
    await age(newer.id, `expires_at = now() - interval '29 days'`);
    await server.get<Housekeeping>('Housekeeping').purge();
    expect(await sql(`SELECT id FROM user_sessions WHERE id = ANY ($1)`, [session.id, newer.id])).toEqual([
      { id: newer.id },
    ]);
  });
});
