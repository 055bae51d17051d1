import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { newFile, put, seen, startFileServer, uploaded } from '../support/files.js';
import { call, given as givenOn, type TestClient } from '../support/given.js';
import { exchangeOne, wire } from '../support/raw-http.js';
import { docUrl, expectInvalid, expectMissing } from '../support/refused.js';

let server: Awaited<ReturnType<typeof startFileServer>>;
let acme: TestClient;
beforeAll(async () => {
  server = await startFileServer();
  acme = await given.client();
});
afterAll(() => server.stop());
const given = givenOn(() => server);

const ID = expect.stringMatching(/^file_[\da-z]{26}$/);
const MB = 1024 * 1024;

describe('A file', () => {
  it('is created, uploaded and downloaded', async () => {
    const before = Math.floor(Date.now() / 1000);
    const file = await newFile(acme, { mime_type: 'image/png', size: 5, name: 'Übung.png' });
    expect(file).toEqual({
      object: 'file',
      id: ID,
      mime_type: 'image/png',
      size: 5,
      name: 'Übung.png',
      uploaded: false,
      upload_url: expect.stringMatching(
        `^${server.url}/files/${acme.id}/${file.id}\\?expires=\\d+&signature=[\\w-]{43}$`,
      ),
      upload_expires_at: expect.any(Number),
      download_url: null,
      download_expires_at: null,
      created: expect.any(Number),
      livemode: false,
    });
    expect(file.upload_expires_at! - before).toBeGreaterThanOrEqual(3_600);
    expect(file.upload_expires_at! - before).toBeLessThan(3_630);

    const { status, text } = await put(file.upload_url, 'hello');
    expect([status, text]).toEqual([204, '']);

    const after = await seen(acme, file);
    expect(after).toEqual({
      ...file,
      uploaded: true,
      upload_url: null,
      upload_expires_at: null,
      download_url: expect.stringContaining(`/files/${acme.id}/${file.id}?`),
      download_expires_at: expect.any(Number),
    });
    expect(after.download_expires_at! - before).toBeGreaterThanOrEqual(3_600);
    expect(after.download_expires_at! - before).toBeLessThan(3_630);

    const response = await fetch(after.download_url!);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('hello');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '5',
      'content-disposition': `attachment; filename="_bung.png"; filename*=UTF-8''%C3%9Cbung.png`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^req_/),
    });
  });

  it('needs no name, and its type is the one that was said before, whatever the upload says', async () => {
    const file = await uploaded(acme, '<script>', { mime_type: 'application/vnd.layer.text+json;role="a b"' });
    const response = await fetch(file.download_url!);
    expect(file.name).toBeNull();
    expect(response.headers.get('content-type')).toBe('application/vnd.layer.text+json;role="a b"');
    expect(response.headers.get('content-disposition')).toBe('attachment');
  });

  it('shows where to upload it for as long as it is not', async () => {
    const file = await newFile(acme, { size: 5 });
    const again = await seen(acme, file);
    expect((await put(again.upload_url, 'hello')).status).toBe(204);
  });

  it('is downloaded in ranges, by HEAD, and only where it changed', async () => {
    const { download_url: url } = await uploaded(acme, 'hello world');
    const get = (headers: Record<string, string>): Promise<Response> => fetch(url!, { headers });
    const part = await get({ range: 'bytes=6-' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 6-10/11',
      'world',
    ]);
    const head = await fetch(url!, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '11', '']);
    const etag = head.headers.get('etag')!;
    // By hand: fetch() adds that it wants no cached answer.
    const unchanged = wire('GET', url!.slice(server.url.length), [['If-None-Match', etag]]);
    expect((await exchangeOne(server.port, unchanged)).status).toBe(304);
    const outside = await call(url!, 'GET', undefined, { range: 'bytes=11-' });
    expect([outside.status, outside.body.code, outside.headers.get('content-range')]).toEqual([
      416,
      'range_not_satisfiable',
      'bytes */11',
    ]);
    expect(outside.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(outside.headers.has('content-disposition')).toBe(false);
    expect((await call(url!, 'GET', undefined, { 'if-match': '"other"' })).status).toBe(412);
  });

  it('is uploaded from a page, and downloaded there', async () => {
    const file = await newFile(acme, { size: 5 });
    const origin = 'https://anywhere.example';
    const preflight = await call(file.upload_url!, 'OPTIONS', undefined, {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, PUT');
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    const sent = await call(file.upload_url!, 'PUT', 'hello', { origin });
    const got = await fetch((await seen(acme, file)).download_url!, { headers: { origin } });
    expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    expect([got.status, got.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  });

  it('shows the addresses that PUBLIC_URL says', async () => {
    const behind = await startFileServer({ PUBLIC_URL: 'https://chat.example.com/parlance/' });
    const client = await givenOn(() => behind).client();
    const { upload_url } = await newFile(client, { size: 1 });
    await behind.stop();
    expect(upload_url).toMatch(/^https:\/\/chat\.example\.com\/parlance\/files\/clt_/);
  });

  it('is not made for a Host that is none', async () => {
    const body = { mime_type: 'text/plain', size: 1 };
    const host = await acme.send('POST', '/api/v1/files', body, { 'x-forwarded-host': 'evil.example' });
    expect(host.body.upload_url).toMatch(server.url);
  });
});

describe('What is asked for', () => {
  it.each([0, -1, 0.5, 2 * 1024 * MB + 1, '1', null])('is refused with a size of %j', async (size) => {
    expectInvalid(
      await acme.send('POST', '/api/v1/files', { mime_type: 'text/plain', size }),
      'size',
      size === null ? 'The size field is required.' : 'The size field must be a whole number from 1 to 2147483648.',
    );
  });

  it('may have 2 GB', async () => expect((await newFile(acme, { size: 2048 * MB })).size).toBe(2_147_483_648));

  it.each([
    'text',
    'text/',
    '/plain',
    'text/plain\r\nx: y',
    'text/plain; a',
    ...['\n', '\r\n ', '\u2028', '\u00a0', '\v'].map((blank) => `text/plain;${blank}a=b`),
    'é/x',
    `a/${'b'.repeat(254)}`,
    'a b/c',
    5,
  ])('is refused with the type %j', async (mime_type) => {
    expectInvalid(await acme.send('POST', '/api/v1/files', { mime_type, size: 1 }), 'mime_type');
  });

  it('happens once under one Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'once' };
    const body = { mime_type: 'text/plain', size: 1 };
    const [first, second] = [
      await acme.send('POST', '/api/v1/files', body, key),
      await acme.send('POST', '/api/v1/files', body, key),
    ];
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
  });

  it('is nobody else’s', async () => {
    const file = await uploaded(acme, 'secret');
    const umbrella = await given.client();
    expectMissing(await umbrella.send('GET', `/api/v1/files/${file.id}`), 'File not found');
    expectMissing(await acme.send('GET', '/api/v1/files/file_x'), 'File not found');
  });
});

describe('A signed URL', () => {
  it('is refused where anything of it was changed', async () => {
    const file = await uploaded(acme, 'secret');
    const other = await uploaded(acme, 'other');
    const umbrella = await given.client();
    const url = new URL(file.download_url!);
    const changed = (change: (copy: URL) => void): string => {
      const copy = new URL(url);
      change(copy);
      return copy.href;
    };
    const forged = [
      changed((copy) => copy.searchParams.set('expires', String(Number(url.searchParams.get('expires')) + 1))),
      changed((copy) => copy.searchParams.set('signature', 'A'.repeat(43))),
      changed((copy) => copy.searchParams.delete('signature')),
      changed((copy) => copy.searchParams.append('expires', '9999999999')),
      changed((copy) => (copy.search = '')),
      changed((copy) => (copy.pathname = url.pathname.replace(file.id, other.id))),
      changed((copy) => (copy.pathname = url.pathname.replace(acme.id, umbrella.id))),
      // The same file, otherwise written: not what was signed.
      changed((copy) => (copy.pathname = url.pathname.replace(file.id, parseId('file', file.id)!))),
      changed(
        (copy) =>
          (copy.pathname = `${url.pathname.slice(0, -1)}%${url.pathname.charCodeAt(url.pathname.length - 1).toString(16)}`),
      ),
      changed((copy) => (copy.pathname = '/files/..%2f..%2fetc/passwd')),
    ];
    for (const one of forged) {
      for (const method of ['GET', 'PUT']) {
        const reply = await call(one, method, method === 'PUT' ? 'x' : undefined);
        expect([one, reply.status, reply.body]).toEqual([
          one,
          403,
          {
            error: 'Forbidden - Invalid signature',
            code: 'forbidden',
            doc_url: docUrl('forbidden'),
            request_id: reply.headers.get('x-request-id'),
          },
        ]);
      }
    }
  });

  it('does one thing only', async () => {
    const file = await newFile(acme, { size: 6 });
    expect((await call(file.upload_url!, 'GET')).status).toBe(403);
    const done = await uploaded(acme, 'secret');
    expect((await put(done.download_url, 'change')).status).toBe(403);
    expect(await (await fetch(done.download_url!)).text()).toBe('secret');
  });

  it('ends', async () => {
    // Signed for the past by a server with the same secret.
    const secret = 's'.repeat(32);
    const own = await startFileServer({ FILES_SECRET: secret });
    const client = await givenOn(() => own).client();
    const { signPath } = await import('../../src/platform/common/signed-path.js');
    const file = await newFile(client, { size: 5 });
    const path = `/files/${client.id}/${file.id}`;
    const [past, soon] = [new Date(Date.now() - 1000), new Date(Date.now() + 60_000)];
    const replies = [
      await put(own.url + signPath(secret, 'PUT', path, past), 'hello'),
      await put(own.url + signPath(secret, 'PUT', path, soon), 'hello'),
      await call(own.url + signPath(secret, 'GET', path, past), 'GET'),
    ];
    const downloaded = await fetch(own.url + signPath(secret, 'GET', path, soon));
    await own.stop();
    expect(replies.map(({ status }) => status)).toEqual([403, 204, 403]);
    expect(replies[2]!.body.error).toBe('Forbidden - URL expired');
    expect(downloaded.status).toBe(200);
  });

  it('of a file that is not there is 404', async () => {
    const { id } = await newFile(acme, { size: 5 });
    const { signPath } = await import('../../src/platform/common/signed-path.js');
    const { secretIn } = await import('../../src/platform/common/installation-secret.js');
    const secret = await secretIn(server.dataDir, 'files-secret');
    const soon = new Date(Date.now() + 60_000);
    const to = (file: string): string => server.url + signPath(secret, 'GET', `/files/${acme.id}/${file}`, soon);
    expectMissing(await call(to(id), 'GET'), 'File not found');
    expectMissing(await call(to(formatId('file', acme.uuid)), 'GET'), 'File not found');
  });

  it('is signed with a secret that only this user can read', () => {
    expect(statSync(join(server.dataDir, 'files-secret')).mode & 0o777).toBe(0o600);
  });
});
