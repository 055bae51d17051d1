import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { components } from '../../client/schema.d.js';
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
