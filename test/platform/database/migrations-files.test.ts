import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { FileLives1795301000000 } from '../../../migrations/1795301000000-FileLives.js';
import { migrations } from '../../../migrations/all.js';
import { dataModel } from '../../../src/data-model.js';
import { dataSourceOptions } from '../../../src/platform/database/options.js';
import { emptyDatabase, sql } from '../../support/sql.js';

async function migrate(some: typeof migrations): Promise<void> {
  const source = new DataSource(
    dataSourceOptions(process.env.TEST_DATABASE_URL!, 2, { ...dataModel, migrations: some }),
  );
  await source.initialize();
  await source.runMigrations({ transaction: 'each' });
  await source.destroy();
}

it('Files of before are held by the messages that hold them, and counted', async () => {
  await emptyDatabase();
  await migrate(migrations.slice(0, migrations.indexOf(FileLives1795301000000)));
  const [client, channel, sender] = [randomUUID(), randomUUID(), randomUUID()];
  const [twice, deleted, unsent] = [randomUUID(), randomUUID(), randomUUID()];
  await sql(
    `INSERT INTO clients (id, name, domain, public_key, livemode, realtime_secret) VALUES ($1, 'A', 'a', 'pk', false, '')`,
    client,
  );
  await sql(`INSERT INTO counters (client_id, name, value) VALUES ($1, 'customers', 1), ($1, 'channels', 1)`, client);
  await sql(`INSERT INTO customers (client_id, id, name) VALUES ($1, $2, 'John')`, client, sender);
  await sql(
    `INSERT INTO channels (client_id, id, type, name, reuse_key, last_position) VALUES ($1, $2, 'custom', 'x', 'x', 3)`,
    client,
    channel,
  );
  for (const [at, file] of [twice, deleted, unsent].entries()) {
    const insert = `INSERT INTO files (client_id, id, mime_type, size, uploaded_at) VALUES ($1, $2, 'a/b', $3, now())`;
    await sql(insert, client, file, 10 ** at);
  }
  const sent = `INSERT INTO file_channels (client_id, file_id, channel_id) VALUES ($1, $2, $4), ($1, $3, $4)`;
  await sql(sent, client, twice, deleted, channel);
  for (const [at, files] of [[twice, twice], [twice], null].entries()) {
    const parts = files?.map((fileId) => ({ id: randomUUID(), mimeType: 'a/b', fileId, size: 1 })) ?? null;
    await sql(
      `INSERT INTO messages (client_id, channel_id, position, id, type, content, parts, created_at, deleted_at)
       VALUES ($1, $2, $3, $4, 'file', '', $5, now(), CASE WHEN $5::jsonb IS NULL THEN now() END)`,
      ...[client, channel, at + 1, randomUUID(), parts && JSON.stringify(parts)],
    );
  }
  await migrate(migrations);
  const ends = await sql(
    `SELECT id, CASE WHEN expires_at <= now() THEN 'now' WHEN expires_at <= now() + interval '1 day' THEN 'in a day' END AS goes
     FROM files ORDER BY size`,
  );
  expect(ends).toEqual([
    { id: twice, goes: null },
    { id: deleted, goes: 'now' },
    { id: unsent, goes: 'in a day' },
  ]);
  expect(await sql('SELECT file_id, message_count FROM file_channels')).toEqual([{ file_id: twice, message_count: 2 }]);
  expect(await sql('SELECT bytes::int FROM storage_uses')).toEqual([{ bytes: 111 }]);
});
