import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Conversations1795600400000 } from '../../../migrations/1795600400000-Conversations.js';
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

it('The conversations of before have numbers, contacts and what was said last, and are counted', async () => {
  await emptyDatabase();
  await migrate(migrations.slice(0, migrations.indexOf(Conversations1795600400000)));
  const [client, address, jane, mute] = Array.from({ length: 4 }, () => randomUUID());
  const [older, newer] = [randomUUID(), randomUUID()];
  await sql(
    `INSERT INTO clients (id, name, domain, public_key, livemode, realtime_secret) VALUES ($1, 'A', 'a', 'pk', false, '')`,
    client,
  );
  await sql(
    `INSERT INTO counters (client_id, name) SELECT $1, unnest('{conversations,conversations.open}'::text[])`,
    client,
  );
  await sql(
    `INSERT INTO customers (client_id, id, name, kind)
     VALUES ($1, $2, 'Number', 'address'), ($1, $3, 'Jäne', 'person'), ($1, $4, 'Mute', 'person')`,
    ...[client, address, jane, mute],
  );
  await sql(
    `INSERT INTO addresses (client_id, customer_id, kind, address, provider_id) VALUES ($1, $2, 'number', '+1', $2)`,
    ...[client, address],
  );
  for (const [channel, person, created] of [
    [newer, mute, '2026-01-02'],
    [older, jane, '2026-01-01'],
  ]) {
    await sql(
      `INSERT INTO channels (client_id, id, type, name, reuse_key, address_id, message_count, created_at)
       VALUES ($1, $2, 'general', 'x', sha256($2::uuid::text::bytea), $3, $4, $5)`,
      ...[client, channel, address, channel === older ? 1 : 0, created],
    );
    await sql(
      `INSERT INTO channel_members (client_id, channel_id, customer_id) VALUES ($1, $2, $3), ($1, $2, $4)`,
      ...[client, channel, address, person],
    );
    await sql(
      `INSERT INTO conversations (client_id, channel_id, address_id, person_id) VALUES ($1, $2, $3, $4)`,
      ...[client, channel, address, person],
    );
  }
  await sql(
    `INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at, deleted_at)
     VALUES ($1, $2, 1, $3, $4, 'text', 'Hi', now(), NULL), ($1, $2, 2, $1, $4, 'text', '', now(), now())`,
    ...[client, older, randomUUID(), jane],
  );
  await migrate(migrations);
  const rows = await sql(
    `SELECT conversations.number::int, channel_id, contact_id, last_position, last_by, preview, search_text, is_read, status, medium
     FROM conversations ORDER BY conversations.number`,
  );
  expect(rows).toEqual([
    {
      ...{ number: 1, channel_id: older, contact_id: jane, last_position: 1, last_by: 'contact', preview: 'Hi' },
      ...{ search_text: ' hi jane', is_read: false, status: 'open', medium: 'sms' },
    },
    {
      ...{ number: 2, channel_id: newer, contact_id: mute, last_position: 0, last_by: null, preview: null },
      ...{ search_text: ' mute', is_read: true, status: 'open', medium: 'sms' },
    },
  ]);
  const counters = `SELECT name, value, last_number::int AS drawn FROM counters WHERE name LIKE 'conversations%' AND value + last_number > 0`;
  expect(await sql(`${counters} ORDER BY name`)).toEqual([
    { name: 'conversations', value: 0, drawn: 2 },
    { name: 'conversations.open', value: 2, drawn: 0 },
  ]);
});
