import { beforeAll, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn } from '../../support/given.js';
import { purge } from '../../support/purge.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(startServer);
const given = givenOn(() => server);

it('Housekeeping throws away what has had its time, and nothing else', async () => {
  const acme = await given.client();
  const ages = {
    events: ['6 days', '8 days'],
    sockets: ['59 minutes', '61 minutes'],
    sessions: ['29 days', '31 days'],
  };
  for (const age of ages.events) {
    await sql(
      `INSERT INTO events (client_id, id, type, data, created_at)
       SELECT $1, gen_random_uuid(), $2::text, '{}', now() - $2::text::interval FROM generate_series(1, 1100)`,
      acme.uuid,
      age,
    );
  }
  for (const age of ages.sockets) {
    await sql(
      'INSERT INTO socket_owners VALUES ($1, $2::text, null, null, null, now() - $2::text::interval)',
      acme.uuid,
      age,
    );
  }
  const { john } = await given.pair(acme);
  expect(john.name).toBe('John');
  for (const age of ages.sessions) {
    await sql(
      `INSERT INTO customer_sessions (client_id, id, customer_id, token_sha256, expires_at)
       SELECT $1, gen_random_uuid(), id, sha256($2::text::bytea), now() - $2::text::interval
       FROM customers WHERE client_id = $1 LIMIT 1`,
      acme.uuid,
      age,
    );
  }
  for (const age of ['-1 minutes', '1 minutes']) {
    await sql('INSERT INTO nonces VALUES ($1::text, now() - $1::text::interval)', age);
  }
  const leavers = [await given.customer(acme), await given.customer(acme)] as const;
  const channel = await given.channel(acme, [john, ...leavers]);
  for (const { id } of leavers) {
    const path = `/api/v1/channels/${channel.id}/customers/${id}`;
    expect((await acme.send('DELETE', path)).status).toBe(204);
  }
  await sql(
    `UPDATE former_members SET left_at = now() - CASE customer_id WHEN $1 THEN 91 ELSE 89 END * interval '1 day'`,
    parseId('customer', leavers[0].id),
  );
  // The younger events come first here, and only whole batches of old ones are gone through.
  await sql('UPDATE events SET seq = -seq WHERE client_id = $1', acme.uuid);
  expect(await purge(server)).toBe(1_104);
  expect(await sql('SELECT customer_id FROM former_members WHERE client_id = $1', acme.uuid)).toEqual([
    { customer_id: parseId('customer', leavers[1].id) },
  ]);
  expect(await sql('SELECT DISTINCT type FROM events WHERE client_id = $1', acme.uuid)).toEqual([{ type: '6 days' }]);
  expect(await sql('SELECT socket_id FROM socket_owners WHERE client_id = $1', acme.uuid)).toEqual([
    { socket_id: '59 minutes' },
  ]);
  expect(await sql('SELECT FROM customer_sessions WHERE client_id = $1', acme.uuid)).toHaveLength(1);
  expect(await sql('SELECT nonce FROM nonces')).toEqual([{ nonce: '-1 minutes' }]);
});
