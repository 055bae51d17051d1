import { afterEach, describe, expect, it } from '@jest/globals';
import { dataModel } from '../../src/data-model.js';
import { Schema } from '../../src/platform/database/schema.js';
import { migrations } from '../../migrations/all.js';
import { call, given as givenOn } from '../support/given.js';
import { freePort, launch } from '../support/process.js';
import { startServer, type TestServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { beside, emptyDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** The address of the tests' database with something else in it. */
function addressWith(change: Partial<Pick<URL, 'username' | 'password' | 'pathname'>>): string {
  return Object.assign(new URL(process.env.TEST_DATABASE_URL!), change).href;
}

/** A user who may log in and nothing else. */
async function stranger(): Promise<string> {
  const name = `stranger_${Math.random().toString(36).slice(2)}`;
  await sql(`CREATE ROLE ${name} LOGIN PASSWORD 'secret'`);
  return addressWith({ username: name, password: 'secret' });
}

/** How a start ends that has to. */
async function failure(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const started = launch({ PORT: String(await freePort()), ...env });
  return { code: await started.ended, output: started.output() };
}

async function becomesReady(): Promise<void> {
  await until(async () => (await call(`${server!.url}/health/ready`, 'GET')).status === 200);
}

async function start(env: Record<string, string>): Promise<void> {
  server = await startServer({ DATABASE_URL: process.env.TEST_DATABASE_URL!, ...env });
}

describe('A database that will never do ends the start, with its reason and nothing else:', () => {
  it.each<[string, () => string | Promise<string>, RegExp]>([
    [
      'a wrong password',
      () => addressWith({ password: 'wrong' }),
      /password authentication failed for user "parlance"\./,
    ],
    ['no password', () => addressWith({ password: '' }), /client password must be a (non-empty )?string\./],
    ['no such user', () => addressWith({ username: 'nobody' }), /"nobody"\./],
    ['no such database', () => addressWith({ pathname: 'nowhere' }), /database "nowhere" does not exist\./],
    ['a user who may not read', stranger, /permission denied for table migrations\./],
  ])('%s', async (_, url, reason) => {
    const { code, output } = await failure({ DATABASE_URL: await url() });
    expect(output).toMatch(reason);
    expect(output).toMatch(/^Parlance can't start: The database can't be used: .*\n$/);
    expect(code).toBe(1);
  });

  it('a user who may not migrate', async () => {
    const before = process.env.TEST_DATABASE_URL!;
    await emptyDatabase();
    await sql('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    const { code, output } = await failure({ DATABASE_URL: await stranger() });
    process.env.TEST_DATABASE_URL = before;
    expect(output).toMatch(/^Parlance can't start: .*(permission denied|no schema has been selected).*\n$/);
    expect(code).toBe(1);
  });

  it('a migration that fails', async () => {
    const before = process.env.TEST_DATABASE_URL!;
    await emptyDatabase();
    await sql('CREATE TABLE clients (id integer)');
    const { code, output } = await failure({ DATABASE_URL: process.env.TEST_DATABASE_URL! });
    process.env.TEST_DATABASE_URL = before;
    expect(output).toMatch(
      /^Parlance can't start: The migration Core\d+ failed: relation "clients" already exists\.\n$/,
    );
    expect(code).toBe(1);
  });
});

const operator = { authorization: `Bearer ${ADMIN_KEY}` };
const UNAVAILABLE = { status: 'unavailable' };
const readiness = async () => (await call(`${server!.url}/health/ready`, 'GET')).body as object;

describe('The schema of the database', () => {
  it('is waited for where MIGRATE is off', async () => {
    const migrated = await startServer();
    const acme = await givenOn(() => migrated).client();
    await migrated.stop();
    await emptyDatabase();
    await start({ MIGRATE: 'off', LOG_LEVEL: 'error' });
    expect(await readiness()).toEqual({ ...UNAVAILABLE, database: 'not_migrated' });
    expect((await call(`${server!.url}/api/v1/customers`, 'GET', undefined, acme.headers)).status).toBe(503);
    expect((await new Schema(process.env.TEST_DATABASE_URL!, dataModel).migrate()).length).toBe(migrations.length);
    await becomesReady();
  });

  it('that a newer release made is left alone', async () => {
    await emptyDatabase();
    await new Schema(process.env.TEST_DATABASE_URL!, dataModel).migrate();
    await sql(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    await start({ LOG_LEVEL: 'error' });
    expect(await readiness()).toEqual({ ...UNAVAILABLE, database: 'newer_release' });
    expect((await call(`${server!.url}/admin/v1/clients`, 'GET', undefined, operator)).status).toBe(503);
  });

  it('may be made newer beneath a server that runs: a release is rolled out one by one', async () => {
    await emptyDatabase();
    await start({});
    await sql(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    await becomesReady();
    expect((await call(`${server!.url}/admin/v1/clients`, 'GET', undefined, operator)).status).toBe(200);
  });

  it('is made under no time-out, whatever the role and the requests have', async () => {
    await emptyDatabase();
    const [{ name }] = (await sql<{ name: string }>('SELECT current_database() AS name')) as [{ name: string }];
    await sql(`ALTER DATABASE ${name} SET statement_timeout = '8s'`);
    await sql(`ALTER DATABASE ${name} SET idle_in_transaction_session_timeout = '15s'`);
    await beside(async (connection) => {
      await connection.query(`CREATE TABLE seen (statement text, idle text, lock text)`);
      await connection.query(
        `CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
           INSERT INTO seen SELECT current_setting('statement_timeout'),
             current_setting('idle_in_transaction_session_timeout'), current_setting('lock_timeout');
         END $$`,
      );
      await connection.query(
        `CREATE EVENT TRIGGER see ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION see()`,
      );
    });
    await start({});
    expect(await sql('SELECT DISTINCT * FROM seen')).toEqual([{ statement: '0', idle: '0', lock: '3s' }]);
  });

  it('is made by one of several that start at once', async () => {
    await emptyDatabase();
    const url = process.env.TEST_DATABASE_URL!;
    const took = await Promise.all(Array.from({ length: 4 }, () => new Schema(url, dataModel).migrate()));
    expect(took.flat().sort()).toEqual(migrations.map(({ name }) => name).sort());
  });
});
