import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createApp } from '../../dist/src/app.js';
import { loadConfig } from '../../dist/src/config.js';
import { EmbeddedPostgres } from '../../dist/src/platform/database/embedded-postgres.js';
import { dataModel } from '../../dist/src/data-model.js';
import { Schema } from '../../dist/src/platform/database/schema.js';

/** A PostgreSQL of the tests' own. Nothing of it outlives them, so it need not wait for the disk. */
const POSTGRES = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];
const TEMPLATE = 'migrated';
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
  const databaseUrl = await databaseOf(postgres.url);
  process.env.TEST_DATABASE_URL = databaseUrl;
  process.env.TEST_TEMPLATE = TEMPLATE;
  process.env.TEST_SETTINGS = JSON.stringify(SETTINGS);
  // What runs in this process is not counted; and chaos tests start their own.
  const server = collectCoverage || process.env.CHAOS ? null : await listen(databaseUrl);
  globalThis.testWorld = { dataDir, postgres, server };
}

/** The database that most test files share: a copy, as others are, of one that was migrated and that nobody uses. */
async function databaseOf(url) {
  const at = (name) => Object.assign(new URL(url), { pathname: name }).href;
  const operator = new pg.Client(url);
  await operator.connect();
  await operator.query(`CREATE DATABASE ${TEMPLATE}`);
  await new Schema(at(TEMPLATE), dataModel).migrate();
  await operator.query(`CREATE DATABASE shared TEMPLATE ${TEMPLATE}`);
  await operator.end();
  return at('shared');
}

/** The server that most test files share: loading the application takes seconds, and each file would load it anew. */
async function listen(databaseUrl) {
  const app = await createApp(loadConfig(SETTINGS), databaseUrl);
  await app.listen(0, '127.0.0.1');
  process.env.TEST_SERVER_PORT = String(app.getHttpServer().address().port);
  return app;
}
