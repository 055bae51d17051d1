import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Contacts1795600300000 } from '../../../migrations/1795600300000-Contacts.js';
import { migrations } from '../../../migrations/all.js';
import { dataModel } from '../../../src/data-model.js';
import { dataSourceOptions } from '../../../src/platform/database/options.js';
import { emptyDatabase, sql } from '../../support/sql.js';

async function migrate(some: typeof migrations): Promise<void> {
  const options = dataSourceOptions(process.env.TEST_DATABASE_URL!, 2, { ...dataModel, migrations: some });
  const source = await new DataSource(options).initialize();
  await source.runMigrations({ transaction: 'each' });
  await source.destroy();
}

it('The people of before are contacts, numbered for each client from its first, and counted', async () => {
  await emptyDatabase();
  await migrate(migrations.slice(0, migrations.indexOf(Contacts1795600300000)));
  const [client, other] = [randomUUID(), randomUUID()];
  for (const id of [client, other]) {
    await sql(
      `INSERT INTO clients (id, name, domain, public_key, livemode, realtime_secret) VALUES ($1, 'A', 'a', $2, false, '')`,
      ...[id, `pk_${id}`],
    );
  }
  await sql(
    `INSERT INTO customers (client_id, id, name, kind, created_at)
     SELECT client_id::uuid, gen_random_uuid(), name, kind, now() + at * interval '1 s'
     FROM (VALUES ($1, 'Second One', 'person', 2), ($1, 'First', 'person', 1), ($1, 'Number', 'address', 0), ($2, 'Only', 'person', 3))
       AS one (client_id, name, kind, at)`,
    ...[client, other],
  );
  await migrate(migrations);
  expect(
    await sql(
      `SELECT client_id, contacts.number::int, touch.number::int AS touched, first_name, last_name FROM contacts
       JOIN contact_touches touch USING (client_id, customer_id) ORDER BY client_id = $1, contacts.number`,
      other,
    ),
  ).toEqual([
    { client_id: client, number: 1, touched: 1, first_name: 'First', last_name: null },
    { client_id: client, number: 2, touched: 2, first_name: 'Second', last_name: 'One' },
    { client_id: other, number: 1, touched: 1, first_name: 'Only', last_name: null },
  ]);
  const counters = await sql(
    `SELECT name, value, last_number::int AS drawn FROM counters WHERE client_id = $1 AND (value <> 0 OR last_number <> 0)
     ORDER BY name`,
    client,
  );
  expect(counters).toEqual([
    { name: 'contacts', value: 0, drawn: 2 },
    { name: 'contacts.active', value: 2, drawn: 0 },
  ]);
  const rows = await sql(`SELECT count(*)::int AS rows FROM counters WHERE client_id = $1`, other);
  expect(rows).toEqual([{ rows: 18 }]);
});
