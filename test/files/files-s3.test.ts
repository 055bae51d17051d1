import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { expectBroughtAndRead, newFile, onDisk, put, seen, startFileServer } from '../support/files.js';
import { call, given as givenOn, type TestClient } from '../support/given.js';
import { startObjectStore, type ObjectStore } from '../support/s3.js';

let store: ObjectStore;
let server: Awaited<ReturnType<typeof startFileServer>>;
let acme: TestClient;
beforeAll(async () => {
  store = await startObjectStore();
  server = await startFileServer(store.env);
  acme = await givenOn(() => server).client();
});
afterAll(async () => {
  await server.stop();
  store.stop();
});
afterEach(() => {
  store.outage = null;
  store.meanwhile = () => undefined;
});

/** Without reading the answer: it is the store's, and no JSON. */
const statusOf = async (url: string | null, method: string, body?: string): Promise<number> =>
  (await fetch(url!, { method, ...(body === undefined ? {} : { body }) })).status;

describe('In an S3-compatible store', () => {
  it('a file is uploaded and downloaded past this server', async () => {
    const file = await newFile(acme, { mime_type: 'image/png', size: 5, name: "it's (1)*.png" });
    const { S3_ENDPOINT } = store.env;
    expect(file.upload_url).toMatch(new RegExp(`^${S3_ENDPOINT}/files/${acme.uuid}/[\\da-f-]{36}\\?`));
    expect(new URL(file.upload_url!).searchParams.get('X-Amz-Expires')).toBe('3600');
    expect((await seen(acme, file)).uploaded).toBe(false);

    expect(await statusOf(file.upload_url, 'PUT', 'hello')).toBe(200);
    const after = await seen(acme, file);
    expect(after).toMatchObject({ uploaded: true, upload_url: null, upload_expires_at: null });
    expect(new URL(after.download_url!).searchParams.get('X-Amz-Expires')).toBe('3600');
    const response = await fetch(after.download_url!);
    expect([response.status, await response.text()]).toEqual([200, 'hello']);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="it's (1)*.png"`);
    expect(onDisk(server)).toEqual([]);
  });

  it('an image that is a page is told as one', async () => {
    const page = '<!doctype html><script>alert(1)</script>';
    const file = await newFile(acme, { mime_type: 'image/png', size: page.length });
    expect(await statusOf(file.upload_url, 'PUT', page)).toBe(200);
    const after = await seen(acme, file);
    expect(after.mime_type).toBe('text/html');
    expect((await fetch(after.download_url!)).headers.get('content-type')).toBe('text/html');
  });

  it('a service brings and reads the bytes of a file itself', async () => {
    await expectBroughtAndRead(server, acme);
    expect(onDisk(server)).toEqual([]);
    store.outage = 500;
    await expect(expectBroughtAndRead(server, acme)).rejects.toThrow('temporarily unavailable');
  });

  it('a file of a name that is not ASCII keeps it', async () => {
    const file = await newFile(acme, { size: 1, name: 'Übung*.txt' });
    await statusOf(file.upload_url, 'PUT', 'x');
    const response = await fetch((await seen(acme, file)).download_url!);
    expect(response.headers.get('content-disposition')).toMatch(/filename\*=UTF-8''%C3%9Cbung%2A\.txt$/);
  });

  it.each(['four', 'sixsix', ''])('as many bytes are taken as were said, and not %j', async (body) => {
    const file = await newFile(acme, { size: 5 });
    expect(await statusOf(file.upload_url, 'PUT', body)).toBe(403);
    expect((await seen(acme, file)).uploaded).toBe(false);
  });

  it('a file that is there with another size is not taken for uploaded', async () => {
    const file = await newFile(acme, { size: 5 });
    store.objects.set(new URL(file.upload_url!).pathname, Buffer.from('four'));
    expect((await seen(acme, file)).uploaded).toBe(false);
  });

  it('a URL that was changed, or is used for something else, is refused', async () => {
    const file = await newFile(acme, { size: 5 });
    const other = await newFile(acme, { size: 5 });
    const moved = new URL(file.upload_url!);
    moved.pathname = new URL(other.upload_url!).pathname;
    const longer = new URL(file.upload_url!);
    longer.searchParams.set('X-Amz-Expires', '86400');
    expect(await statusOf(moved.href, 'PUT', 'hello')).toBe(403);
    expect(await statusOf(longer.href, 'PUT', 'hello')).toBe(403);
    expect(await statusOf(file.upload_url, 'GET')).toBe(403);
    await statusOf(file.upload_url, 'PUT', 'hello');
    expect(await statusOf((await seen(acme, file)).download_url, 'PUT', 'other')).toBe(403);
  });

  it('is asked once: from then on a file is known to be there', async () => {
    const file = await newFile(acme, { size: 5 });
    await statusOf(file.upload_url, 'PUT', 'hello');
    await seen(acme, file);
    store.outage = 500;
    expect((await seen(acme, file)).uploaded).toBe(true);
  });

  it('is never asked while a connection to the database is held, with an Idempotency-Key either', async () => {
    const { channel, john } = await givenOn(() => server).pair(acme);
    const file = await newFile(acme, { size: 5 });
    expect(await statusOf(file.upload_url, 'PUT', 'hello')).toBe(200);
    const { master } = server.get<DataSource>('DataSource').driver as unknown as { master: Pool };
    const held: number[] = [];
    store.meanwhile = () => void held.push(master.totalCount - master.idleCount);
    const parts = [{ mime_type: 'text/plain', file_uuid: file.id }];
    const send = () =>
      acme.send(
        'POST',
        '/api/v1/messages',
        { channel_uuid: channel.id, sender_uuid: john.id, parts },
        { 'idempotency-key': 'one' },
      );
    const first = await send();
    expect([first.status, held]).toEqual([201, [0]]);
    const again = await send();
    expect([again.text, again.headers.get('idempotent-replayed'), held]).toEqual([first.text, 'true', [0]]);
  });

  it.each([500, 503, 403])('nothing is made up where it answers %i', async (outage) => {
    const file = await newFile(acme, { size: 5 });
    store.outage = outage;
    server.app.useLogger(false);
    const reply = await acme.send('GET', `/api/v1/files/${file.id}`);
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([
      503,
      'storage_unavailable',
      '2',
    ]);
  });

  it('this server takes no bytes itself', async () => {
    expect((await call(`${server.url}/files/${acme.id}/file_x`, 'GET')).status).toBe(404);
    expect((await put(`${server.url}/files/${acme.id}/file_x`, 'x')).status).toBe(404);
  });
});
