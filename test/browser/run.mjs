/** What is seen in a browser: each page in a real Chromium, on a server of its own. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { demo } from './demo.mjs';
import { docs } from './docs.mjs';
import { hostileHtml } from './hostile-html.mjs';
import { phones } from './phones.mjs';
import { startServer, stopServer } from './server.mjs';
import { widget } from './widget.mjs';

const CHROMIUM = '/usr/bin/chromium';
const ANSWER_MILLIS = 15_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PAGES = { docs, demo, phones, widget, hostileHtml };
/** `node test/browser/run.mjs phones`: that one alone. */
const WANTED = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PAGES);

async function run(name, server, browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: name === 'docs' ? 1600 : 720 } });
  page.setDefaultTimeout(ANSWER_MILLIS);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  const checks = [
    ...PAGES[name](server, page),
    [
      `the browser has nothing to complain about ${name}`,
      () => {
        if (complaints.length > 0) {
          throw new Error(complaints.join('\n'));
        }
      },
    ],
  ];
  const results = { passed: 0, failed: 0 };
  for (const [what, check] of checks) {
    try {
      await check();
      results.passed += 1;
      console.log(`ok      ${what}`);
    } catch (error) {
      // What follows leans on it.
      results.failed = checks.length - results.passed;
      console.log(`FAILED  ${what}\n${String(error)}`);
      break;
    }
  }
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
  }
  await page.close();
  return results;
}

async function main() {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
  }
  const total = { passed: 0, failed: 0 };
  const dataDir = await mkdtemp(join(tmpdir(), 'parlance-browser-'));
  try {
    const server = await startServer(dataDir);
    try {
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
      try {
        for (const name of WANTED) {
          const { passed, failed } = await run(name, server, browser);
          total.passed += passed;
          total.failed += failed;
        }
      } finally {
        await browser.close();
      }
    } finally {
      const code = await stopServer(server);
      if (code !== 0) {
        total.failed += 1;
        console.log(`FAILED  the server stops cleanly on SIGTERM: ${code ?? 'killed'}\n${server.output()}`);
      }
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  console.log(`browser: ${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

await main().catch((error) => {
  console.log(String(error));
  console.log('browser: 0 passed, 1 failed');
  process.exitCode = 1;
});
