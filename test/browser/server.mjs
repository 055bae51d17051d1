import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const START_MILLIS = 60_000;
const STOP_MILLIS = 20_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The built server on a database of its own, and the keys that its first start prints. */
export async function startServer(dataDir) {
  const port = await freePort();
  const environment = { ...process.env, DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'info' };
  // The embedded PostgreSQL, not the developer's, and the demo client, which production doesn't make.
  environment.DATABASE_URL = '';
  environment.NODE_ENV = '';
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const server = { child, origin: `http://localhost:${port}`, output: () => output };
  try {
    server.publicKey = await printed(server, /\bpk_test_\w+/);
    server.secretKey = await printed(server, /\bsk_test_\w+/);
    await until(`${server.origin}/health/ready`, server);
    return server;
  } catch (error) {
    await stopServer(server);
    throw error;
  }
}

async function printed(server, pattern) {
  return await eventually(server, `print ${pattern}`, () => pattern.exec(server.output())?.[0]);
}

async function until(address, server) {
  await eventually(server, `answer ${address}`, async () => {
    const response = await fetch(address).catch(() => undefined);
    return response?.ok ? true : undefined;
  });
}

async function eventually(server, what, look) {
  const end = performance.now() + START_MILLIS;
  while (performance.now() < end) {
    const found = await look();
    if (found !== undefined) {
      return found;
    }
    if (hasEnded(server.child)) {
      throw new Error(`The server ended (${server.child.exitCode ?? server.child.signalCode}):\n${server.output()}`);
    }
    await pause(50);
  }
  throw new Error(`The server did not ${what} within ${START_MILLIS / 1000} s:\n${server.output()}`);
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

/** @returns the exit code; undefined when it had to be killed. */
export async function stopServer({ child }) {
  if (!hasEnded(child)) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const waiting = new AbortController();
    const inTime = await Promise.race([
      ended.then(() => true),
      pause(STOP_MILLIS, false, { signal: waiting.signal }).catch(() => false),
    ]);
    waiting.abort();
    if (!inTime) {
      child.kill('SIGKILL');
      await ended;
      return undefined;
    }
  }
  return child.exitCode;
}
