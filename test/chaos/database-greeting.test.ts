import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { given as givenOn } from '../support/given.js';
import { freePort, launch, startProcess, type Launched } from '../support/process.js';
import { startServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

/** Of the backend, to the application: a letter, the length, and what it says (PostgreSQL manual, "Message Formats"). */
function message(letter: string, ...parts: readonly (string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(`${part}\0`) : Buffer.from(Int32Array.of(part).buffer).swap32(),
    ),
  );
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(letter), length, body]);
}

const GREETING = Buffer.concat([
  message('R', 0),
  message('S', 'server_version', '16.0'),
  message('K', 7, 7),
  Buffer.from('Z\0\0\0\x05I'),
]);
/** What a server that is being shut down says to everybody. */
const FATAL = message('E', 'SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection due to administrator command', '');

/** A PostgreSQL that welcomes everybody and ends them in the same breath. */
async function endingPostgres() {
  let greeted = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      greeted += 1;
      socket.end(Buffer.concat([GREETING, FATAL]));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://me:secret@127.0.0.1:${port}/none`, greeted: () => greeted };
}

const started: Launched[] = [];
const servers: Server[] = [];
afterEach(async () => {
  servers.splice(0).forEach((server) => server.close());
  await Promise.all(started.splice(0).map((one) => one.end('SIGKILL')));
});

describe('A server whose connections are ended', () => {
  it('in the greeting lives on, and says that it can not serve', async () => {
    const postgres = await endingPostgres();
    const port = await freePort();
    const one = launch({ DATABASE_URL: postgres.url, PORT: String(port) });
    started.push(one);
    await until(() => one.child.exitCode !== null || postgres.greeted() > 12);
    const live = await fetch(`http://localhost:${port}/health/live`);
    const ready = await fetch(`http://localhost:${port}/health/ready`);
    expect([live.status, ready.status, one.output()]).toEqual([200, 503, expect.not.stringContaining('    at ')]);
    expect(await one.end('SIGTERM')).toBe(0);
  });

  it('again and again under load lives on, and loses nothing that it acknowledged', async () => {
    await ownDatabase();
    const server = await startServer();
    const acme = await givenOn(() => server).client();
    await server.stop();
    const victim = await startProcess({ DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' });
    started.push(victim);
    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    let over = false;
    const writers = Array.from({ length: 24 }, async () => {
      while (!over) {
        const email = `${randomUUID()}@example.com`;
        const answer = await fetch(`${victim.url}/api/v1/customers`, {
          method: 'POST',
          headers: { ...acme.headers, 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'Jane', email }),
        });
        statuses.add(answer.status);
        if (answer.status === 201) {
          acknowledged.push(email);
        }
      }
    });
    for (let round = 0; (round < 150 || acknowledged.length === 0) && victim.child.exitCode === null; round += 1) {
      await sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    }
    over = true;
    await Promise.all(writers);
    await until(async () => (await fetch(`${victim.url}/health/ready`)).ok);
    expect([...statuses].filter((status) => status !== 201 && status !== 503)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(0);
    const rows = await sql<{ email: string }>('SELECT email FROM customers');
    const kept = new Set(rows.map(({ email }) => email));
    expect(acknowledged.filter((email) => !kept.has(email))).toEqual([]);
    expect(await victim.end('SIGTERM')).toBe(0);
  });
});
