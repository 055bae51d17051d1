import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));
const CLIENT_CREATE = fileURLToPath(new URL('../dist/src/cli/client-create.js', import.meta.url));
const READY_MILLIS = 30_000;
const STOP_MILLIS = 20_000;

/** Nothing of the developer's own settings: two machines measure the same. */
const environment = (databaseUrl) => ({ PATH: process.env.PATH, DATABASE_URL: databaseUrl, NODE_ENV: 'production' });

/** Migrates, and makes a tenant. `cwd` is where no `.env` lies. */
export async function createClient(databaseUrl, cwd) {
  const args = [CLIENT_CREATE, '--name', 'Bench', '--domain', 'localhost', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env: environment(databaseUrl) });
  return JSON.parse(stdout);
}

/** What a client's own program sends with each request. */
export function headersOf({ secret_key, public_key, domain }) {
  return { authorization: `Bearer ${secret_key}`, 'x-public-key': public_key, origin: `http://${domain}` };
}

/** The built server as a process of its own, as `npm start` runs it; the limiter is in the path but far away. */
export async function startServer(databaseUrl, client, { cwd, nodeArgs = [] }) {
  const settings = {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'warn',
    RATE_LIMIT: '1000000',
    DATABASE_POOL: '16',
    TRUST_PROXY: '1',
  };
  const child = spawn(process.execPath, ['--enable-source-maps', ...nodeArgs, MAIN], {
    cwd,
    env: { ...environment(databaseUrl), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const server = {
    base: '',
    headers: headersOf(client),
    memory: () => residentMegabytes(child.pid),
    stop: () => stop(child),
  };
  try {
    server.base = `http://127.0.0.1:${await portOf(child)}`;
    await ready(server.base);
    return server;
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** From the line that says it is ready; read on to the end, or the server would block on a full pipe. */
function portOf(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const port = /ready: http:\/\/localhost:(\d+)/.exec(output)?.[1];
      if (port) {
        resolve(port);
      }
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`The server ended (${code ?? signal}): ${output}`)));
  });
}

async function ready(base) {
  const end = performance.now() + READY_MILLIS;
  while (!(await fetch(`${base}/health/ready`)).ok) {
    if (performance.now() > end) {
      throw new Error('The server did not become ready.');
    }
    await sleep(50);
  }
}

/** Linux only, as the figure that counts is that of a container. */
async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) / 1024;
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
  await ended;
  clearTimeout(late);
}
