import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { refuseSharedWork } from './settings.js';

const MAIN = new URL('../../dist/src/main.js', import.meta.url).pathname;

/** Looks at a server that starts before it counts as hanging: a minute, on a machine that does much else. */
const MAX_LOOKS = 1_200;

/** A built server in a process of its own, so that it can be killed. */
export interface ServerProcess extends Launched {
  readonly url: string;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Whether a process runs; one that ended and was never reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A program of ours that was started, whatever becomes of it. */
export interface Launched {
  readonly child: ChildProcess;
  /** All that it printed so far. */
  output(): string;
  /** Its end; the exit code, or null where a signal killed it. */
  readonly ended: Promise<number | null>;
  /** Sends a signal and waits for the end; answers the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a server. It gets nothing of our own environment but PATH. */
export function launch(env: Record<string, string>, program = MAIN, args: readonly string[] = []): Launched {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = once(child, 'close').then(() => child.exitCode);
  return {
    child,
    output: () => output,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Starts a server and waits until it is ready. */
export async function startProcess(env: Record<string, string>): Promise<ServerProcess> {
  const port = env.PORT ?? String(await freePort());
  refuseSharedWork(env);
  const launched = launch({ RATE_LIMIT: 'off', ...env, PORT: port });
  const url = `http://localhost:${port}`;
  // Its greeting is the last thing it does, and is read by tests.
  for (let tries = 0; !(launched.output().includes('Parlance is ready') && (await isReady(url))); tries += 1) {
    if (launched.child.exitCode !== null || tries === MAX_LOOKS) {
      await launched.end('SIGKILL');
      throw new Error(`The server did not start: ${launched.output()}`);
    }
    await sleep(50);
  }
  return { ...launched, url };
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
