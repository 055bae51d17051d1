import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn } from '../support/given.js';
import { startServer, type TestServer } from '../support/server.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = join(ROOT, 'docs/openapi.json');
const COMPILER = {
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  types: ['node'],
  rootDir: 'src',
  outDir: 'out',
};

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), 'generated-clients-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const given = givenOn(() => server);

/** Runs a program of a package, as a script of an integrator's package.json would. */
const run = (program: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'node_modules', program), ...args], { cwd: folder });

describe('What is generated from the document', () => {
  it('compiles under strict', async () => {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, include: ['src'] }));
    await cp(join(ROOT, 'test/contracts/generated-clients'), join(folder, 'src'), { recursive: true });
    await cp(join(ROOT, 'client/parlance.ts'), join(folder, 'src/generated/openapi-typescript/parlance.ts'));
    await Promise.all([
      run('openapi-typescript/bin/cli.js', DOCUMENT, '-o', 'src/generated/openapi-typescript/schema.ts'),
      run('@hey-api/openapi-ts/bin/run.js', '-i', DOCUMENT, '-o', 'src/generated/hey-api', '--no-log-file'),
      run('oazapfts/dist/cli.js', DOCUMENT, 'src/generated/oazapfts.ts'),
    ]);
    // What it prints is what is wrong.
    const { stdout } = await run('typescript/bin/tsc', '-p', '.').catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it.each(['openapi-typescript', 'hey-api', 'oazapfts'])('talks to the server: %s', async (name) => {
    const { publicKey, secretKey } = await given.client();
    const program = join(folder, 'out', `${name}.js`);
    const { stdout } = await promisify(execFile)(process.execPath, [program, server.url, publicKey, secretKey]);
    expect(JSON.parse(stdout)).toEqual({
      lastMessages: [null, 'three'],
      metadata: [{ topic: 'Lunch' }, null],
      pages: [['one', 'two'], ['three']],
      errors: ['invalid', ['email'], 'not_found'],
    });
  });
});
