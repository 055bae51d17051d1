import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A store that takes what is signed right, and tells what it holds. */
export interface ObjectStore {
  /** For the server that keeps its files here. */
  readonly env: Record<string, string>;
  readonly objects: Map<string, Buffer>;
  /** What it answers instead, while that is not null. */
  outage: number | null;
  /** Happens before each of its answers. */
  meanwhile: () => Promise<void> | void;
  stop(): void;
}

const KEY_ID = 'test-key';
const SECRET = 'test-secret';
const REGION = 'eu-central-1';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The part of S3 that files need, with signatures checked as Amazon says (Signature Version 4, "Authenticating Requests"
 * by header and by query): written from that text and not with the SDK, which would only agree with itself.
 */
export async function startObjectStore(): Promise<ObjectStore> {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store: ObjectStore = {
    env: {
      ...{ S3_BUCKET: 'files', S3_REGION: REGION, S3_ENDPOINT: endpoint },
      ...{ S3_ACCESS_KEY_ID: KEY_ID, S3_SECRET_ACCESS_KEY: SECRET },
    },
    objects,
    outage: null,
    meanwhile: () => undefined,
    stop: () => server.close().closeAllConnections(),
  };
  return store;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    await store.meanwhile();
    const url = new URL(request.url!, endpoint);
    const refusal = refusalOf(request, url);
    if (store.outage !== null || refusal !== null) {
      response.writeHead(store.outage ?? 403).end(refusal);
    } else if (request.method === 'PUT') {
      objects.set(url.pathname, Buffer.concat(chunks));
      response.end();
    } else if (request.method === 'DELETE') {
      objects.delete(url.pathname);
      response.writeHead(204).end();
    } else {
      const object = objects.get(url.pathname);
      const overrides = ['type', 'disposition'].map((name) => url.searchParams.get(`response-content-${name}`));
      response.writeHead(object ? 200 : 404, {
        'Content-Length': object?.length ?? 0,
        ...(overrides[0] ? { 'Content-Type': overrides[0] } : {}),
        ...(overrides[1] ? { 'Content-Disposition': overrides[1] } : {}),
      });
      response.end(request.method === 'HEAD' ? undefined : object);
    }
  }
}

/** What is wrong with a signature; null: nothing. */
function refusalOf({ method, headers }: IncomingMessage, url: URL): string | null {
  const query = new URLSearchParams(url.search);
  const header = headers.authorization ?? '';
  const part = (name: string): string =>
    query.get(`X-Amz-${name}`) ?? new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1] ?? '';
  const date = query.get('X-Amz-Date') ?? (headers['x-amz-date'] as string | undefined) ?? '';
  const [keyId, ...scope] = part('Credential').split('/');
  const given = part('Signature');
  query.delete('X-Amz-Signature');
  const canonical = [
    method,
    url.pathname,
    [...query]
      .map((pair) => pair.map(escaped).join('='))
      .sort()
      .join('&'),
    ...part('SignedHeaders')
      .split(';')
      .map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    part('SignedHeaders'),
    headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  if (keyId !== KEY_ID || scope.join('/') !== `${date.slice(0, 8)}/${REGION}/s3/aws4_request`) {
    return 'InvalidAccessKeyId';
  }
  const moment = date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
  if (Date.parse(moment) + Number(query.get('X-Amz-Expires') ?? 900) * 1000 < Date.now()) {
    return 'AccessDenied: Request has expired';
  }
  return hmac(key, text).toString('hex') === given ? null : 'SignatureDoesNotMatch';
}
