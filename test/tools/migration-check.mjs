import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { EmbeddedPostgres } from '../../dist/src/platform/database/embedded-postgres.js';
import { dataModel } from '../../dist/src/data-model.js';
import { dataSourceOptions } from '../../dist/src/platform/database/options.js';
import { Schema } from '../../dist/src/platform/database/schema.js';

// Whether the migrations make the very schema that the entities describe: TypeORM is asked what it would still change.

/** Nothing of it outlives the check, so it need not wait for the disk. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** The statements that would bring the migrated schema of this database to the entities'. */
async function pendingChanges(url) {
  await new Schema(url, dataModel).migrate();
  const dataSource = await new DataSource(dataSourceOptions(url, 2, dataModel)).initialize();
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await dataSource.destroy();
  }
}

async function run() {
  const dataDir = mkdtempSync(join(tmpdir(), 'parlance-migrations-'));
  try {
    const postgres = await EmbeddedPostgres.open(dataDir, SETTINGS);
    try {
      return await pendingChanges(postgres.url);
    } finally {
      await postgres.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const changes = await run();
if (changes.length > 0) {
  console.error(`migrations: the entities need what no migration does:\n${changes.join(';\n')};`);
  process.exitCode = 1;
} else {
  console.log('migrations: no drift');
}
