import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientCreate } from '../support/client-create.js';
import { expectExactRows } from '../support/exact.js';
import { newFile, put, startFileServer, type File } from '../support/files.js';
import { call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { atOnce } from '../support/races.js';
import { docUrl, expectInvalid } from '../support/refused.js';
import { ADMIN_KEY } from '../support/settings.js';

let server: Awaited<ReturnType<typeof startFileServer>>;
beforeAll(async () => {
  server = await startFileServer();
});
afterAll(() => server.stop());
const given = givenOn(() => server);

const PATH = '/admin/v1/clients';
const admin = (method: string, path: string, body?: unknown): Promise<Reply> =>
  call(`${server.url}${path}`, method, body, { authorization: `Bearer ${ADMIN_KEY}` });
const create = (of: TestClient, size: number, headers = {}): Promise<Reply> =>
  of.send('POST', '/api/v1/files', { mime_type: 'text/plain', size }, headers);
const storageOf = async ({ id }: TestClient): Promise<unknown[]> => {
  const { status, body } = await admin('GET', `${PATH}/${id}`);
  expect(status).toBe(200);
  return [body.storage_used, body.storage_limit];
};

function expectFull({ status, body }: Reply): void {
  expect({ status, body }).toEqual({
    status: 422,
    body: {
      message: 'The given data was invalid.',
      errors: { size: ['The size field is more than the storage has room for.'] },
      code: 'storage_limit_reached',
      doc_url: docUrl('storage_limit_reached'),
      request_id: expect.any(String),
    },
  });
}

describe('The storage of a client', () => {
  it('has no limit unless the operator gives it one, and its use is known anyway', async () => {
    const acme = await given.client();
    expect(await storageOf(acme)).toEqual([0, null]);
    await newFile(acme, { size: 2 ** 31 });
    await newFile(acme, { size: 1 });
    expect(await storageOf(acme)).toEqual([2 ** 31 + 1, null]);
    expect((await acme.send('GET', `/api/v1/client/${acme.id}`)).body).not.toHaveProperty('storage_used');
  });

  it('takes files up to its limit, to the byte', async () => {
    const { status, body } = await admin('POST', PATH, { name: 'A', domain: 'example.com', storage_limit: 10 });
    expect([status, body.storage_limit, body.storage_used]).toEqual([201, 10, 0]);
    const acme = await given.client({ storage_limit: 10 });
    expect((await create(acme, 6)).status).toBe(201);
    expectFull(await create(acme, 5));
    expectFull(await create(acme, 5, { 'idempotency-key': 'full' }));
    expect((await create(acme, 4)).status).toBe(201);
    expectFull(await create(acme, 1));
    expect(await storageOf(acme)).toEqual([10, 10]);
    const me = await given.session(acme, await given.customer(acme));
    expectFull(await me.send('POST', '/api/v1/files', { mime_type: 'text/plain', size: 1 }));
    await expectExactRows(acme.uuid);
  });

  it('is exact where many come at once', async () => {
    const acme = await given.client({ storage_limit: 100 });
    const replies = await atOnce(30, () => create(acme, 7));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(14);
    replies.filter(({ status }) => status !== 201).forEach(expectFull);
    expect(await storageOf(acme)).toEqual([98, 100]);
    await expectExactRows(acme.uuid);
  });

  it('counts a file once, however often its upload fails or is tried, and no longer than it is there', async () => {
    const acme = await given.client({ storage_limit: 5 });
    const file = (await create(acme, 5)).body as File;
    expect((await put(file.upload_url, 'four')).status).toBe(422);
    const uploads = await atOnce(5, () => put(file.upload_url, 'hello'));
    expect(uploads.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await put(file.upload_url, 'hello')).status).toBe(409);
    expect(await storageOf(acme)).toEqual([5, 5]);
    const { john, channel } = await given.pair(acme);
    const parts = [{ mime_type: 'text/plain', file_uuid: file.id }];
    const message = await acme.send('POST', '/api/v1/messages', {
      channel_uuid: channel.id,
      sender_uuid: john.id,
      parts,
    });
    expect(message.status).toBe(201);
    expectFull(await create(acme, 1));
    expect((await acme.send('DELETE', `/api/v1/messages/${message.body.id}?mode=all_participants`)).status).toBe(204);
    expect(await storageOf(acme)).toEqual([0, 5]);
    expect((await create(acme, 5)).status).toBe(201);
  });

  it('is changed by the operator, to less than there is as well, and back', async () => {
    const acme = await given.client();
    const change = (part: object): Promise<Reply> => admin('PATCH', `${PATH}/${acme.id}`, part);
    expect((await create(acme, 50)).status).toBe(201);
    expect((await change({ storage_limit: 20 })).body).toMatchObject({ storage_limit: 20, storage_used: 50 });
    expectFull(await create(acme, 1));
    expect((await change({ domain: 'example.com' })).body.storage_limit).toBe(20);
    expect((await change({ storage_limit: 0 })).body.storage_limit).toBe(0);
    expectFull(await create(acme, 1));
    expect((await change({ storage_limit: 2 ** 50 })).body.storage_limit).toBe(2 ** 50);
    expect((await change({ storage_limit: null })).body.storage_limit).toBeNull();
    expect((await create(acme, 1)).status).toBe(201);
    const { data } = (await admin('GET', `${PATH}?limit=100`)).body as { data: { id: string; storage_used: number }[] };
    expect(data.find(({ id }) => id === acme.id)?.storage_used).toBe(51);
  });

  it.each([-1, 0.5, '5', true, 2 ** 50 + 1])('has no limit of %j', async (storage_limit) => {
    const refused = await admin('POST', PATH, { name: 'A', domain: 'a.com', storage_limit });
    expectInvalid(
      refused,
      'storage_limit',
      'The storage_limit field must be a whole number from 0 to 1125899906842624.',
    );
  });

  it('is limited from the command line', async () => {
    const names = ['--name', 'A', '--domain', 'a.com', '--json'];
    const made = await clientCreate([...names, '--storage-limit', '1073741824']);
    expect(made.code).toBe(0);
    const { id } = JSON.parse(made.out) as { id: string };
    expect((await admin('GET', `${PATH}/${id}`)).body).toMatchObject({ storage_limit: 2 ** 30, storage_used: 0 });
    const wrong = await clientCreate([...names, '--storage-limit', '1GB']);
    expect([wrong.code, wrong.out, wrong.error]).toEqual([1, '', expect.stringContaining('storage_limit')]);
  });
});
