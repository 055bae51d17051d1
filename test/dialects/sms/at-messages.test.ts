import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, accepted, type Reply } from '../../support/given.js';
import { mediaSite, PNG, served, type MediaSite } from '../../support/media.js';
import { OUR_NUMBER } from '../../support/phones.js';
import { startObjectStore, type ObjectStore } from '../../support/s3.js';
import { startServer, useServer } from '../../support/server.js';
import { workspaceDocument, workspaceOperations } from '../../support/truth.js';
import { until } from '../../support/until.js';
import { givenUsers, inWorkspace, keyOf, type TestUser, type Workspace } from '../../support/users.js';

const PHONE = '+14155552671';

let store: ObjectStore;
let site: MediaSite;
beforeAll(async () => {
  store = await startObjectStore();
  site = await mediaSite({ '/photo.png': served('image/png', PNG) });
});
afterAll(() => {
  store.stop();
  site.close();
});
const server = useServer();
/** Another process's worth of caches; and it keeps its files elsewhere. */
const another = useServer(() => startServer(store.env));
const given = givenUsers(() => server);

let owner: TestUser;
let workspace: Workspace;
let key: string;
beforeAll(async () => {
  ({ owner, workspace } = await given.team());
  key = await keyOf(owner, workspace);
  accepted(await within('POST', '/phone-numbers', { number: OUR_NUMBER }));
});
const within = (method: string, path: string, body?: unknown): Promise<Reply> =>
  owner.send(method, inWorkspace(workspace, path), body);
const asKey = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  call(`${server.url}/api/messages${path}`, method, body, { authorization: `Bearer ${key}`, ...headers });
const refused = ({ status, body }: Reply): unknown[] => [status, body.error];

describe('A key at /api/messages', () => {
  it('is taken from the addresses of its workspace alone, and from no other page', async () => {
    const own = await given.team();
    const secret = await keyOf(own.owner, own.workspace);
    const list = (headers: Record<string, string> = {}): Promise<Reply> =>
      call(`${server.url}/api/messages`, 'GET', undefined, { authorization: `Bearer ${secret}`, ...headers });
    const change = async (body: object) => accepted(await own.owner.send('PATCH', inWorkspace(own.workspace), body));
    await change({ domain: 'shop.example', allowedSubdomains: ['www'] });
    const changed = (status: number, headers?: Record<string, string>) =>
      until(async () => ((await list(headers)).status === status ? true : null));
    await changed(200, { origin: 'https://shop.example' });
    expect((await list()).status).toBe(200);
    for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'null']) {
      expect(refused(await list({ origin }))).toEqual([403, 'forbidden']);
    }
    await change({ allowedIps: ['192.0.2.1'] });
    await changed(403);
    expect(refused(await list())).toEqual([403, 'forbidden']);
    await change({ allowedIps: ['127.0.0.1', '::1'] });
    await changed(200);
  });

  it('finds a message of another workspace as little as one that never was', async () => {
    const other = await given.team();
    accepted(await other.owner.send('POST', inWorkspace(other.workspace, '/phone-numbers'), { number: OUR_NUMBER }));
    const path = inWorkspace(other.workspace, '/messages');
    const { sid } = accepted(await other.owner.send('POST', path, { to: PHONE, body: 'Theirs' })).body;
    const never = await asKey('GET', `/SM${'0'.repeat(32)}`);
    expect(refused(never)).toEqual([404, 'not_found']);
    const names = [sid, sid.toLowerCase(), sid.replace('SM', 'MM'), sid.slice(0, -1), `${sid}0`, '..%2F'];
    for (const name of names as string[]) {
      const reply = await asKey('GET', `/${name}`);
      expect([name, reply.status, reply.body]).toEqual([name, 404, never.body]);
    }
    expect((await within('GET', `/messages/${sid}`)).body).toEqual(never.body);
  });
});

interface Schema {
  readonly additionalProperties?: unknown;
}
const schemas = workspaceDocument.components.schemas as Readonly<Record<string, Schema>>;
const bodies = workspaceOperations.flatMap(({ method, path, operation }) => {
  const { $ref = '' } = operation.requestBody?.content['application/json']?.schema ?? {};
  const schema = schemas[$ref.split('/').at(-1)!];
  return schema ? [[operation.operationId, method, path, schema] as const] : [];
});

describe('A body with a field that nobody knows', () => {
  it.each(bodies)('is refused by %s, as the document says', async (_, method, path, schema) => {
    expect(schema.additionalProperties).toBe(false);
    const named = path.replaceAll('{workspaceId}', workspace.id).replaceAll(/\{\w+\}/g, randomUUID());
    const authorization = path.startsWith('/api/messages') ? `Bearer ${key}` : `Bearer ${owner.token}`;
    const reply = await call(server.url + named, method, { nobodyKnows: 1 }, { authorization });
    expect(reply.status).toBe(400);
    expect(['missing_params', 'invalid_params']).toContain(reply.body.error);
  });
});

describe('At two processes at once', () => {
  it('a number is made the default, and one is', async () => {
    const own = await given.team();
    const at = (path: string): string => inWorkspace(own.workspace, path);
    const ids: string[] = [];
    for (const number of [OUR_NUMBER, '+15005550007', '+15005550008']) {
      ids.push(accepted(await own.owner.send('POST', at('/phone-numbers'), { number })).body.id as string);
    }
    const replies = await Promise.all(
      Array.from({ length: 18 }, (_, turn) => {
        const { url } = [server, another][turn % 2]!;
        const headers = { authorization: `Bearer ${own.owner.token}` };
        return call(`${url}${at(`/phone-numbers/${ids[turn % 3]}`)}`, 'PATCH', { isDefault: true }, headers);
      }),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const { data } = accepted(await own.owner.send('GET', at('/phone-numbers'))).body as {
      data: { isDefault: boolean }[];
    };
    expect(data.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  it('a role that was lowered at one is lowered at the other within five seconds', async () => {
    const agent = await given.member(workspace, 'agent');
    const sendAt = (url: string): Promise<Reply> =>
      call(
        `${url}${inWorkspace(workspace, '/messages')}`,
        'POST',
        { to: PHONE, body: 'Hi' },
        {
          authorization: `Bearer ${agent.token}`,
        },
      );
    accepted(await sendAt(another.url));
    accepted(await within('PATCH', `/members/${agent.id}`, { role: 'viewer' }));
    expect(refused(await sendAt(server.url))).toEqual([403, 'forbidden']);
    const lowered = performance.now();
    await until(async () => ((await sendAt(another.url)).status === 403 ? true : null));
    expect(performance.now() - lowered).toBeLessThan(30_000);
  });
});

describe('Media in a bucket', () => {
  it('is fetched from this server, whole, and its head alone', async () => {
    const send = (path: string, method: string, body?: object): Promise<Reply> =>
      call(`${another.url}/api/messages${path}`, method, body, { authorization: `Bearer ${key}` });
    const { sid } = accepted(await send('', 'POST', { to: PHONE, mediaUrls: [`${site.url}/photo.png`] })).body;
    expect([...store.objects.values()].map((bytes) => bytes.equals(PNG))).toEqual([true]);
    const { media } = accepted(await send(`/${sid}`, 'GET')).body as { media: { url: string }[] };
    // On the port that it happens to have here.
    const { pathname, search } = new URL(media[0]!.url);
    const ask = (method: string): Promise<Response> => fetch(another.url + pathname + search, { method });
    const [got, head] = [await ask('GET'), await ask('HEAD')];
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(Buffer.from(await got.arrayBuffer()).equals(PNG)).toBe(true);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(PNG.length)]);
  });
});
