import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ClientsRepository } from '../../../src/clients/clients.repository.js';
import { makeKey } from '../../../src/clients/key-format.js';
import { accepted, call, given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { expectSane } from '../../support/hostile.js';
import { ACCEPT } from '../../support/layer.js';
import { startServer, useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';

const server = useServer(() => startServer({ RATE_LIMIT: '100', TRUST_PROXY: '1' }));
const slow = useServer(() => startServer({ RATE_LIMIT: '5' }));
let acme: TestClient;
beforeAll(async () => {
  acme = await givenOn(() => server).client();
});

const operator = { authorization: `Bearer ${ADMIN_KEY}` };
async function batches(count: number, ask: () => Promise<Reply>): Promise<Reply[]> {
  const replies: Reply[] = [];
  while (replies.length < count) {
    replies.push(...(await Promise.all(Array.from({ length: Math.min(20, count - replies.length) }, ask))));
  }
  return replies.map(expectSane);
}
const statusesOf = (replies: readonly Reply[]): Set<number> => new Set(replies.map(({ status }) => status));

describe('47: Wrong keys', () => {
  it('from one address are mostly 429 after three hundred, and every right key that was there before works', async () => {
    const ask = (address: string, headers: Record<string, string>): Promise<Reply> =>
      call(`${server.url}/api/v1/customers`, 'GET', undefined, { ...headers, 'x-forwarded-for': address });
    const wrong = () => ({ ...acme.headers, authorization: `Bearer ${makeKey('sk', false)}` });
    const attacker = '192.0.2.1';
    const umbrella = await givenOn(() => server).client();
    for (const { headers } of [umbrella, acme]) {
      expect((await ask('192.0.2.3', headers)).status).toBe(200);
    }
    const start = performance.now();
    expect(statusesOf(await batches(300, () => ask(attacker, wrong())))).toEqual(new Set([401]));
    const more = await batches(200, () => ask(attacker, wrong()));
    const refused = more.filter(({ status }) => status === 429);
    // Five more are counted in each second since the first.
    const seconds = (performance.now() - start) / 1_000;
    expect(refused.length).toBeGreaterThanOrEqual(199 - seconds * 5);
    expect(refused).not.toHaveLength(0);
    for (const { headers, body } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(body.code).toBe('rate_limited');
    }
    const admin = { authorization: 'Bearer wrong' };
    const elsewhere = '192.0.2.2';
    expect((await ask(attacker, umbrella.headers)).status).toBe(200);
    expect((await ask(attacker, acme.headers)).status).toBe(200);
    expect((await ask(elsewhere, wrong())).status).toBe(401);
    // A port, and IPv4 within IPv6, make no other address of it.
    for (const spelled of [`${attacker}:4711`, `::ffff:${attacker}`]) {
      expect(statusesOf(await batches(20, () => ask(spelled, wrong())))).toContain(429);
    }
    // Nonces are counted by themselves.
    const nonce = { accept: ACCEPT, 'x-forwarded-for': attacker };
    expect((await call(`${server.url}/layer/nonces`, 'POST', undefined, nonce)).status).toBe(201);
    const wrongOperator = (address: string) =>
      call(`${server.url}/admin/v1/clients`, 'GET', undefined, { ...admin, 'x-forwarded-for': address });
    expect(statusesOf(await batches(20, () => wrongOperator(attacker)))).toContain(429);
    expect((await wrongOperator(elsewhere)).status).toBe(401);
  });
});

describe('Keys of nobody', () => {
  it('are looked up once, and those of a new client at once', async () => {
    const looks = jest.spyOn(server.get<ClientsRepository>('ClientsRepository'), 'findByKeys');
    const ask = (publicKey: string, secretKey: string): Promise<Reply> => {
      const headers = { authorization: `Bearer ${secretKey}`, 'x-public-key': publicKey };
      return call(`${server.url}/api/v1/customers`, 'GET', undefined, headers);
    };
    const [nobody, secret] = [makeKey('pk', false), makeKey('sk', false)];
    for (const publicKey of [nobody, acme.publicKey]) {
      looks.mockClear();
      for (let tries = 0; tries < 5; tries += 1) {
        expect((await ask(publicKey, secret)).status).toBe(401);
      }
      expect(looks).toHaveBeenCalledTimes(1);
    }
    looks.mockRestore();
    const umbrella = await givenOn(() => server).client();
    expect((await umbrella.send('GET', '/api/v1/customers')).status).toBe(200);
  });
});

describe('The requests of one key', () => {
  const given = givenOn(() => slow);

  it('are told what is left, and 429 past the limit; other keys have their own', async () => {
    const [hasty, calm] = [await given.client(), await given.client()];
    const replies = await batches(60, () => hasty.send('GET', '/api/v1/customers'));
    expect(statusesOf(replies)).toEqual(new Set([200, 429]));
    // Ten at once, then five more in each second, and a busy machine may need a few for sixty requests.
    expect(replies.filter(({ status }) => status === 429).length).toBeGreaterThan(5);
    for (const { status, headers } of replies) {
      expect(headers.get('x-ratelimit-limit')).toBe('10');
      const reset = Number(headers.get('x-ratelimit-reset'));
      expect(reset).toBeGreaterThan(Date.now() / 1_000 - 30);
      expect(reset).toBeLessThanOrEqual(Date.now() / 1_000 + 3);
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

  it('come back one by one, not all at once when a window ends', async () => {
    const client = await given.client();
    const passing = async (): Promise<number> =>
      (await batches(40, () => client.send('GET', '/api/v1/customers'))).filter(({ status }) => status === 200).length;
    await passing();
    const start = performance.now();
    await sleep(600);
    const passed = await passing();
    const seconds = (performance.now() - start) / 1_000;
    expect(passed).toBeGreaterThanOrEqual(2);
    expect(passed).toBeLessThanOrEqual(Math.ceil(seconds * 5) + 1);
  });

  it('are as many as the operator says, here at once', async () => {
    const client = await given.client();
    const limit = async (): Promise<string | null> =>
      (await client.send('GET', '/api/v1/customers')).headers.get('x-ratelimit-limit');
    const change = (rate_limit: number | null): Promise<Reply> =>
      call(`${slow.url}/admin/v1/clients/${client.id}`, 'PATCH', { rate_limit }, operator);
    expect(await limit()).toBe('10');
    accepted(await change(50));
    expect(await limit()).toBe('100');
    const replies = await batches(60, () => client.send('GET', '/api/v1/customers'));
    expect(statusesOf(replies)).toEqual(new Set([200]));
    accepted(await change(null));
    expect(await limit()).toBe('10');
  });

  it('are not those of a customer’s session, each of which has its own', async () => {
    const client = await given.client();
    accepted(await call(`${slow.url}/admin/v1/clients/${client.id}`, 'PATCH', { rate_limit: 6 }, operator));
    const john = await given.customer(client);
    const [hasty, calm] = [await given.session(client, john), await given.session(client, john)];
    const replies = await batches(60, () => hasty.send('GET', '/api/v1/customers'));
    expect(statusesOf(replies)).toEqual(new Set([403, 429]));
    expect((await calm.send('GET', '/api/v1/customers')).status).toBe(403);
    expect(replies.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(Array(60).fill('12'));
    expect((await client.send('GET', '/api/v1/customers')).status).toBe(200);
  });
});

describe('Without a limit', () => {
  it('nothing is counted, whatever a client has', async () => {
    const free = await startServer({ RATE_LIMIT: 'off' });
    const client = await givenOn(() => free).client({ rate_limit: 1 });
    const replies = await batches(20, () => client.send('GET', '/api/v1/customers'));
    expect(replies.map(({ status, headers }) => [status, headers.has('x-ratelimit-limit')])).toEqual(
      Array(20).fill([200, false]),
    );
    await free.stop();
  });
});
