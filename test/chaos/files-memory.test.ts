import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newFile, seen } from '../support/files.js';
import { given, testClient, type TestClient } from '../support/given.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer } from '../support/server.js';

const MB = 1024 * 1024;
const SIZE = 1024 * MB;
/** What the process may grow by, in MB: buffers under way, not a part of the file. */
const ROOM = 80;
/** Milliseconds between two looks at it. */
const EVERY = 20;

let dataDir: string;
let server: ServerProcess;
let acme: TestClient;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'parlance-big-'));
  server = await startProcess({ DATA_DIR: dataDir, DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web' });
  const beside = await startServer();
  const { uuid, publicKey, secretKey } = await given(() => beside).client();
  await beside.stop();
  acme = testClient(server.url, uuid, publicKey, secretKey);
});
afterAll(async () => {
  await server.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Resident memory of the server, in MB. */
function resident(): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))![1]) / 1024;
}

/** How many MB the server grew by at most while `story` went on. */
async function growth(story: () => Promise<unknown>): Promise<number> {
  const before = resident();
  let most = before;
  const looking = setInterval(() => {
    most = Math.max(most, resident());
  }, EVERY);
  await story();
  clearInterval(looking);
  return most - before;
}

function* megabytes(): Generator<Buffer> {
  const one = Buffer.alloc(MB, 'x');
  for (let made = 0; made < SIZE; made += MB) {
    yield one;
  }
}

async function upload(url: string): Promise<number> {
  const sending = request(url, { method: 'PUT', headers: { 'content-length': SIZE } });
  Readable.from(megabytes(), { objectMode: false }).pipe(sending);
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode!;
}

async function download(url: string): Promise<number> {
  const [response] = (await once(request(url).end(), 'response')) as [IncomingMessage];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
  }
  return size;
}

describe('A file of 1 GB', () => {
  it('passes through, there and back, without being in memory', async () => {
    const small = await newFile(acme, { size: 1 });
    await fetch(small.upload_url!, { method: 'PUT', body: 'x' });
    await (await fetch((await seen(acme, small)).download_url!)).text();

    const file = await newFile(acme, { size: SIZE });
    const up = await growth(async () => expect(await upload(file.upload_url!)).toBe(204));
    const { download_url } = await seen(acme, file);
    const down = await growth(async () => expect(await download(download_url!)).toBe(SIZE));
    expect({ up: up <= ROOM, down: down <= ROOM, grewBy: [up, down] }).toMatchObject({ up: true, down: true });
  });
});
