/** Swagger UI as an integrator meets it: a server of its own, a real Chromium, the demo client's keys. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const START_MILLIS = 60_000;
const STOP_MILLIS = 20_000;
const ANSWER_MILLIS = 15_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The built server on a database of its own, and the keys that its first start prints. */
async function startServer(dataDir) {
  const port = await freePort();
  const environment = { ...process.env, DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'log' };
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
async function stopServer({ child }) {
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

async function authorise(page, keys) {
  await page.locator('.auth-wrapper button.authorize').first().click();
  const dialog = page.locator('.dialog-ux .modal-ux');
  for (const [scheme, key] of Object.entries(keys)) {
    const form = dialog.locator('.auth-container').filter({ has: page.locator('h4', { hasText: scheme }) });
    await form.locator('input').fill(key);
    await form.getByRole('button', { name: 'Apply credentials' }).click();
    await form.getByRole('button', { name: 'Remove authorization' }).waitFor();
  }
  await dialog.locator('button.btn-done').first().click();
  await dialog.waitFor({ state: 'detached' });
}

/** Opens one operation, executes it with `body` or with its example, and reads what Swagger UI shows. */
async function tryOut(page, method, path, body) {
  const operation = page.locator(`.opblock-${method}`).filter({ has: page.locator(`[data-path="${path}"]`) });
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  if (body !== undefined) {
    await operation.locator('textarea.body-param__text').fill(JSON.stringify(body, null, 2));
  }
  await operation.locator('button.execute').click();
  const live = operation.locator('.live-responses-table .response');
  await live.scrollIntoViewIfNeeded();
  return {
    status: Number.parseInt(await live.locator('.response-col_status').innerText(), 10),
    text: await live.locator('.response-col_description').innerText(),
  };
}

async function run(server, browser) {
  const email = `browser-${process.pid}@example.com`;
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  page.setDefaultTimeout(ANSWER_MILLIS);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));

  const checks = [
    [
      'the page opens and lists the operations',
      async () => {
        await page.goto(`${server.origin}/docs`);
        await page.locator('.opblock').first().waitFor();
      },
    ],
    [
      'both keys are accepted by the dialog',
      () => authorise(page, { secret_key: server.secretKey, public_key: server.publicKey }),
    ],
    [
      'POST /api/v1/customers answers 201',
      async () => expect(await tryOut(page, 'post', '/api/v1/customers', { name: 'Ada Browser', email }), 201, email),
    ],
    [
      'GET /api/v1/customers answers 200 and lists the new customer',
      async () => expect(await tryOut(page, 'get', '/api/v1/customers'), 200, email),
    ],
    [
      'the browser has nothing to complain about',
      () => {
        if (complaints.length > 0) {
          throw new Error(complaints.join('\n'));
        }
      },
    ],
  ];
  const results = { passed: 0, failed: 0 };
  for (const [name, check] of checks) {
    try {
      await check();
      results.passed += 1;
      console.log(`ok      ${name}`);
    } catch (error) {
      // What follows leans on it.
      results.failed = checks.length - results.passed;
      console.log(`FAILED  ${name}\n${String(error)}`);
      break;
    }
  }
  if (process.env.SCREENSHOT) {
    await page.screenshot({ path: process.env.SCREENSHOT });
  }
  return results;
}

function expect(answer, status, text) {
  if (answer.status !== status || !answer.text.includes(text)) {
    throw new Error(`Expected ${status} with "${text}", not ${answer.status}:\n${answer.text}`);
  }
}

async function main() {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
  }
  const results = { passed: 0, failed: 0 };
  const dataDir = await mkdtemp(join(tmpdir(), 'parlance-browser-'));
  try {
    const server = await startServer(dataDir);
    try {
      const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
      try {
        Object.assign(results, await run(server, browser));
      } finally {
        await browser.close();
      }
    } finally {
      const code = await stopServer(server);
      if (code !== 0) {
        results.failed += 1;
        console.log(`FAILED  the server stops cleanly on SIGTERM: ${code ?? 'killed'}\n${server.output()}`);
      }
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  console.log(`browser: ${results.passed} passed, ${results.failed} failed`);
  process.exitCode = results.failed === 0 ? 0 : 1;
}

await main().catch((error) => {
  console.log(String(error));
  console.log('browser: 0 passed, 1 failed');
  process.exitCode = 1;
});
