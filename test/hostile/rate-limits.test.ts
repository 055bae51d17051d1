import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeKey } from '../../src/clients/key-format.js';
import { call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { expectSane } from '../support/hostile.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let slow: TestServer;
let acme: TestClient;
beforeAll(async () => {
  [server, slow] = await Promise.all([
    startServer({ RATE_LIMIT: '100', TRUST_PROXY: '1' }),
    startServer({ RATE_LIMIT: '5' }),
  ]);
  acme = await givenOn(() => server).client();
});
afterAll(() => Promise.all([server.stop(), slow.stop()]));

async function batches(count: number, ask: () => Promise<Reply>): Promise<Reply[]> {
  const replies: Reply[] = [];
  while (replies.length < count) {
    replies.push(...(await Promise.all(Array.from({ length: Math.min(20, count - replies.length) }, ask))));
  }
  return replies.map(expectSane);
}
const statusesOf = (replies: readonly Reply[]): Set<number> => new Set(replies.map(({ status }) => status));

describe('47: Wrong keys', () => {
  it('from one address are 429 after three hundred, and every right key still works', async () => {
    const ask = (address: string, headers: Record<string, string>): Promise<Reply> =>
      call(`${server.url}/api/v1/customers`, 'GET', undefined, { ...headers, 'x-forwarded-for': address });
    const wrong = () => ({ ...acme.headers, authorization: `Bearer ${makeKey('sk', false)}` });
    const attacker = '192.0.2.1';
    expect(statusesOf(await batches(300, () => ask(attacker, wrong())))).toEqual(new Set([401]));
    const refused = await batches(20, () => ask(attacker, wrong()));
    expect(statusesOf(refused)).toEqual(new Set([429]));
    for (const { headers, body } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(body.code).toBe('rate_limited');
    }
    const umbrella = await givenOn(() => server).client();
    const admin = { authorization: 'Bearer wrong' };
    const elsewhere = '192.0.2.2';
    expect((await ask(attacker, umbrella.headers)).status).toBe(200);
    expect((await ask(attacker, acme.headers)).status).toBe(200);
    expect((await ask(elsewhere, wrong())).status).toBe(401);
    const operator = (address: string) =>
      call(`${server.url}/admin/v1/clients`, 'GET', undefined, { ...admin, 'x-forwarded-for': address });
    expect([(await operator(attacker)).status, (await operator(elsewhere)).status]).toEqual([429, 401]);
  });
});

describe('The requests of one key', () => {
  const given = givenOn(() => slow);

  it('are told what is left, and 429 past the limit; other keys have their own', async () => {
    const [hasty, calm] = [await given.client(), await given.client()];
    const replies = await batches(60, () => hasty.send('GET', '/api/v1/customers'));
    expect(statusesOf(replies)).toEqual(new Set([200, 429]));
    // Ten are let in per window of two seconds; a busy machine may need a few windows for sixty requests.
    expect(replies.filter(({ status }) => status === 429).length).toBeGreaterThan(5);
    for (const { status, headers } of replies) {
      expect(headers.get('x-ratelimit-limit')).toBe('10');
      expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1_000 - 30);
      expect(headers.get('x-ratelimit-remaining')).toMatch(status === 429 ? /^0$/ : /^\d$/);
      expect(headers.has('retry-after')).toBe(status === 429);
    }
    expect((await calm.send('GET', '/api/v1/customers')).status).toBe(200);
  });

  it('are counted whatever the answer is', async () => {
    const client = await given.client({ scopes: ['customers:read', 'customers:write'] });
    const replies = [
      await client.send('GET', '/api/v1/customers/x'),
      await client.send('GET', '/api/v1/customers?limit=0'),
      await client.send('POST', '/api/v1/customers', {}),
      await client.send('GET', '/api/v1/channels'),
    ].map(expectSane);
    expect(replies.map(({ status }) => status)).toEqual([404, 422, 422, 403]);
    for (const { headers } of replies) {
      expect(headers.get('x-ratelimit-limit')).toBe('10');
      expect(headers.get('x-ratelimit-remaining')).toMatch(/^\d$/);
    }
  });
});
