import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A server that has files, on this machine. */
export interface MediaSite {
  readonly url: string;
  readonly port: number;
  /** What was asked for. */
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[];
  /** What it answers; a path that is not here is 404. */
  readonly files: Record<string, RequestListener>;
  close(): void;
}

/** Answers these bytes as a file of this type. */
export const served =
  (contentType: string, bytes: Buffer | string): RequestListener =>
  (_, response) =>
    void response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length }).end(bytes);

export async function mediaSite(files: Record<string, RequestListener> = {}): Promise<MediaSite> {
  const asked: { path: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = request.url!;
    asked.push({ path, authorization: request.headers.authorization });
    const answer = files[path] ?? ((_, response) => void response.writeHead(404).end());
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ asked, files, port, url: `http://127.0.0.1:${port}` },
    close: () => server.close().closeAllConnections(),
  };
}
