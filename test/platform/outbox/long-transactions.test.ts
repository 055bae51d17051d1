import { beforeAll, expect, it } from '@jest/globals';
import type { FeedRepository } from '../../../src/platform/outbox/feed.repository.js';
import { given as givenOn } from '../../support/given.js';
import { asClient, Listener } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { beside, ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(startServer);
const given = givenOn(() => server);

const LISTENS = 'SELECT FROM listeners WHERE client_id = $1';

it('A transaction that only reads, as that of pg_dump, keeps no first subscription waiting', async () => {
  const acme = await given.client();
  await beside(async (dump) => {
    await dump.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await dump.query('LOCK TABLE listeners, events, messages, channels, customers IN ACCESS SHARE MODE');
    await dump.query('SELECT count(*) FROM events');
    const listener = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
    // It gives up before the feed would stop waiting for a writer.
    await listener.subscribe('private-client');
    listener.end();
  });
});

it('One that may have written without an event does', async () => {
  const acme = await given.client();
  await beside(async (writer) => {
    await writer.query('BEGIN');
    await writer.query(
      `WITH changed AS (UPDATE customers SET name = name WHERE false RETURNING 1)
       SELECT EXISTS (SELECT FROM listeners) AND EXISTS (SELECT FROM changed)`,
    );
    const listener = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
    const subscribed = listener.subscribe('private-client');
    await until(async () => (await sql(LISTENS, acme.uuid)).length === 1);
    expect((await server.get<FeedRepository>('FeedRepository').writers()).size).toBe(1);
    expect(listener.pusher.channel('private-client').subscribed).toBe(false);
    await writer.query('COMMIT');
    await subscribed;
    listener.end();
  });
});
