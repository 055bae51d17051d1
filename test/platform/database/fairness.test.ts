import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Channel, type Customer, type Reply, type TestClient } from '../../support/given.js';
import { startServer, useServer } from '../../support/server.js';
import { beside } from '../../support/sql.js';
import { until } from '../../support/until.js';

const server = useServer(() => startServer({ DATABASE_POOL: '4' }));
const given = givenOn(() => server);

interface Talk {
  readonly client: TestClient;
  readonly channel: Channel;
  readonly sender: Customer;
}

async function talk(): Promise<Talk> {
  const client = await given.client();
  const { channel, john } = await given.pair(client);
  return { client, channel, sender: john };
}

const send = ({ client, channel, sender }: Talk, headers?: Record<string, string>): Promise<Reply> =>
  client.send(
    'POST',
    '/api/v1/messages',
    { channel_uuid: channel.id, sender_uuid: sender.id, type: 'text', content: 'Hello' },
    headers,
  );

describe('A client whose requests take long', () => {
  it.each([
    ['single statements', () => undefined],
    ['transactions', (at: number) => ({ 'idempotency-key': `key-${at}` })],
  ])('leaves a neighbour its share of the pool: %s', async (_, headersOf) => {
    const [acme, globex] = [await talk(), await talk()];
    // What the neighbour answers with is known: no request of it waits for a look-up.
    expect((await send(globex)).status).toBe(201);
    const replies = await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query('SELECT FROM channels WHERE id = $1 FOR UPDATE', [parseId('channel', acme.channel.id)]);
      const held = Array.from({ length: 12 }, (_, at) => send(acme, headersOf(at)));
      await until(async () => {
        const { rows } = await connection.query(`SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()`);
        return rows.length > 0;
      });
      const neighbour = await Promise.all(Array.from({ length: 8 }, () => send(globex)));
      expect(neighbour.map(({ status }) => status)).toEqual(Array(8).fill(201));
      await connection.query('COMMIT');
      return Promise.all(held);
    });
    expect(replies.map(({ status }) => status)).toEqual(Array(12).fill(201));
  });
});
