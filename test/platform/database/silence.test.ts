import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PoolClient } from '../../../src/platform/database/pool-client.js';

const SILENCE_MS = 300;
const undo: Array<() => unknown> = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

/** A way to PostgreSQL that can fall silent: what is sent is taken, and nothing comes back. */
async function wayToPostgres() {
  const url = new URL(process.env.TEST_DATABASE_URL!);
  const { port, hostname } = url;
  const answers: Socket[] = [];
  const server = createServer((caller) => {
    const database = connect(Number(port), hostname);
    answers.push(database);
    caller.pipe(database);
    database.pipe(caller);
    [caller, database].forEach((socket) => socket.on('error', () => undefined));
    undo.push(() => [caller, database].forEach((socket) => socket.destroy()));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  undo.push(() => server.close());
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: url.href, silence: () => answers.forEach((database) => database.unpipe().pause()) };
}

async function connected(url: string): Promise<PoolClient> {
  const client = new PoolClient({ connectionString: url, silence_timeout: SILENCE_MS });
  await client.connect();
  undo.push(() => client.end().catch(() => undefined));
  return client;
}

describe('a silent database', () => {
  it('fails the query that waits for it, and the connection with it', async () => {
    const { url, silence } = await wayToPostgres();
    const client = await connected(url);
    await client.query('SELECT 1');
    silence();
    // Not once(): it fails with the error that comes before.
    const broken = new Promise<void>((resolve) => client.once('end', resolve));
    await expect(client.query('SELECT 1')).rejects.toThrow('Query read timeout');
    await broken;
  });

  it('breaks nothing while nobody asks', async () => {
    const { url } = await wayToPostgres();
    const client = await connected(url);
    await once(client.connection.stream, 'timeout');
    await expect(client.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('waits for an answer that is on its way', async () => {
    const { url } = await wayToPostgres();
    const client = await connected(url);
    const slowly = `SELECT pg_sleep(${SILENCE_MS / 2000}), repeat('x', 16384) FROM generate_series(1, 4)`;
    await expect(client.query(slowly)).resolves.toMatchObject({ rowCount: 4 });
  });
});
