import { beforeAll, expect, it, jest } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { Database } from '../../../src/platform/database/database.js';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { asClient, Listener, session } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer(startServer);
let acme: TestClient;
let questions: jest.Mock;
beforeAll(async () => {
  acme = await given.client();
  // What is asked is asked all the same.
  questions = jest.spyOn(server.get<Database>('Database'), 'runFor') as unknown as jest.Mock;
});
const given = givenOn(() => server);

/** The parameters of each run of this statement. */
function asked(name: string): unknown[][] {
  const calls = questions.mock.calls as [unknown, { readonly name: string }, unknown[]][];
  return calls.filter(([, statement]) => statement.name === name).map(([, , values]) => values);
}

it('Of what many events name, the database is asked once, and who is in their channels first', async () => {
  const { jane, channel } = await given.pair(acme);
  const people = await Promise.all(Array.from({ length: 100 }, () => given.customer(acme)));
  const client = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
  await client.subscribe('private-client');
  for (const { id } of people) {
    await client.subscribe(`private-customer.${id}`);
  }
  const asJane = new Listener(server.url, acme.publicKey, (await session(server, acme, jane)).ask);
  await asJane.subscribe(`private-customer.${jane.id}`);
  questions.mockClear();
  const ids = people.map(({ id }) => parseId('customer', id));
  await sql(
    `INSERT INTO events (client_id, id, type, channel_id, customer_id, data)
     SELECT $1::uuid, gen_random_uuid(), 'customer.updated', NULL::uuid, id, jsonb_build_object('id', id)
     FROM unnest($2::uuid[]) id
     UNION ALL
     SELECT $1, gen_random_uuid(), 'channel.updated', $3::uuid, NULL, jsonb_build_object('id', $3::uuid)`,
    ...[acme.uuid, ids, parseId('channel', channel.id)],
  );
  server.get<Database>('Database').commits.notify();
  await client.next('customer.updated', people.length);
  await asJane.next('channel.updated');
  const channelId = parseId('channel', channel.id);
  expect(asked('customers.find_many')).toEqual([[expect.arrayContaining(ids)]]);
  expect(asked('channels.find_many')).toEqual([[[channelId]]]);
  expect([...asked('customers.find'), ...asked('channels.find')]).toEqual([]);
  // Of all who are connected, the members alone.
  expect(asked('pusher.find_watchers')).toEqual([[[channelId], [parseId('customer', jane.id)]]]);
  [client, asJane].forEach((one) => one.end());
});
