import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { FilesService } from '../../src/files/files.service.js';
import { put, startFileServer, type File } from '../support/files.js';
import { call, given as givenOn, type Channel, type Customer, type Reply, type TestClient } from '../support/given.js';
import { expectMissing } from '../support/refused.js';

let server: Awaited<ReturnType<typeof startFileServer>>;
let acme: TestClient;
let channel: Channel;
/** Asks as a customer, from a page of the client. */
type Ask = (method: string, path: string, body?: unknown) => Promise<Reply>;
let [asJohn, asJane, asStranger]: Ask[] = [];
beforeAll(async () => {
  server = await startFileServer();
  acme = await given.client();
  const { john, jane, ...pair } = await given.pair(acme);
  channel = pair.channel;
  [asJohn, asJane, asStranger] = await Promise.all([john, jane, await given.customer(acme)].map(sessionOf));
});
afterAll(() => server.stop());
const given = givenOn(() => server);

async function sessionOf({ id }: Customer): Promise<Ask> {
  const { body } = await acme.send('POST', `/api/v1/customers/${id}/sessions`, {});
  const headers = { authorization: `Bearer ${body.token}`, origin: 'https://example.com' };
  return (method, path, content) => call(server.url + path, method, content, headers);
}

/** John's, its bytes there. */
async function johns(): Promise<File> {
  const { status, body } = await asJohn!('POST', '/api/v1/files', { mime_type: 'text/plain', size: 5 });
  expect(status).toBe(201);
  expect((await put(body.upload_url, 'hello')).status).toBe(204);
  return body;
}

describe('With the session of a customer', () => {
  it('a file is that customer’s, and nobody else’s', async () => {
    const { id } = await johns();
    const own = await asJohn!('GET', `/api/v1/files/${id}`);
    expect([own.status, own.body.uploaded]).toEqual([200, true]);
    expect(await (await fetch(own.body.download_url)).text()).toBe('hello');
    expectMissing(await asJane!('GET', `/api/v1/files/${id}`), 'File not found');
    expect((await acme.send('GET', `/api/v1/files/${id}`)).status).toBe(200);
  });

  it('a file of the client’s own is not to be seen', async () => {
    const made = await acme.send('POST', '/api/v1/files', { mime_type: 'text/plain', size: 5 });
    expectMissing(await asJohn!('GET', `/api/v1/files/${made.body.id}`), 'File not found');
  });

  it('what was sent in a channel is for its members', async () => {
    const { id } = await johns();
    const tenant = { clientId: acme.uuid, livemode: false };
    await server
      .get<FilesService>('FilesService')
      .attach(tenant, [parseId('file', id)!], parseId('channel', channel.id)!);
    const seenByJane = await asJane!('GET', `/api/v1/files/${id}`);
    expect([seenByJane.status, await (await fetch(seenByJane.body.download_url)).text()]).toEqual([200, 'hello']);
    expectMissing(await asStranger!('GET', `/api/v1/files/${id}`), 'File not found');
  });
});
