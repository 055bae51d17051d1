import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { makeToken } from '../../../src/clients/key-format.js';
import { call, given as givenOn, type Reply } from '../../support/given.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { givenUsers, inWorkspace, type TestUser, type Workspace } from '../../support/users.js';

const server = useServer(() => startServer({ UI_ORIGINS: 'https://app.example.com' }));
const another = useServer(startServer);
const given = givenUsers(() => server);
const refused = ({ status, body }: Reply): unknown[] => [status, body.error];
const ask = (path: string, headers: Record<string, string>): Promise<Reply> =>
  call(`${server.url}${path}`, 'GET', undefined, headers);

describe('Who is not signed in', () => {
  it.each<[string, Record<string, string>]>([
    ['nobody', {}],
    ['a made-up token', { authorization: 'Bearer ust_0000000000000000000000000000000000000A' }],
    ['a token of nobody', { authorization: `Bearer ${makeToken('ust')}` }],
    ['a token in a cookie', { cookie: `token=${makeToken('ust')}` }],
    ['a customer', { authorization: 'Bearer cst_test_00000000000000000000000000000000000000' }],
    ['no bearer', { authorization: 'Basic YTpi' }],
  ])('is refused as %s', async (_, headers) => {
    const reply = await ask('/api/ui/workspaces', headers);
    expect(refused(reply)).toEqual([401, 'unauthorized']);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('may be a key, which is nothing here', async () => {
    const client = await givenOn(() => server).client();
    expect(refused(await client.send('GET', '/api/ui/workspaces'))).toEqual([401, 'unauthorized']);
  });

  it('is refused with the token in the address, and by two Authorization headers', async () => {
    const { token } = await given.user();
    expect(refused(await ask(`/api/ui/workspaces?token=${token}`, {}))).toEqual([401, 'unauthorized']);
    const twice = { authorization: `Bearer ${token}, Bearer ${token}` };
    expect(refused(await ask('/api/ui/workspaces', twice))).toEqual([401, 'unauthorized']);
  });
});

describe('A page that a user works on', () => {
  const from = (user: TestUser, origin: string): Promise<Reply> =>
    user.send('GET', '/api/ui/workspaces', undefined, { origin });

  it('is one of UI_ORIGINS or of this server; any other is refused', async () => {
    const ann = await given.user();
    for (const origin of ['https://app.example.com', server.url]) {
      const reply = await from(ann, origin);
      expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
      expect(reply.headers.get('access-control-expose-headers')).toContain('X-RateLimit-Reset');
    }
    const reply = await from(ann, 'https://evil.example');
    expect(refused(reply)).toEqual([403, 'forbidden']);
    expect(reply.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('The core', () => {
  const core = (user: TestUser, { id }: Pick<Workspace, 'id'>, path = '/api/v1/customers', body?: unknown) =>
    user.send(body === undefined ? 'GET' : 'POST', path, body, { 'x-workspace-id': id });
  const john = (): object => ({ name: 'John', email: 'john@example.com' });

  it('is opened by a session and the workspace, as far as the role goes', async () => {
    const { owner, workspace } = await given.team();
    const [viewer, agent] = [await given.member(workspace, 'viewer'), await given.member(workspace, 'agent')];
    const statuses = async (user: TestUser): Promise<number[]> => [
      (await core(user, workspace)).status,
      (await core(user, workspace, '/api/v1/customers', john())).status,
      (await core(user, workspace, '/api/v1/webhook_endpoints')).status,
    ];
    expect(await statuses(viewer)).toEqual([200, 403, 403]);
    expect(await statuses(agent)).toEqual([200, 201, 403]);
    expect(await statuses(owner)).toEqual([200, 200, 200]);
  });

  it('is not opened without a workspace, nor by another’s, in the core’s own words', async () => {
    const { owner } = await given.team();
    const foreign = await given.team();
    const without = await owner.send('GET', '/api/v1/customers');
    expect([without.status, without.body.code]).toEqual([401, 'unauthorized']);
    for (const id of [foreign.workspace.id, 'clt_00000000000000000000000000', 'nonsense']) {
      // No key is ever told so, and so it does not stand in the core's document.
      const headers = { authorization: `Bearer ${owner.token}`, 'x-workspace-id': id };
      const reply = await fetch(`${server.url}/api/v1/customers`, { headers });
      expect(await reply.json()).toMatchObject({ error: 'Client not found', code: 'not_found' });
      expect(reply.status).toBe(404);
    }
  });

  it('is open to pages of users, and to no page of the client’s customers', async () => {
    const { owner, workspace } = await given.team();
    const from = (origin: string): Promise<Reply> =>
      owner.send('GET', '/api/v1/customers', undefined, { origin, 'x-workspace-id': workspace.id });
    const admitted = await from('https://app.example.com');
    expect([admitted.status, admitted.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://app.example.com',
    ]);
    expect((await from('https://evil.example')).status).toBe(403);
  });

  it('keeps the Idempotency-Keys of each user apart', async () => {
    const { owner, workspace } = await given.team();
    const agent = await given.member(workspace, 'agent');
    const headers = { 'x-workspace-id': workspace.id, 'idempotency-key': 'mine' };
    const send = (user: TestUser, name: string): Promise<Reply> =>
      user.send('POST', '/api/v1/customers', { name, email: `${name}@example.com` }, headers);
    const [first, second, again] = [await send(owner, 'ann'), await send(agent, 'ben'), await send(owner, 'ann')];
    expect([first.status, second.status, again.status]).toEqual([201, 201, 201]);
    expect([second.body.name, again.body.id]).toEqual(['ben', first.body.id]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('signs no channel of Pusher’s protocol for a user', async () => {
    const { owner, workspace } = await given.team();
    const body = { socket_id: '1.1', channel_name: `private-client.${workspace.id}` };
    expect((await core(owner, workspace, '/broadcasting/auth', body)).status).toBe(403);
  });

  it('stops for who is removed, in every process within five seconds', async () => {
    const { workspace } = await given.team();
    const admin = await given.member(workspace, 'admin');
    const headers = { authorization: `Bearer ${admin.token}`, 'x-workspace-id': workspace.id };
    const there = (path: string): Promise<Response> => fetch(`${another.url}${path}`, { headers });
    const both = async (): Promise<number[]> => [
      (await there(inWorkspace(workspace))).status,
      (await there('/api/v1/customers')).status,
    ];
    expect(await both()).toEqual([200, 200]);
    await sql(`DELETE FROM memberships WHERE user_id = $1`, admin.uuid);
    const deadline = Date.now() + 30_000;
    while ((await both()).some((status) => status === 200)) {
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(100);
    }
    expect(await both()).toEqual([404, 404]);
  });
});
