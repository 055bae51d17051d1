import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../../src/app.js';
import { loadConfig } from '../../../src/config.js';
import { DIALECTS } from '../../../src/dialects/index.js';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { givenTeams, type TestCaller } from '../../support/engagement.js';
import { call, type Reply } from '../../support/given.js';
import { probes } from '../../support/probes.js';
import { SETTINGS } from '../../support/settings.js';

let app: NestExpressApplication;
let url: string;
let agent: TestCaller;
beforeAll(async () => {
  app = await createApp(loadConfig(SETTINGS), process.env.TEST_DATABASE_URL!, [...DIALECTS, probes]);
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const team = await givenTeams(() => ({ url })).team();
  agent = await team.member('admin');
});
afterAll(() => app.close());

const PROBES = '/analytics/probes';
const get = (path: string): Promise<Reply> => agent.send('GET', PROBES + path);
const post = (body: unknown, headers?: Record<string, string>): Promise<Reply> =>
  agent.send('POST', PROBES, body, headers);
const told = ({ status, body }: Reply): unknown[] => [status, body];
const idsOf = ({ body }: Reply): number[] => (body as { data: { id: number }[] }).data.map(({ id }) => id);

describe('A list', () => {
  it('has pages with links that keep the query', async () => {
    const reply = await get('?page=2&search=a%20b&per_page=25');
    const at = `${url}/api/v1${PROBES}`;
    const link = (page: number): string => `${at}?search=a+b&per_page=25&page=${page}`;
    expect(idsOf(reply)).toEqual(Array.from({ length: 25 }, (_, n) => 35 - n));
    expect(reply.body.links).toEqual({ first: link(1), last: link(3), prev: link(1), next: link(3) });
    expect(reply.body.meta).toEqual({
      ...{ current_page: 2, from: 26, last_page: 3, path: at, per_page: 25, to: 50, total: 60 },
    });
  });

  it('ends', async () => {
    const last = await get('?page=3');
    expect([last.body.links.next, last.body.meta.to, idsOf(last).length]).toEqual([null, 60, 10]);
    const first = await get('');
    expect([first.body.links.prev, first.body.meta.from]).toEqual([null, 1]);
  });

  it('may be empty, past its end or at all', async () => {
    const past = await get('?page=9999999');
    expect(idsOf(past)).toEqual([]);
    expect(past.body.meta).toMatchObject({ current_page: 9_999_999, from: null, to: null, last_page: 3 });
    const none = await get('/none');
    expect(none.body.meta).toMatchObject({ current_page: 1, from: null, to: null, last_page: 1, total: 0 });
    expect(none.body.links).toMatchObject({ prev: null, next: null });
  });

  it.each<[string, number]>([
    ['per_page=1', 1],
    ['per_page=100', 60],
    ['per_page=1000', 60],
    ['per_page=7&page=9', 4],
  ])('of ?%s has %i items', async (query, count) => {
    expect(idsOf(await get(`?${query}`)).length).toBe(count);
  });

  it.each([
    ...['per_page=0', 'per_page=-1', 'per_page=abc', 'per_page=1e9', 'per_page=', 'per_page=1.5'].map((one) => [one]),
    ...['page=0', 'page=-1', 'page=2147483648', 'page=1e3', 'page=', 'page=1&page=2', 'sort_dir=up'].map((one) => [
      one,
    ]),
    ...['sort_by=password', 'colour=red', 'search=', `search=${'a'.repeat(101)}`, 'is_read=yes'].map((one) => [one]),
    ...['after=0', 'after=1.5', 'after=nonsense', 'page=1&after=7', 'after=7&sort_by=name'].map((one) => [one]),
    ...['after=7&sort_dir=asc'].map((one) => [one]),
  ])('of ?%s is refused on the parameter', async (query) => {
    const { status, body } = await get(`?${query}`);
    const name = query.split('=')[0] === 'page' && query.includes('after') ? 'after' : query.split('=')[0]!;
    expect([status, Object.keys(body as object)]).toEqual([422, ['errors']]);
    expect(body.errors[name]).toEqual([expect.stringMatching(/^The .+\.$/)]);
  });

  it('goes on after an item, to its end', async () => {
    const seen: number[] = [];
    let next: string | null = `${url}/api/v1${PROBES}?after=60&per_page=25&sort_by=created_at`;
    while (next !== null) {
      const reply: Reply = await call(next, 'GET', undefined, { authorization: `Bearer ${agent.token}` });
      expect(reply.body.meta).toMatchObject({ current_page: null, from: null, to: null, last_page: 3, total: 60 });
      expect(reply.body.links).toMatchObject({ last: null, prev: null });
      seen.push(...idsOf(reply));
      next = reply.body.links.next;
    }
    expect(seen).toEqual(Array.from({ length: 59 }, (_, n) => 59 - n));
  });
});

describe('A path', () => {
  const uuid = randomUUID();

  it.each<[string, number | string]>([
    ['7', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    [uuid.toUpperCase(), uuid],
    [formatId('customer', uuid), uuid],
  ])('names by %s', async (id, ref) => expect(told(await get(`/${id}`))).toEqual([200, { data: { ref } }]));

  it.each([
    ...['0', '-1', '1.0', '1e3', '%EF%BC%99', '00042', '12345678901234567', '9007199254740992', 'nonsense'],
    ...[formatId('file', uuid), '404'],
  ])('names nothing by %s', async (id) => {
    expect(told(await get(`/${id}`))).toEqual([404, { message: 'Contact not found.' }]);
  });
});

describe('A body', () => {
  it('is strict, but for what an object shows of itself', async () => {
    const read = { id: 7, uuid: 'x', created_at: 12 };
    expect((await post({ name: 'A', ...read })).status).toBe(201);
    expect(told(await post({ name: 'A', ...read, role: 'owner', client_id: 'x' }))).toEqual([
      422,
      { errors: { role: ['The role field is not known.'], client_id: ['The client_id field is not known.'] } },
    ]);
    expect(told(await post({}))).toEqual([422, { errors: { name: ['The name field is required.'] } }]);
    expect(told(await agent.send('PUT', `${PROBES}/7?x=1`, { name: 'A' }))).toEqual([
      422,
      { errors: { x: ['The x field is not known.'] } },
    ]);
  });

  it.each([7, '7', randomUUID(), Number.MAX_SAFE_INTEGER])('names by %s', async (id) => {
    expect((await post({ name: 'A', parent_id: id, tag_ids: [id, id] })).status).toBe(201);
  });

  it.each([12.5, true, 2 ** 53, 0, -1, '12.5', '', {}, '1e3', '9007199254740992'])(
    'names nothing by %j',
    async (id) => {
      expect(told(await post({ name: 'A', parent_id: id }))).toEqual([
        422,
        { errors: { parent_id: ['The parent_id field must be an id.'] } },
      ]);
      expect((await post({ name: 'A', tag_ids: [1, id] })).body.errors).toEqual({
        'tag_ids.1': ['The tag_ids.1 field must be an id.'],
      });
    },
  );

  it('names too many, or what is not of the workspace', async () => {
    expect((await post({ name: 'A', tag_ids: [1, 2, 3, 4] })).body.errors).toHaveProperty('tag_ids');
    expect(told(await post({ name: 'A', tag_ids: [1, 99] }))).toEqual([
      422,
      { errors: { 'tag_ids.1': ['The selected tag_ids.1 is invalid.'] } },
    ]);
  });
});

describe('What is refused', () => {
  it.each<[string, number, object]>([
    ['unfit', 422, { message: 'This contact can not be reached by email.' }],
    ['stale', 409, { message: 'Somebody was faster.', code: 'already_exists', data: { id: 7 } }],
    ['number', 409, { message: 'The number is in use.', code: 'number_in_use' }],
  ])('as %s is told without fields', async (name, status, body) => {
    expect(told(await post({ name }))).toEqual([status, body]);
  });

  it('says nothing of a fault of ours', async () => {
    expect(told(await post({ name: 'broken' }))).toEqual([500, { message: 'Server Error' }]);
  });

  it.each<[string, number, string, () => Promise<Reply>]>([
    ['no route', 404, 'Route not found.', () => agent.send('GET', '/contacts/1/deals')],
    ['no JSON', 400, 'Malformed JSON.', () => post('{', { 'content-type': 'application/json' })],
    [
      'no JSON at all',
      415,
      'The body must be application/json in UTF-8.',
      () => post('x', { 'content-type': 'text/csv' }),
    ],
    ['too much', 413, 'The body must not exceed 256 KB.', () => post({ name: 'x'.repeat(256 * 1024) })],
  ])('because it is %s says so in a sentence', async (_, status, message, provoke) => {
    expect(told(await provoke())).toEqual([status, { message }]);
  });

  it('because of the method says which there are', async () => {
    const reply = await agent.send('PATCH', PROBES, {});
    expect([...told(reply), reply.headers.get('allow')]).toEqual([
      405,
      { message: 'Method not allowed.' },
      'GET, HEAD, POST',
    ]);
  });

  it('in no group of this dialect is told by the core', async () => {
    expect((await agent.send('GET', '/nowhere')).body).toMatchObject({ code: 'not_found' });
  });
});

describe('An Idempotency-Key', () => {
  it('makes a POST happen once, and is kept with its refusals in the words of this dialect', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const [first, again] = [await post({ name: 'once' }, key), await post({ name: 'once' }, key)];
    expect(told(again)).toEqual(told(first));
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await post({ name: 'other' }, key);
    expect([other.status, Object.keys(other.body.errors as object)]).toEqual([422, ['Idempotency-Key']]);
    const refused = { 'idempotency-key': randomUUID() };
    await post({ name: 'unfit' }, refused);
    const kept = await post({ name: 'unfit' }, refused);
    expect([...told(kept), kept.headers.get('idempotent-replayed')]).toEqual([
      422,
      { message: 'This contact can not be reached by email.' },
      'true',
    ]);
  });
});
