import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpuOf } from './cpu.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const BARE = fileURLToPath(new URL('reference/app.mjs', import.meta.url));
const READY_MILLIS = 30_000;
const STOP_MILLIS = 20_000;

export const ADMIN_KEY = 'k'.repeat(32);

/** Nothing of the developer's own settings: two machines measure the same. But what is to be compared may be switched. */
const COMPARED = ['SEND_BATCH'];
const environment = ({ url }) => ({ PATH: process.env.PATH, DATABASE_URL: url, NODE_ENV: 'production' });

/** Migrates, and makes a tenant, from where no `.env` lies. */
export async function createClient(database, root = ROOT) {
  const args = [`${root}/dist/src/cli/client-create.js`, '--name', 'Bench', '--domain', 'localhost', '--json'];
  const options = { cwd: database.dataDir, env: environment(database) };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return JSON.parse(stdout);
}

/** What a client's own program sends with each request. */
export function headersOf({ secret_key, public_key, domain }) {
  return { authorization: `Bearer ${secret_key}`, 'x-public-key': public_key, origin: `http://${domain}` };
}

/** The built server as a process of its own, as `npm start` runs it; the limiter is in the path but far away. */
export async function startServer(database, client, { root = ROOT, settings: more = {} } = {}) {
  const settings = {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'warn',
    RATE_LIMIT: '1000000',
    MESSAGES_RATE_LIMIT: '1000000',
    DATABASE_POOL: '16',
    TRUST_PROXY: '1',
    ADMIN_KEY,
    ...Object.fromEntries(COMPARED.filter((name) => name in process.env).map((name) => [name, process.env[name]])),
    ...more,
  };
  const args = ['--enable-source-maps', `${root}/dist/src/main.js`];
  return start(database, args, settings, headersOf(client), '/health/ready');
}

/** reference/app.mjs for these clients, by their keys. */
export function startBare(database, clients) {
  const ids = clients.map(({ secret_key, clientId }) => [secret_key, clientId]);
  return start(database, [BARE], { CLIENTS: JSON.stringify(Object.fromEntries(ids)) }, headersOf(clients[0]));
}

/** Any server that says on what port it is ready, as a process of its own. */
export async function start(database, args, settings, headers, health) {
  const child = spawn(process.execPath, args, {
    cwd: database.dataDir,
    env: { ...environment(database), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const server = {
    base: '',
    headers,
    cpus: { node: cpuOf(child.pid), postgres: database.cpu },
    memory: () => residentMegabytes(child.pid),
    stop: () => stop(child),
  };
  try {
    server.base = `http://127.0.0.1:${await portOf(child)}`;
    if (health !== undefined) {
      await ready(server.base + health);
    }
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

async function ready(address) {
  const end = performance.now() + READY_MILLIS;
  while (!(await fetch(address)).ok) {
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
