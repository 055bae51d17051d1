import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { givenTeams } from '../support/engagement.js';
import { expectExactRows } from '../support/exact.js';
import { startFileServer } from '../support/files.js';
import { accepted } from '../support/given.js';
import { beginImport, endOf, fileOf } from '../support/imports.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const ROWS = 12_000;
const KILLS = 3;

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
  let worker: ServerProcess = await startProcess(env);
  for (let kills = 0; kills < KILLS; kills += 1) {
    const before = await done();
    await until(async () => (await done()) > before);
    await worker.end('SIGKILL');
    expect(await done()).toBeLessThan(ROWS);
    worker = await startProcess(env);
  }
  const end = await endOf(key, begun, 120);
  expect(end).toMatchObject({ status: 'completed', rows: ROWS + 100, created: ROWS, updated: 0, skipped: 100 });
  const csv = accepted(await key.send('GET', `/contacts/imports/${begun.id}/errors`)).text;
  expect(csv.trimEnd().split('\n')).toHaveLength(101);
  const [contacts] = await sql(`SELECT count(*)::int AS many FROM contacts WHERE client_id = $1`, team.uuid);
  expect(contacts).toEqual({ many: ROWS });
  await expectExactRows(team.uuid);
  expect(await worker.end('SIGTERM')).toBe(0);
}, 240_000);
