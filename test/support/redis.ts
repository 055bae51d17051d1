import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from '@jest/globals';
import { createClient } from 'redis';
import { freePort } from './process.js';
import { until } from './until.js';

const PROGRAM = (process.env.PATH ?? '')
  .split(delimiter)
  .map((directory) => join(directory, 'redis-server'))
  .find(isExecutable);

/** Skipped, and seen to be, where there is no redis-server. */
export const describeWithRedis: (name: string, tests: () => void) => void = PROGRAM
  ? describe
  : (name, tests) => describe.skip(`${name} (skipped: no redis-server here, apt-get install redis-server)`, tests);

/** A Redis of a test's own that keeps nothing on disk. */
export class TestRedis {
  private child: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.child = spawn(PROGRAM!, [...options, '--dir', tmpdir()], { stdio: 'ignore' });
    await until(() => this.answers());
  }

  async kill(): Promise<void> {
    const child = this.child!;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  /** Stops it in its tracks: connections stay and nobody answers. */
  freeze(): void {
    this.child!.kill('SIGSTOP');
  }

  thaw(): void {
    this.child!.kill('SIGCONT');
  }

  keys(): Promise<string[]> {
    return this.beside((client) => client.keys('*'));
  }

  async set(key: string, value: string): Promise<void> {
    await this.beside((client) => client.set(key, value));
  }

  private async beside<T>(story: (client: ReturnType<typeof clientOf>) => Promise<T>): Promise<T> {
    const client = clientOf(this.url);
    client.on('error', () => undefined);
    await client.connect();
    return story(client).finally(() => client.destroy());
  }

  private async answers(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }
}

function clientOf(url: string) {
  return createClient({ url, socket: { reconnectStrategy: false } });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
