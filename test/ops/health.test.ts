import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readiness } from '../../src/ops/health/readiness.js';
import { call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { docUrl } from '../support/refused.js';
import { startServer, useServer, type TestServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';

const sound = useServer();
let acme: TestClient;
let server: TestServer | undefined;
beforeAll(async () => {
  acme = await given.client();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
const given = givenOn(() => sound);

const database = new URL(process.env.TEST_DATABASE_URL!);
const UNTOUCHED = 'Service temporarily unavailable. Nothing was changed. Please try again.';

/** A way to the tests' PostgreSQL that can be shut and opened again. */
class Gate {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(readonly port: number) {}

  /** Shut, on a port where nothing listens. */
  static async shut(): Promise<Gate> {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    return new Gate(port);
  }

  get url(): string {
    const url = new URL(database);
    url.port = String(this.port);
    return url.href;
  }

  open(): Promise<void> {
    const gate = createServer((socket) => {
      const peer = connect(Number(database.port), database.hostname);
      for (const [from, to] of [
        [socket, peer],
        [peer, socket],
      ] as const) {
        this.sockets.add(from);
        from.pipe(to);
        from.on('error', () => undefined);
        from.on('close', () => to.destroy());
      }
    });
    this.server = gate;
    return new Promise((resolve) => gate.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    this.sockets.forEach((socket) => socket.destroy());
    this.sockets.clear();
    await closed;
  }
}

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  server = await startServer(env);
  server.app.useLogger(false);
  return server;
}

const get = (path: string, headers?: Record<string, string>): Promise<Reply> =>
  call(`${server!.url}${path}`, 'GET', undefined, headers);

async function becomes(status: number): Promise<Reply> {
  for (let tries = 0; ; tries += 1) {
    const reply = await get('/health/ready');
    if (reply.status === status || tries === 100) {
      expect(reply.status).toBe(status);
      return reply;
    }
    await sleep(50);
  }
}

describe('With a database', () => {
  it('the server is live and ready, and asks nobody who they are', async () => {
    await start();
    expect((await get('/health/live')).body).toEqual({ status: 'ok' });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
    expect((await get('/version')).body).toEqual({ version });
    const ready = await get('/health/ready');
    expect([ready.status, ready.body]).toEqual([200, { status: 'ready', database: 'up' }]);
  });

  it('it is live and no longer ready while it drains, yet still answers', async () => {
    const draining = await start();
    draining.get<Readiness>('Readiness').drain();
    const ready = await get('/health/ready');
    expect([ready.status, ready.body]).toEqual([503, { status: 'unavailable', database: 'up' }]);
    expect(ready.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/api/v1/customers', acme.headers)).status).toBe(200);
  });
});

/** Every kind of route says it: read and write, tenant and operator. */
async function expectUnavailable(): Promise<void> {
  const admin = { authorization: `Bearer ${ADMIN_KEY}` };
  const replies = [
    await get('/api/v1/customers', acme.headers),
    await call(`${server!.url}/api/v1/customers`, 'POST', { name: 'x', email: 'x@example.com' }, acme.headers),
    await call(
      `${server!.url}/api/v1/customers`,
      'POST',
      { name: 'x', email: 'x@example.com' },
      {
        ...acme.headers,
        'idempotency-key': 'once',
      },
    ),
    await get('/admin/v1/clients', admin),
    await call(`${server!.url}/admin/v1/clients`, 'POST', { name: 'x', domain: 'x.com' }, admin),
  ];
  for (const reply of replies) {
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    const request_id = reply.headers.get('x-request-id');
    expect(reply.body).toEqual({ error: UNTOUCHED, code: 'unavailable', doc_url: docUrl('unavailable'), request_id });
  }
}

describe('Without a database', () => {
  it('the server starts, stays up, and says that it can not serve', async () => {
    await start({ DATABASE_URL: (await Gate.shut()).url });
    expect((await get('/health/live')).status).toBe(200);
    for (let tries = 0; tries < 3; tries += 1) {
      const ready = await get('/health/ready');
      expect([ready.status, ready.body]).toEqual([503, { status: 'unavailable', database: 'down' }]);
      expect(ready.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      await expectUnavailable();
      await sleep(600);
    }
    // Who asks wrongly, or for what is not there, hears that.
    expect((await get('/api/v1/customers')).status).toBe(401);
    expect((await get('/nowhere')).status).toBe(404);
  });

  it('it recovers by itself when the database comes, goes and comes again', async () => {
    const gate = await Gate.shut();
    await start({ DATABASE_URL: gate.url });
    await becomes(503);
    await gate.open();
    await becomes(200);
    expect((await get('/api/v1/customers', acme.headers)).status).toBe(200);
    await gate.close();
    await becomes(503);
    expect((await get('/api/v1/customers', acme.headers)).status).toBe(503);
    await gate.open();
    await becomes(200);
    const email = 'after@example.com';
    const created = await call(`${server!.url}/api/v1/customers`, 'POST', { name: 'x', email }, acme.headers);
    expect(created.status).toBe(201);
    await gate.close();
  });
});
