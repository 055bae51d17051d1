import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Replicas } from '../../src/platform/cluster/replicas.js';
import type { Feed } from '../../src/platform/outbox/feed.js';
import { given as givenOn } from '../support/given.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(startServer);
const given = givenOn(() => server);

const exists = async (id: string): Promise<boolean> =>
  (await sql('SELECT FROM replicas WHERE id = $1', id)).length === 1;

/** The row of a process that does not beat. */
async function stranger(secondsAgo: number): Promise<string> {
  const id = randomUUID();
  await sql('INSERT INTO replicas (id, seen_at) VALUES ($1, now() - make_interval(secs => $2))', id, secondsAgo);
  return id;
}

describe('A process', () => {
  it('is known as long as it runs', async () => {
    const other = await startServer();
    const replicas = other.get<Replicas>('Replicas');
    await replicas.registered;
    expect(await exists(replicas.id)).toBe(true);
    const seenAt = async () =>
      (await sql<{ at: string }>('SELECT seen_at::text AS at FROM replicas WHERE id = $1', replicas.id))[0]!.at;
    const first = await seenAt();
    await until(async () => (await seenAt()) > first);
    await other.stop();
    expect(await exists(replicas.id)).toBe(false);
  });

  it('that is gone is deleted with all it held, and one that lives is not', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const ids = (
      await sql<{ channel: string; customer: string }>(
        'SELECT channel_id AS channel, customer_id AS customer FROM channel_members WHERE client_id = $1 LIMIT 1',
        acme.uuid,
      )
    )[0]!;
    expect([john.id, channel.id]).toHaveLength(2);
    const [dead, alive] = [await stranger(8), await stranger(-60)];
    for (const id of [dead, alive]) {
      await sql('INSERT INTO listeners (client_id, id, replica_id) VALUES ($1, $2, $2)', acme.uuid, id);
      await sql('INSERT INTO presences VALUES ($1, $2, $3, $4)', acme.uuid, ids.channel, ids.customer, id);
    }
    await sql(
      `WITH listener AS (INSERT INTO listeners (client_id, id) VALUES ($1, gen_random_uuid()) RETURNING id)
       INSERT INTO webhook_endpoints (client_id, id, url, events, secret, leased_by)
       SELECT $1, listener.id, 'https://example.com', '{}', 'whsec_', $2 FROM listener`,
      acme.uuid,
      dead,
    );
    await until(async () => !(await exists(dead)));
    const processes = 'SELECT replica_id FROM listeners WHERE client_id = $1 AND replica_id IS NOT NULL';
    expect(await sql(processes, acme.uuid)).toEqual([{ replica_id: alive }]);
    expect(await sql('SELECT replica_id FROM presences WHERE client_id = $1', acme.uuid)).toEqual([
      { replica_id: alive },
    ]);
    expect(await sql('SELECT leased_by FROM webhook_endpoints WHERE client_id = $1', acme.uuid)).toEqual([
      { leased_by: null },
    ]);
    await sql('DELETE FROM replicas WHERE id = $1', alive);
  });

  it('that was taken for dead registers again, tells so, and listens again', async () => {
    const acme = await given.client();
    const feed = server.get<Feed>('Feed');
    const { id } = server.get<Replicas>('Replicas');
    await feed.listen(acme.uuid);
    const rejoined = new Promise<void>((resolve) => {
      server.get<Replicas>('Replicas').onRejoin(() => Promise.resolve(resolve()));
    });
    await sql('DELETE FROM replicas WHERE id = $1', id);
    expect(await sql('SELECT FROM listeners WHERE client_id = $1', acme.uuid)).toEqual([]);
    await rejoined;
    expect(await exists(id)).toBe(true);
    expect(await sql('SELECT replica_id FROM listeners WHERE client_id = $1', acme.uuid)).toEqual([{ replica_id: id }]);
    feed.leave(acme.uuid);
  });

  it('tells it again as long as somebody can not make good what was lost', async () => {
    const other = await startServer();
    const replicas = other.get<Replicas>('Replicas');
    await replicas.registered;
    let tries = 0;
    replicas.onRejoin(() => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('not now')) : Promise.resolve();
    });
    await sql('DELETE FROM replicas WHERE id = $1', replicas.id);
    await until(() => tries === 2);
    await other.stop();
  });

  it('that starts without the database is known as soon as it is there', async () => {
    const away = await startServer({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    const known = await Promise.race([
      away.get<Replicas>('Replicas').registered.then(() => true),
      Promise.resolve(false),
    ]);
    expect(known).toBe(false);
    await away.stop();
  });
});

describe('kill -9 of a process', () => {
  let victim: ServerProcess;
  beforeAll(async () => {
    victim = await startProcess({ DATABASE_URL: process.env.TEST_DATABASE_URL! });
  });
  afterAll(() => victim.end('SIGKILL'));

  it('is noticed by the others', async () => {
    const mine = server.get<Replicas>('Replicas').id;
    const others = await sql<{ id: string }>('SELECT id FROM replicas WHERE id <> $1', mine);
    expect(others.length).toBeGreaterThan(0);
    await victim.end('SIGKILL');
    await until(async () => (await sql('SELECT FROM replicas WHERE id <> $1', mine)).length === 0);
  });
});
