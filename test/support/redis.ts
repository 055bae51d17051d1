import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort } from './process.js';

/** A Redis of a test's own, that can be killed, stopped and started again on the same port. */
export interface TestRedis {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL ends it; SIGSTOP and SIGCONT hold it, its connections open. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  keys(): Promise<string[]>;
  set(key: string, value: string): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess;
  const beside = async <T>(story: (client: ReturnType<typeof clientOf>) => Promise<T>): Promise<T> => {
    const client = clientOf(url);
    client.on('error', () => undefined);
    await client.connect();
    return story(client).finally(() => client.destroy());
  };
  const redis: TestRedis = {
    url,
    start: async () => {
      const only = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
      child = spawn('redis-server', only, { stdio: 'ignore' });
      for (let tries = 0; ; tries += 1) {
        const up = await beside((client) => client.ping()).catch(() => null);
        if (up !== null) {
          return;
        }
        if (child.exitCode !== null || tries === 200) {
          throw new Error('Redis did not start.');
        }
        await sleep(25);
      }
    },
    signal: async (signal) => {
      const ended = signal === 'SIGKILL' && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
      child.kill(signal);
      await ended;
    },
    keys: () => beside((client) => client.keys('*')),
    set: (key, value) => beside(async (client) => void (await client.set(key, value))),
  };
  await redis.start();
  return redis;
}

function clientOf(url: string) {
  return createClient({ url, socket: { reconnectStrategy: false } });
}
