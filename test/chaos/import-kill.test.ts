import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { givenTeams } from '../support/engagement.js';
import { expectExactRows } from '../support/exact.js';
import { startFileServer } from '../support/files.js';
import { accepted } from '../support/given.js';
import { beginImport, endOf, fileOf } from '../support/imports.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { beside, ownDatabase, somebodyWaits, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const ROWS = 12_000;
const KILLS = 3;
/** Each batch waits at its end for a gate, so that no worker is through before it is killed. */
const HELD_UP = `
  CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NEW; END $$;
  CREATE TRIGGER wait_at_gate BEFORE UPDATE OF rows ON imports FOR EACH ROW EXECUTE FUNCTION wait_at_gate()`;
const CLOSE = 'SELECT pg_advisory_lock(4711)';
const OPEN = 'SELECT pg_advisory_unlock(4711)';

beforeAll(ownDatabase);
let web: Awaited<ReturnType<typeof startFileServer>>;
beforeAll(async () => {
  web = await startFileServer({ LIMIT_API: 'off' });
});
afterAll(() => web.stop());
const given = givenTeams(() => web);

it('An import whose worker is killed goes on where it was, and counts no row twice', async () => {
  const team = await given.team();
  const key = await team.key();
  const database = { DATABASE_URL: process.env.TEST_DATABASE_URL! };
  const env = { ROLE: 'worker', ...database, LOG_LEVEL: 'error', DATA_DIR: web.dataDir };
  const wrong = 'nobody,No\n'.repeat(100);
  const begun = await beginImport(web, key, `${fileOf(ROWS)}${wrong}`);
  const done = async (): Promise<number> =>
    (await sql<{ rows: number }>('SELECT rows FROM imports WHERE id = $1', begun.uuid))[0]!.rows;
  await sql(HELD_UP);
  let worker!: ServerProcess;
  await beside(async (gate) => {
    await gate.query(CLOSE);
    worker = await startProcess(env);
    for (let kills = 0; kills < KILLS; kills += 1) {
      const before = await done();
      while ((await done()) === before) {
        await until(somebodyWaits);
        await gate.query(`${OPEN}, ${CLOSE.replace('SELECT ', '')}`);
      }
      await until(somebodyWaits);
      await worker.end('SIGKILL');
      expect(await done()).toBeLessThan(ROWS);
      worker = await startProcess(env);
    }
  });
  const end = await endOf(key, begun, 120);
  expect(end).toMatchObject({ status: 'completed', rows: ROWS + 100, created: ROWS, updated: 0, skipped: 100 });
  const csv = accepted(await key.send('GET', `/contacts/imports/${begun.id}/errors`)).text;
  expect(csv.trimEnd().split('\n')).toHaveLength(101);
  const [contacts] = await sql(`SELECT count(*)::int AS many FROM contacts WHERE client_id = $1`, team.uuid);
  expect(contacts).toEqual({ many: ROWS });
  await expectExactRows(team.uuid);
  expect(await worker.end('SIGTERM')).toBe(0);
}, 600_000);
