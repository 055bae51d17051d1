import { describe, expect, it } from '@jest/globals';
import { call, given as givenOn, type Reply, type TestClient, type TestSession } from '../support/given.js';
import { startServer, useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';

const server = useServer(() => startServer({ RATE_LIMIT: '5', CLIENT_RATE_LIMIT: '10' }));
const given = givenOn(() => server);

async function crowd(client: TestClient, count: number): Promise<TestSession[]> {
  const john = await given.customer(client);
  return Promise.all(Array.from({ length: count }, () => given.session(client, john)));
}

/** Each asks as often as it may by itself: ten times at once. */
async function rush(sessions: readonly TestSession[]): Promise<Reply[]> {
  const each = sessions.flatMap((session) => Array<TestSession>(10).fill(session));
  return Promise.all(each.map((session) => session.send('GET', '/api/v1/customers')));
}
const refused = (replies: readonly Reply[]): Reply[] => replies.filter(({ status }) => status === 429);

const give = (client: TestClient, fields: object): Promise<Reply> =>
  call(`${server.url}/admin/v1/clients/${client.id}`, 'PATCH', fields, { authorization: `Bearer ${ADMIN_KEY}` });

describe('All keys and sessions of a client together', () => {
  it('have a rate, however many there are; a neighbour has its own', async () => {
    const [acme, globex] = [await given.client(), await given.client()];
    const sessions = await crowd(acme, 6);
    const start = performance.now();
    const late = refused(await rush(sessions));
    const seconds = (performance.now() - start) / 1_000;
    // Sixty were asked, each session within its own limit: twenty at once are the client's, and ten more in each second.
    expect(late.length).toBeGreaterThanOrEqual(60 - 20 - Math.ceil(seconds * 10));
    expect(late.length).toBeGreaterThan(0);
    for (const { headers, body } of late) {
      expect(body.code).toBe('rate_limited');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect([headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]).toEqual(['20', '0']);
    }
    expect((await globex.send('GET', '/api/v1/customers')).status).toBe(200);
  });

  it('do not lose what one of them was refused', async () => {
    const acme = await given.client();
    const [hasty, calm] = await crowd(acme, 2);
    const asked = await Promise.all(Array.from({ length: 200 }, () => hasty!.send('GET', '/api/v1/customers')));
    expect(refused(asked).length).toBeGreaterThan(0);
    expect((await calm!.send('GET', '/api/v1/customers')).status).toBe(403);
  });

  it('have as much as the operator says, and no less than one key of theirs', async () => {
    const acme = await given.client();
    const limitNow = async (): Promise<string | null> =>
      (await acme.send('GET', '/api/v1/customers')).headers.get('x-ratelimit-limit');
    expect((await give(acme, { total_rate_limit: 2 })).body.total_rate_limit).toBe(2);
    expect(await limitNow()).toBe('4');
    expect((await give(acme, { total_rate_limit: null, rate_limit: 50 })).body.total_rate_limit).toBe(null);
    const replies = await Promise.all(Array.from({ length: 60 }, () => acme.send('GET', '/api/v1/customers')));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    for (const total_rate_limit of [0, 1_000_001, 1.5, '5']) {
      const { status, body } = await give(acme, { total_rate_limit });
      expect([status, Object.keys(body.errors ?? {})]).toEqual([422, ['total_rate_limit']]);
    }
  });
});
