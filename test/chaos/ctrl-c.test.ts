import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../support/process.js';
import { until } from '../support/until.js';

const MAIN = new URL('../../dist/src/main.js', import.meta.url).pathname;
/** Milliseconds between two presses of somebody in a hurry. */
const HURRY = 300;

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parlance-ctrl-c-'));
});
afterEach(async () => {
  child.kill('SIGKILL');
  await until(() => postgres() === undefined || !isAlive(postgres()!));
  rmSync(dataDir, { recursive: true, force: true });
});

let child: ChildProcess;
let output: string;
let ended: Promise<number | null>;

/** A server in a process group of its own, as a terminal has it. */
function start(env: Record<string, string> = {}, ...flags: string[]): void {
  output = '';
  child = spawn(process.execPath, [...flags, MAIN], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '0', ...env },
    detached: true,
  });
  ended = once(child, 'exit').then(() => child.exitCode);
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
}

/** As the terminal says it: to the server and to whatever it has started in its group, where any of it is left. */
function press(): void {
  try {
    process.kill(-child.pid!, 'SIGINT');
  } catch {
    // It has ended already.
  }
}

/** Presses again and again, as somebody in a hurry does; a busy machine may take two for one. */
async function pressUntil(isEnough: () => boolean): Promise<void> {
  while (!isEnough()) {
    press();
    await sleep(HURRY);
  }
}
const lockFile = (): string => join(dataDir, 'postgres', 'postmaster.pid');

function postgres(): number | undefined {
  try {
    return Number(readFileSync(lockFile(), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

/** The last PostgreSQL that was seen has gone, whatever its file says. */
async function expectNoPostgres(): Promise<void> {
  const pid = postgres();
  expect(pid === undefined || !isAlive(pid)).toBe(true);
  await sleep(500);
  expect(existsSync(lockFile())).toBe(false);
}

describe('Ctrl-C', () => {
  it.each<[string, () => unknown]>([
    ['while the cluster is made', () => existsSync(join(dataDir, 'postgres.new'))],
    ['while PostgreSQL starts', () => postgres()],
    ['while the application is loaded', () => postgres() !== undefined && sleep(200, true)],
  ])('%s leaves nothing behind', async (_, moment) => {
    start();
    await until(moment);
    press();
    expect(await ended).toBe(0);
    await expectNoPostgres();
    expect(output).not.toContain('    at ');
  });

  it('twice in a hurry ends as once does', async () => {
    // Long enough to hear the second: a process that has come to its end is killed by what it would have heard.
    start({ SHUTDOWN_DELAY: '1' });
    await until(() => output.includes('Parlance is ready'));
    press();
    await sleep(HURRY);
    press();
    expect(await ended).toBe(0);
    await expectNoPostgres();
    expect(output).not.toContain('    at ');
  });

  it('three times forces the end', async () => {
    start({ SHUTDOWN_DELAY: '300' });
    await until(() => output.includes('Parlance is ready'));
    const pid = postgres()!;
    await pressUntil(() => output.includes('Parlance is stopping; the next signal ends it at once.'));
    await pressUntil(() => child.exitCode !== null);
    expect(await ended).toBe(130);
    await until(() => !isAlive(pid));
  });
});

describe('A close that fails', () => {
  it('leaves no PostgreSQL behind', async () => {
    const broken =
      'import { Server } from "node:http"; Server.prototype.close = () => { throw new Error("can not close"); }';
    start({}, '--import', `data:text/javascript,${encodeURIComponent(broken)}`);
    await until(() => output.includes('Parlance is ready'));
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(output).toContain('can not close');
    await expectNoPostgres();
  });
});
