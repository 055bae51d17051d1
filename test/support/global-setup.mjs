import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../dist/src/platform/database/embedded-postgres.js';
import { dataModel } from '../../dist/src/data-model.js';
import { Schema } from '../../dist/src/platform/database/schema.js';

/** A PostgreSQL of the tests' own. Nothing of it outlives them, so it need not wait for the disk. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];

// Jest asks for a default export.
// eslint-disable-next-line no-restricted-syntax
export default async function globalSetup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'parlance-test-'));
  const postgres = await EmbeddedPostgres.open(dataDir, SETTINGS);
  await new Schema(postgres.url, dataModel).migrate();
  process.env.TEST_DATABASE_URL = postgres.url;
  globalThis.testPostgres = { postgres, dataDir };
}
