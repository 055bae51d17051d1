import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { errorsMarkdown } from '../../src/platform/common/errors/error-page.js';
import { newFile, startFileServer, uploaded } from '../support/files.js';
import { call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { linesOf } from '../support/hostile.js';
import { exchangeOne, wire } from '../support/raw-http.js';
import { startServer, useServer } from '../support/server.js';
import { document } from '../support/truth.js';

const server = useServer(startFileServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface CodeSchema {
  readonly properties: { readonly code: { readonly enum: readonly string[] } };
}
/** The enum of `code` in the API document. */
function documented(schema: string): string[] {
  const { schemas } = document.components as unknown as { schemas: Record<string, CodeSchema> };
  return [...schemas[schema]!.properties.code.enum].sort();
}

/** Every code that some line of the source refuses with. */
function used(): string[] {
  const files = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => read(`src/${file}`));
  const codes = sources.flatMap((source) => [
    ...source.matchAll(/new Refusal\(\s*'(\w+)'/g),
    ...(source.includes(' extends Refusal ') ? source.matchAll(/super\(\s*'(\w+)'/g) : []),
  ]);
  return [...new Set(codes.map(([, code]) => code!))].sort();
}

describe('The codes of errors', () => {
  it('in the API document are those that are used, and those of docs/errors.md', () => {
    const headings = [...read('docs/errors.md').matchAll(/^## (\w+)$/gm)].map(([, code]) => code!);
    expect(headings.length).toBeGreaterThan(20);
    expect(headings.sort()).toEqual(used());
    expect(documented('ApiError')).toEqual(used());
    expect(used()).toEqual(expect.arrayContaining(documented('ValidationError')));
  });

  it('are listed in docs/errors.md as the server lists them', () => {
    expect(read('docs/errors.md')).toBe(errorsMarkdown());
  });
});

const SOME_ID = '018f0000-0000-7000-8000-000000000000';
const customers = (body: unknown, headers?: Record<string, string>): Promise<Reply> =>
  acme.send('POST', '/api/v1/customers', body, headers);
const raw = (path: string, headers: Record<string, string>): Promise<Reply> =>
  exchangeOne(server.port, wire('GET', path, [...linesOf(acme), ...Object.entries(headers)]));

const reachable: Readonly<Record<string, () => Promise<Reply>>> = {
  malformed: () => customers('{'),
  idempotency_key_not_taken: async () => {
    const { id } = await given.customer(acme);
    return acme.send('POST', `/api/v1/customers/${id}/sessions`, {}, { 'idempotency-key': 'k' });
  },
  unauthorized: () => customers({}, { 'x-public-key': 'x' }),
  forbidden: async () => (await given.client({ scopes: ['messages:read'] })).send('GET', '/api/v1/customers'),
  not_found: () => acme.send('GET', `/api/v1/customers/${SOME_ID}`),
  method_not_allowed: () => acme.send('DELETE', '/api/v1/customers'),
  id_in_use: async () => {
    const { john, channel } = await given.pair(acme);
    const body = { id: SOME_ID, channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content: 'Hello' };
    expect((await acme.send('POST', '/api/v1/messages', body)).status).toBe(201);
    return acme.send('POST', '/api/v1/messages', body);
  },
  limit_reached: async () => {
    const make = (): Promise<Reply> =>
      acme.send('POST', '/api/v1/webhook_endpoints', { url: 'https://example.com/hook', events: ['*'] });
    const made = await Promise.all(Array.from({ length: 21 }, make));
    return made.find(({ status }) => status === 409)!;
  },
  already_uploaded: async () => {
    const { upload_url } = await newFile(acme, { size: 5 });
    expect((await call(upload_url!, 'PUT', 'hello')).status).toBe(204);
    return call(upload_url!, 'PUT', 'hello');
  },
  precondition_failed: async () => download({ 'if-match': '"another"' }),
  too_large: () => customers({ name: 'x'.repeat(256 * 1024) }),
  unsupported_media_type: () => customers('x', { 'content-type': 'text/plain' }),
  range_not_satisfiable: async () => download({ range: 'bytes=100-200' }),
  expectation_failed: () => raw('/api/v1/customers', { Expect: 'miracles' }),
  invalid: () => customers({}),
  idempotency_key_reused: async () => {
    const body = { name: 'John', email: 'john@example.com' };
    expect((await customers(body, { 'idempotency-key': 'used' })).status).toBe(201);
    return customers({ ...body, name: 'Jane' }, { 'idempotency-key': 'used' });
  },
  storage_limit_reached: async () => {
    const small = await given.client({ storage_limit: 1 });
    return small.send('POST', '/api/v1/files', { mime_type: 'text/plain', size: 2 });
  },
  wrong_size: async () => call((await newFile(acme, { size: 5 })).upload_url!, 'PUT', 'six'),
  upgrade_required: () => call(`${server.url}/app/${acme.publicKey}`, 'GET'),
  headers_too_large: () => raw('/api/v1/customers', { 'X-Filler': 'x'.repeat(17_000) }),
};

async function download(headers: Record<string, string>): Promise<Reply> {
  const { download_url } = await uploaded(acme, 'hello');
  return call(download_url!, 'GET', undefined, headers);
}

describe('The doc_url of an error', () => {
  it.each(Object.entries(reachable))('%s leads to its entry', async (code, provoke) => {
    const { body } = await provoke();
    expect(body.code).toBe(code);
    const page = await fetch(new URL(body.doc_url as string, server.url));
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain(`<section id="${new URL(body.doc_url as string, server.url).hash.slice(1)}">`);
    expect(body.doc_url).toMatch(new RegExp(`#${code}$`));
  });

  it('begins as PUBLIC_URL does, or else as the request did', async () => {
    expect((await customers({})).body.doc_url).toBe(`${server.url}/docs/errors#invalid`);
    const behind = await startServer({ PUBLIC_URL: 'https://chat.example.com/parlance/' });
    const replies = [
      await call(`${behind.url}/nowhere`, 'GET'),
      await exchangeOne(behind.port, 'no request\r\n\r\n'),
      await exchangeOne(behind.port, wire('GET', '/nowhere', [['Host', 'a host/that is none']])),
    ];
    await behind.stop();
    const base = 'https://chat.example.com/parlance/docs/errors';
    expect(replies.map(({ body }) => body.doc_url)).toEqual(
      ['not_found', 'malformed', 'not_found'].map((code) => `${base}#${code}`),
    );
  });

  it('is a path where the Host is none', async () => {
    const reply = await exchangeOne(server.port, wire('GET', '/nowhere', [['Host', 'a host/that is none']]));
    expect(reply.body.doc_url).toBe('/docs/errors#not_found');
  });
});
