import { describe, expect, it } from '@jest/globals';
import { migrations } from '../../migrations/all.js';
import { launch } from '../support/process.js';
import { emptyDatabase, sql } from '../support/sql.js';

const PROGRAM = new URL('../../dist/src/cli/migration-run.js', import.meta.url).pathname;

async function migrationRun(...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = launch({ DATABASE_URL: process.env.TEST_DATABASE_URL! }, PROGRAM, args);
  return { code: await program.ended, output: program.output() };
}

describe('migration:run', () => {
  it('says what it did, and that there was nothing to do', async () => {
    await emptyDatabase();
    const names = migrations.map(({ name }) => name).join(', ');
    expect(await migrationRun()).toEqual({ code: 0, output: `Migrated: ${names}.\n` });
    expect(await migrationRun()).toEqual({ code: 0, output: 'The schema is current: nothing to do.\n' });
    await sql(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    const output = 'The database was migrated by a newer release: nothing was done.\n';
    expect(await migrationRun()).toEqual({ code: 1, output });
    const wrong = await migrationRun('--what');
    expect([wrong.code, wrong.output]).toEqual([2, expect.stringContaining('Usage: npm run -s migration:run')]);
  });
});
