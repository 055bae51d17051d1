import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Pool } from 'pg';
import { given as givenOn, type Customer, type TestClient } from '../support/given.js';
import { askForNames, startSlowNameServer, type SlowNameServer } from '../support/name-server.js';
import { startServer, type TestServer, useServer } from '../support/server.js';

const SECONDS = 3;
const PER_SECOND = 20;
const KEYS = {
  p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  auth: 'tBHItJI5svbpez7KI4CCXg',
};

let names: SlowNameServer;
beforeAll(async () => {
  names = await startSlowNameServer(5_000);
});
const server = useServer(startServer);
let acme: TestClient;
let john: Customer;
beforeAll(async () => {
  askForNames(server, names);
  const given = givenOn(() => server);
  acme = await given.client();
  john = await given.customer(acme);
});
afterAll(async () => {
  await names.stop();
});

const poolOf = (of: TestServer): Pool =>
  (of.get<DataSource>('DataSource').driver as unknown as { master: Pool }).master;

describe('A name server that takes five seconds', () => {
  const url = () => `https://${randomUUID()}.example/`;
  const asking = {
    'new devices, each with a key': () => () =>
      acme.send(
        'POST',
        `/api/v1/customers/${john.id}/devices`,
        { device_id: 'browser', provider: 'webpush', token: url(), keys: KEYS },
        { 'idempotency-key': randomUUID() },
      ),
    'changes of a webhook endpoint': async () => {
      const body = { url: 'https://1.1.1.1/', events: ['message.created'], enabled: false };
      const made = await acme.send('POST', '/api/v1/webhook_endpoints', body);
      expect(made.status).toBe(201);
      return () => acme.send('PATCH', `/api/v1/webhook_endpoints/${made.body.id}`, { url: url() });
    },
  };

  it.each(Object.entries(asking))('holds no connection and slows nobody, asked by %s', async (_, prepare) => {
    const ask = await prepare();
    const slow: Promise<number>[] = [];
    const held: number[] = [];
    for (const end = performance.now() + SECONDS * 1_000; performance.now() < end; await sleep(1_000 / PER_SECOND)) {
      slow.push(ask().then(({ status }) => status));
      expect((await acme.send('GET', `/api/v1/customers/${john.id}`)).status).toBe(200);
      const { totalCount, idleCount } = poolOf(server);
      held.push(totalCount - idleCount);
    }
    const statuses = await Promise.all(slow);
    // Ten of one client at once, and others when these are answered.
    expect(names.asked).toBeGreaterThanOrEqual(10);
    expect(new Set(statuses.map((status) => Math.floor(status / 100)))).toEqual(new Set([2]));
    // Each of them waits for two seconds: the pool of ten would be held by the first ten, and by the next as soon as these end.
    expect(held.sort((one, other) => one - other)[Math.floor(held.length / 2)]).toBeLessThan(5);
  });
});
