import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { accepted, given as givenOn, type TestClient } from '../../support/given.js';
import { expectRefused, expectSane, linesOf } from '../../support/hostile.js';
import { answersOn, exchange, open, wire, type HeaderLine } from '../../support/raw-http.js';
import { startServer, useServer } from '../../support/server.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

describe('80: A peer that trickles its headers', () => {
  it('is told 408 after ten seconds and hung up on, while others are answered', async () => {
    const start = performance.now();
    const trickling = Promise.all(
      ['GET / HTTP/1.1\r\n', 'GET / HTTP/1.1\r\nHost: a\r\nX: '].map(async (bytes) => {
        const socket = await open(server.port);
        socket.write(bytes);
        const trickle = setInterval(() => socket.write('x'), 1_000);
        // It waits for one answer more than there is, so the end of the connection is what it sees.
        return answersOn(socket, 2).finally(() => clearInterval(trickle));
      }),
    );
    await sleep(2_000);
    expect((await acme.send('GET', '/api/v1/customers')).status).toBe(200);
    for (const replies of await trickling) {
      expect(replies).toHaveLength(1);
      expectRefused(replies[0]!, 408, 'Request timed out');
    }
    expect(performance.now() - start).toBeGreaterThan(9_000);
  });
});

describe('80: A peer that trickles its body', () => {
  it('is told 408 once its time is up, and hung up on', async () => {
    const slow = await startServer();
    const http: Server = slow.app.getHttpServer();
    expect(http.requestTimeout).toBe(30_000);
    [http.headersTimeout, http.requestTimeout] = [1_500, 1_500];
    const socket = await open(slow.port);
    const lines: HeaderLine[] = [...linesOf(acme), ['Content-Type', 'application/json'], ['Content-Length', '1000']];
    socket.write(wire('POST', '/api/v1/customers', lines));
    const trickle = setInterval(() => socket.write(' '), 100);
    const replies = await answersOn(socket, 2).finally(() => clearInterval(trickle));
    expect(replies).toHaveLength(1);
    expectRefused(replies[0]!, 408, 'Request timed out');
    await slow.stop();
  });
});

describe('81: Pipelined requests', () => {
  it.each([3, 1_000])('%i of them are answered in order', async (count) => {
    const requests = Array.from({ length: count }, (_, at) => {
      const id: HeaderLine = ['X-Request-Id', `pipelined-${at}`];
      // Of different lengths and durations: some ask the database, some are refused at once.
      return at % 3 === 0
        ? wire('GET', '/nowhere', [id])
        : at % 3 === 1
          ? wire('GET', '/api/v1/customers?limit=1', [...linesOf(acme), id])
          : wire('POST', '/api/v1/customers', [...linesOf(acme), id, ['Content-Type', 'application/json']], '{}');
    });
    // A pool gives up a connection that it can't open in time while the process reads a thousand requests: they are there before.
    await Promise.all(Array.from({ length: 10 }, () => acme.send('GET', '/api/v1/customers?limit=1').then(accepted)));
    const replies = await exchange(server.port, Buffer.concat(requests), count);
    expect(replies.map((reply) => expectSane(reply).headers.get('x-request-id'))).toEqual(
      requests.map((_, at) => `pipelined-${at}`),
    );
    expect(replies.map(({ status }) => status)).toEqual(requests.map((_, at) => [404, 200, 422][at % 3]));
  });
});

describe('82: A client that goes away', () => {
  const pool = (): pg.Pool => (server.get<DataSource>('DataSource').driver as unknown as { master: pg.Pool }).master;

  it('before its answer leaves no connection of the database in use', async () => {
    const { john, channel } = await given.pair(acme);
    const body = JSON.stringify({ channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content: 'x' });
    const json: HeaderLine = ['Content-Type', 'application/json'];
    for (let at = 0; at < 120; at += 1) {
      const key: HeaderLine = ['Idempotency-Key', `gone-${at}`];
      const bytes = wire('POST', '/api/v1/messages', [...linesOf(acme), json, ...(at % 2 ? [key] : [])], body);
      const socket = await open(server.port);
      // Some send all of it, some stop in the middle of the body, some in the headers.
      socket.write(bytes.subarray(0, at % 3 === 0 ? bytes.length : at % 3 === 1 ? bytes.length - 10 : 60));
      setTimeout(() => (at % 4 ? socket.destroy() : socket.resetAndDestroy()), at % 7);
    }
    const deadline = performance.now() + 10_000;
    while (performance.now() < deadline && (pool().idleCount < pool().totalCount || pool().waitingCount > 0)) {
      await sleep(20);
    }
    expect({ inUse: pool().totalCount - pool().idleCount, waiting: pool().waitingCount }).toEqual({
      inUse: 0,
      waiting: 0,
    });
    // What was sent whole was done whole, or not at all: what was counted is what is there.
    const read = expectSane(await acme.send('GET', `/api/v1/messages/channel/${channel.id}?limit=100`));
    expect(read.body.data).toHaveLength(read.body.total_count);
    expect(read.body.total_count).toBeLessThanOrEqual(40);
  });
});
