import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { DeliveryCountsByCurrency1795500300000 } from '../../../migrations/1795500300000-DeliveryCountsByCurrency.js';
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

it('Opt-outs of before hold, and what was priced is counted by its currency', async () => {
  await emptyDatabase();
  await migrate(migrations.slice(0, migrations.indexOf(DeliveryCountsByCurrency1795500300000)));
  const [client, other, address, phone] = [randomUUID(), randomUUID(), randomUUID(), '+14155552671'];
  for (const id of [client, other]) {
    await sql(
      `INSERT INTO clients (id, name, domain, public_key, livemode, realtime_secret)
       VALUES ($1::uuid, 'A', 'a', $1::uuid::text, false, convert_to($1::uuid::text, 'UTF8'))`,
      id,
    );
  }
  await sql(
    `INSERT INTO workspace_settings (client_id, opt_out_salt) VALUES ($1, 'unused'), ($2, 'its own')`,
    client,
    other,
  );
  await sql(
    `INSERT INTO opt_outs (client_id, id, scope_id, number_sha256, source)
     SELECT $1, gen_random_uuid(), $2, opt_out_hash($1, $3), 'keyword'`,
    ...[client, address, phone],
  );
  const insert = `INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, status, price, currency)
    VALUES ($1, gen_random_uuid(), 'outbound', 'sms', gen_random_uuid(), $2, 'delivered', $3, $4)`;
  for (const [price, currency] of [
    ['0.1', 'USD'],
    ['0.2', 'EUR'],
    [null, null],
  ]) {
    await sql(insert, client, address, price, currency);
  }
  await sql(`SELECT count_delivery(NULL, one) FROM deliveries one`);
  await migrate(migrations);
  const held = await sql(
    `SELECT number_sha256 = opt_out_hash($1, $2) AS held FROM opt_outs WHERE client_id = $1`,
    ...[client, phone],
  );
  expect(held).toEqual([{ held: true }]);
  const salts = await sql(
    `SELECT convert_from(opt_out_salt, 'UTF8') AS salt FROM workspace_settings ORDER BY client_id = $1`,
    other,
  );
  expect(salts).toEqual([{ salt: client }, { salt: 'its own' }]);
  const counted = await sql(
    `SELECT currency, sum(n)::int AS n, sum(price)::text AS price FROM delivery_counts GROUP BY 1 ORDER BY 1`,
  );
  expect(counted).toEqual([
    { currency: '', n: 1, price: '0' },
    { currency: 'EUR', n: 1, price: '0.2' },
    { currency: 'USD', n: 1, price: '0.1' },
  ]);
});
