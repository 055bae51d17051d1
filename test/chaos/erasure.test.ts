import { expect, it } from '@jest/globals';
import { expectExactRows } from '../support/exact.js';
import { given as givenOn, type Customer, type TestClient } from '../support/given.js';
import { muchSaid } from '../support/much-said.js';
import { useServer } from '../support/server.js';
import { beside } from '../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

const erase = (acme: TestClient, { id }: Customer) => acme.send('DELETE', `/api/v1/customers/${id}`);

it('an erasure that was cut short goes on where it is asked for again', async () => {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  const first = await given.message(acme, channel, john);
  await muchSaid(acme.uuid, channel, john, 4_000);
  await Promise.all(Array.from({ length: 120 }, (_, at) => given.channel(acme, [john, jane], `Number ${at}`)));
  await expectExactRows(acme.uuid);
  // A later one of its transactions waits for a message that somebody holds, and gives up.
  await beside(async (connection) => {
    await connection.query('BEGIN');
    await connection.query('SELECT FROM messages WHERE client_id = $1 ORDER BY id DESC LIMIT 1 FOR UPDATE', [
      acme.uuid,
    ]);
    expect((await erase(acme, john)).status).toBe(503);
  });
  await expectExactRows(acme.uuid);
  expect((await acme.send('GET', `/api/v1/customers/${john.id}`)).body).toEqual(john);
  expect((await acme.send('GET', `/api/v1/messages/customer/${john.id}`)).body.total_count).toBe(1000);
  expect((await erase(acme, john)).status).toBe(204);
  await expectExactRows(acme.uuid);
  const list = (await acme.send('GET', `/api/v1/messages/channel/${channel.id}`)).body;
  expect([list.total_count, list.data[0]]).toEqual([4000, { ...first, sender_id: null }]);
});
