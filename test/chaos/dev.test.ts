import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.js';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Not in the working copy, whose build other tests run. */
describe('npm run dev', () => {
  const copy = mkdtempSync(join(tmpdir(), 'parlance-dev-'));
  const serve = join(copy, 'src/serve.ts');
  let child: ChildProcess;
  let output = '';

  beforeAll(() => {
    for (const name of ['package.json', '.swcrc', 'ormconfig.ts', 'dev.mjs', 'migrations', 'src']) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const { PATH, TEST_DATABASE_URL } = process.env;
    child = spawn('npm', ['run', '-s', 'dev'], {
      cwd: copy,
      env: { PATH, DATABASE_URL: TEST_DATABASE_URL, DATA_DIR: join(copy, '.data'), PORT: '0' },
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
  });
  afterAll(async () => {
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
    rmSync(copy, { recursive: true });
  });

  const printed = (text: string) => until(() => output.includes(text) || child.exitCode !== null);
  const change = (from: string, to: string) => {
    const source = readFileSync(serve, 'utf8');
    expect(source).toContain(from);
    writeFileSync(serve, source.replace(from, to));
  };

  it('builds, and begins anew with each change, also after one that does not compile', async () => {
    await printed('Parlance is ready');
    change('Parlance is ready', 'Parlance is back');
    change('export async function serve', 'export async function } serve');
    await printed('Failed running');
    change('export async function } serve', 'export async function serve');
    await printed('Parlance is back');
    expect(output).toContain('Parlance is back');
  });
});
