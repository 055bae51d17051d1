import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from '@jest/globals';
import type { components } from '../../client/schema.d.js';
import type { Drafts } from '../../src/files/drafts.js';
import type { FilesService } from '../../src/files/files.service.js';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { call, must, type Reply, type TestClient } from './given.js';
import { startServer, type TestServer } from './server.js';

export type File = components['schemas']['File'];
type NewFile = components['schemas']['CreateFile'];

/** A server that keeps its files in a directory of its own. */
export async function startFileServer(env: Record<string, string> = {}): Promise<TestServer & { dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parlance-files-'));
  const server = await startServer({ DATA_DIR: dataDir, ...env });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, dataDir, stop };
}

export async function newFile(of: TestClient, options: Partial<NewFile> & { size: number }): Promise<File> {
  return must(await of.api.POST('/api/v1/files', { body: { mime_type: 'text/plain', ...options } }));
}

export async function seen(of: TestClient, { id }: File): Promise<File> {
  return must(await of.api.GET('/api/v1/files/{id}', { params: { path: { id } } }));
}

/** A body that is sent in pieces, its length not said before. */
export function inPieces(...pieces: readonly string[]): RequestInit {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      pieces.forEach((piece) => controller.enqueue(Buffer.from(piece)));
      controller.close();
    },
  });
  return { body, duplex: 'half' };
}

export async function put(url: string | null, body: string | RequestInit): Promise<Reply> {
  if (typeof body === 'string') {
    return call(url!, 'PUT', body, { 'content-type': 'text/html' });
  }
  const response = await fetch(url!, { method: 'PUT', ...body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}

/** A file whose bytes are there. */
export async function uploaded(of: TestClient, content: string, options: Partial<NewFile> = {}): Promise<File> {
  const file = await newFile(of, { size: Buffer.byteLength(content), ...options });
  const { status, text } = await put(file.upload_url, content);
  if (status !== 204) {
    throw new Error(`${status}: ${text}`);
  }
  return seen(of, file);
}

/** What lies on the disk, drafts included. */
export function onDisk({ dataDir }: { readonly dataDir: string }): string[] {
  try {
    return readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Holds that a service can bring bytes that it has fetched itself, and read them again: the draft is gone, the file is there. */
export async function expectBroughtAndRead(server: TestServer, of: TestClient): Promise<void> {
  const tenant = { clientId: of.uuid, livemode: false };
  const [drafts, files] = [server.get<Drafts>('Drafts'), server.get<FilesService>('FilesService')];
  const draft = await drafts.write(Readable.from([Buffer.from('hel'), Buffer.from('lo')]));
  expect(draft.size).toBe(5);
  const file = await files.keep(tenant, draft, { mimeType: 'image/png', name: 'a.png' });
  await drafts.discard(draft);
  const chunks = await (await files.read(tenant, file)).toArray();
  expect(Buffer.concat(chunks as Buffer[]).toString()).toBe('hello');
  const id = formatId('file', file.id);
  const shown = must(await of.api.GET('/api/v1/files/{id}', { params: { path: { id } } }));
  expect(shown).toMatchObject({ uploaded: true, size: 5, mime_type: 'image/png', name: 'a.png' });
  const breaksOff = Readable.from(
    (function* () {
      yield Buffer.from('x');
      throw new Error('It broke off');
    })(),
  );
  await expect(drafts.write(breaksOff)).rejects.toThrow('It broke off');
}
