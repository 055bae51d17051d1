import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../dist/src/app.js';
import { loadConfig } from '../../dist/src/config.js';
import { EmbeddedPostgres } from '../../dist/src/platform/database/embedded-postgres.js';
import { dataModel } from '../../dist/src/data-model.js';
import { Schema } from '../../dist/src/platform/database/schema.js';

/** A PostgreSQL of the tests' own. Nothing of it outlives them, so it need not wait for the disk. */
const POSTGRES = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];
const SETTINGS = {
  ROLE: 'web',
  RATE_LIMIT: 'off',
  LOG_LEVEL: 'error',
  DATABASE_POOL: '10',
  ADMIN_KEY: 'an-operator-key-that-only-the-tests-know',
};

// Jest asks for a default export.
// eslint-disable-next-line no-restricted-syntax
export default async function globalSetup({ collectCoverage }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'parlance-test-'));
  const postgres = await EmbeddedPostgres.open(dataDir, POSTGRES);
  await new Schema(postgres.url, dataModel).migrate();
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_SETTINGS = JSON.stringify(SETTINGS);
  // What runs in this process is not counted; and chaos tests start their own.
  const server = collectCoverage || process.env.CHAOS ? null : await listen(postgres.url);
  globalThis.testWorld = { dataDir, postgres, server };
}

/** The server that most test files share: loading the application takes seconds, and each file would load it anew. */
async function listen(databaseUrl) {
  const app = await createApp(loadConfig(SETTINGS), databaseUrl);
  await app.listen(0, '127.0.0.1');
  process.env.TEST_SERVER_PORT = String(app.getHttpServer().address().port);
  return app;
}
