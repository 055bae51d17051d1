import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { launch } from '../support/process.js';
import { emptyDatabase } from '../support/sql.js';

const root = new URL('../../', import.meta.url);
const { version, bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  readonly version: string;
  readonly bin: { readonly parlance: string };
};

async function parlance(...args: string[]): Promise<{ code: number | null; output: string }> {
  const database = { DATABASE_URL: process.env.TEST_DATABASE_URL! };
  const program = launch(database, new URL(bin.parlance, root).pathname, args);
  return { code: await program.ended, output: program.output() };
}

describe('parlance', () => {
  it('says what it can do, every program of an operator', async () => {
    const { code, output } = await parlance('--help');
    const said = [...output.matchAll(/^ {2}(\S+) {2}/gm)].map(([, name]) => name!.replace(':', '-'));
    const not = ['command', 'development-key', 'openapi', 'parlance'];
    const programs = readdirSync(new URL('src/cli', root)).map((file) => file.replace(/\.ts$/, ''));
    expect([code, said.sort()]).toEqual([0, [...programs.filter((one) => !not.includes(one)), 'start'].sort()]);
    expect(await parlance('--version')).toEqual({ code: 0, output: `${version}\n` });
  });

  it('does what the program does that it is asked for, with its options and its exit code', async () => {
    await emptyDatabase();
    expect(await parlance('migration:run')).toEqual({ code: 0, output: expect.stringMatching(/^Migrated: Core\d+, /) });
    const args = ['--name', 'Acme', '--domain', 'acme.com', '--json'];
    const { code, output } = await parlance('client:create', ...args);
    expect([code, JSON.parse(output)]).toEqual([0, expect.objectContaining({ domain: 'acme.com' })]);
    const wrong = await parlance('client:create', '--name', 'Acme');
    expect([wrong.code, wrong.output]).toEqual([2, expect.stringMatching(/^--domain is missing\. Usage: /)]);
  });

  it.each([[[]], [['constructor']]])('refuses %j, and says what there is', async (args) => {
    const { code, output } = await parlance(...args);
    expect([code, output]).toEqual([2, expect.stringContaining('Usage: parlance COMMAND')]);
  });
});
