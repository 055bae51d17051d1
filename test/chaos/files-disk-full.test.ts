import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newFile, onDisk, put, seen, startFileServer, uploaded } from '../support/files.js';
import { given as givenOn } from '../support/given.js';

/** A disk of one megabyte, which only root can have; elsewhere these tests say that they were left out. */
const directory = mkdtempSync(join(tmpdir(), 'parlance-small-'));
const isSmall = mounted();
let server: Awaited<ReturnType<typeof startFileServer>>;
beforeAll(async () => {
  server = await startFileServer({ DATA_DIR: directory });
});
afterAll(async () => {
  await server.stop();
  if (isSmall) {
    execFileSync('umount', [directory]);
  }
  rmSync(directory, { recursive: true, force: true });
});

function mounted(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// A disk that is small enough to fill takes the right to mount one.
const where = isSmall ? describe : describe.skip;
where('Where the disk of files is full', () => {
  it('an upload is 503, leaves nothing behind, and what is there is still read', async () => {
    const acme = await givenOn(() => server).client();
    const small = 'x'.repeat(300_000);
    const kept = await uploaded(acme, small);
    const before = onDisk({ dataDir: directory });
    const large = await newFile(acme, { size: 900_000 });
    server.app.useLogger(false);
    const refused = await put(large.upload_url, 'x'.repeat(900_000));
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'storage_unavailable',
      '2',
    ]);
    expect(onDisk({ dataDir: directory })).toEqual(before);
    expect((await seen(acme, large)).uploaded).toBe(false);
    const response = await fetch(kept.download_url!);
    expect([response.status, (await response.text()) === small]).toEqual([200, true]);
    await uploaded(acme, small);
  });
});
