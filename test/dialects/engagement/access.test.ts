import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../../src/app.js';
import { makeToken } from '../../../src/clients/key-format.js';
import { loadConfig } from '../../../src/config.js';
import { DIALECTS } from '../../../src/dialects/index.js';
import { givenTeams, revoke, tokenOfNobody, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { given as givenOn, type Reply } from '../../support/given.js';
import { probes } from '../../support/probes.js';
import { SETTINGS } from '../../support/settings.js';
import { sql } from '../../support/sql.js';

let app: NestExpressApplication;
let url: string;
let team: TestTeam;
beforeAll(async () => {
  const config = loadConfig({ ...SETTINGS, UI_ORIGINS: 'https://app.example.com' });
  app = await createApp(config, process.env.TEST_DATABASE_URL!, [...DIALECTS, probes]);
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  team = await given.team();
});
afterAll(() => app.close());
const given = givenTeams(() => ({ url }));
const core = givenOn(() => ({ url }));

const PROBES = '/analytics/probes';
const told = ({ status, body }: Reply): unknown[] => [status, body];
const me = (caller: TestCaller, headers?: Record<string, string>): Promise<Reply> =>
  caller.send('GET', `${PROBES}/me`, undefined, headers);
const UNAUTHENTICATED = [401, { message: 'Unauthenticated.' }];
const NO_WORKSPACE = [403, { error: 'No active workspace.', code: 'NO_WORKSPACE' }];

describe('Who is not known', () => {
  it.each<[string, Record<string, string>]>([
    ['nobody', {}],
    ['a made-up session', { authorization: 'Bearer ust_0000000000000000000000000000000000000A' }],
    ['a session of nobody', { authorization: `Bearer ${makeToken('ust')}` }],
    ['a token of nobody', { authorization: `Bearer ${tokenOfNobody()}` }],
    ['a made-up key', { authorization: 'Bearer sk_test_00000000000000000000000000000000000000' }],
    ['a customer of nobody', { authorization: 'Bearer cst_test_00000000000000000000000000000000000000' }],
    ['no bearer', { authorization: 'Basic YTpi' }],
  ])('is refused as %s', async (_, headers) => {
    const reply = await fetch(`${url}/api/v1${PROBES}/me`, { headers });
    expect([reply.status, await reply.json()]).toEqual(UNAUTHENTICATED);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    expect(reply.headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('is refused with two tokens, and with the token in the address', async () => {
    const { token } = await team.token('viewer', ['contacts']);
    expect(told(await me(given.caller(`${token}, Bearer ${token}`, null)))).toEqual(UNAUTHENTICATED);
    const reply = await fetch(`${url}/api/v1${PROBES}/me?token=${token}`);
    expect(reply.status).toBe(401);
  });

  it('is refused with a public key that is not the workspace’s', async () => {
    const other = (await given.team()).workspace.publicKey;
    const callers = [team.owner, await team.token('viewer', ['contacts']), await team.key()];
    for (const caller of callers) {
      expect((await me(caller, { 'x-public-key': team.workspace.publicKey })).status).toBe(200);
      expect(told(await me(caller, { 'x-public-key': other }))).toEqual(UNAUTHENTICATED);
    }
  });
});

describe('A personal token', () => {
  it('is its user in its workspace, with the role of now and its scopes', async () => {
    const agent = await team.token('agent', ['contacts']);
    const userId = agent.user!.uuid;
    const standing = { clientId: team.uuid, role: 'agent', userId, customerId: null };
    expect(told(await me(agent))).toEqual([200, { data: standing }]);
    const made = await agent.send('POST', PROBES, { name: 'A' });
    expect(made.status).toBe(201);
    await sql(`UPDATE memberships SET role = 'viewer' WHERE user_id = $1`, userId);
    const deadline = Date.now() + 30_000;
    let reply = await agent.send('POST', PROBES, { name: 'A' });
    while (reply.status === 201) {
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(100);
      reply = await agent.send('POST', PROBES, { name: 'A' });
    }
    const body = { error: 'Insufficient permissions.', code: 'FORBIDDEN', required_role: 'agent' };
    expect(told(reply)).toEqual([403, body]);
  });

  it('names the scope that it lacks, before the role', async () => {
    const tags = await team.token('viewer', ['tags']);
    const body = { message: 'Invalid ability provided.', required_scope: 'contacts' };
    expect(told(await me(tags))).toEqual([403, body]);
    expect(told(await tags.send('POST', PROBES, {}))).toEqual([403, body]);
    expect((await tags.send('GET', `${PROBES}/none`)).status).toBe(200);
  });

  it('stops within five seconds once it is revoked, and at once when it expires', async () => {
    const [one, other] = [await team.token('agent', ['contacts']), await team.token('agent', ['contacts'])];
    expect([(await me(one)).status, (await me(other)).status]).toEqual([200, 200]);
    await revoke(one.token);
    const deadline = Date.now() + 30_000;
    while ((await me(one)).status === 200) {
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(100);
    }
    expect(told(await me(one))).toEqual(UNAUTHENTICATED);
    const late = await team.token('agent', ['contacts']);
    await sql(`UPDATE personal_tokens SET expires_at = now() WHERE user_id = $1`, late.user!.uuid);
    expect(told(await me(late))).toEqual(UNAUTHENTICATED);
  });

  it('is noted when it is used', async () => {
    const caller = await team.token('viewer', ['contacts']);
    expect(caller.token).toMatch(/^pat_test_/);
    await me(caller);
    const deadline = Date.now() + 30_000;
    let rows = await sql(`SELECT last_used_at FROM personal_tokens WHERE user_id = $1`, caller.user!.uuid);
    while (rows[0]!.last_used_at === null) {
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(25);
      rows = await sql(`SELECT last_used_at FROM personal_tokens WHERE user_id = $1`, caller.user!.uuid);
    }
  });

  it('is taken from pages of the workspace and of users, and from the addresses of the workspace', async () => {
    const caller = await team.token('viewer', ['contacts']);
    const from = async (origin: string): Promise<unknown[]> => {
      const { status, headers } = await me(caller, { origin });
      return [status, headers.get('access-control-allow-origin')];
    };
    const { domain } = team.workspace;
    expect(await from(`https://${domain}`)).toEqual([200, `https://${domain}`]);
    expect(await from('https://app.example.com')).toEqual([200, 'https://app.example.com']);
    expect(await from('https://evil.example')).toEqual([403, null]);
    const elsewhere = await given.team();
    await sql(`UPDATE clients SET allowed_ips = '{192.0.2.0/24}' WHERE id = $1`, elsewhere.uuid);
    const far = await elsewhere.token('viewer', ['contacts']);
    expect(told(await me(far))).toEqual([403, { message: 'IP address not allowed.' }]);
  });
});

describe('A session of a user', () => {
  it('has every scope, in the workspace that is named by TypeID, UUID or number, else in the active one', async () => {
    const { owner, workspace, uuid } = await given.team();
    const second = await given.team();
    const user = owner.user!;
    await sql(`INSERT INTO memberships (client_id, user_id, role) VALUES ($1, $2, 'viewer')`, second.uuid, user.uuid);
    const [row] = await sql(`SELECT number FROM clients WHERE id = $1`, uuid);
    const anywhere = given.caller(user.token, user);
    const where = async (headers: Record<string, string> = {}): Promise<unknown> =>
      (await me(anywhere, headers)).body.data.clientId;
    for (const id of [workspace.id, uuid, String(row!.number)]) {
      expect(await where({ 'x-workspace-id': id })).toBe(uuid);
    }
    // The newest, until one is chosen.
    expect(await where()).toBe(second.uuid);
    await user.send('PATCH', '/api/auth/me', { activeWorkspaceId: workspace.id });
    expect(await where()).toBe(uuid);
  });

  it('has no workspace where it is in none, or not in that one', async () => {
    const nobody = await given.user();
    expect(told(await me(given.caller(nobody.token, nobody)))).toEqual(NO_WORKSPACE);
    for (const id of [team.workspace.id, 'clt_00000000000000000000000000', '999999999', '0', 'nonsense']) {
      const reply = await me(given.caller(nobody.token, nobody, id));
      expect([id, ...told(reply)]).toEqual([id, ...NO_WORKSPACE]);
    }
  });

  it('is taken from pages of users only', async () => {
    expect((await me(team.owner, { origin: 'https://app.example.com' })).status).toBe(200);
    const reply = await me(team.owner, { origin: 'https://evil.example' });
    expect(told(reply)).toEqual([403, { message: 'Origin not allowed.' }]);
  });

  it.each<[string, string, readonly number[]]>([
    ['GET', '', [200, 200, 200, 200]],
    ['POST', '', [403, 201, 201, 201]],
    ['PUT', '/7', [403, 403, 200, 200]],
    ['DELETE', '/7', [403, 403, 403, 204]],
  ])('may %s%s as its role says', async (method, path, expected) => {
    const statuses = [];
    for (const role of ['viewer', 'agent', 'admin', 'owner'] as const) {
      const body = ['POST', 'PUT'].includes(method) ? { name: 'A' } : undefined;
      statuses.push((await (await team.member(role)).send(method, PROBES + path, body)).status);
    }
    expect(statuses).toEqual(expected);
  });
});

describe('A secret key', () => {
  it('is an admin and no user, where it holds every scope', async () => {
    const key = await team.key();
    expect((await me(key)).body.data).toEqual({
      ...{ clientId: team.uuid, role: 'admin', userId: null, customerId: null },
    });
    expect((await key.send('PUT', `${PROBES}/7`, { name: 'A' })).status).toBe(200);
    expect((await key.send('DELETE', `${PROBES}/7`)).body).toMatchObject({ required_role: 'owner' });
    const narrow = await team.key(['customers:read']);
    expect(told(await me(narrow))).toEqual([403, expect.objectContaining({ required_scope: 'contacts' })]);
  });

  it('needs no Origin, but one that is there must be the workspace’s', async () => {
    const key = await team.key();
    expect((await me(key, { origin: `https://${team.workspace.domain}` })).status).toBe(200);
    expect(told(await me(key, { origin: 'https://evil.example' }))).toEqual([403, { message: 'Origin not allowed.' }]);
  });
});

describe('A customer', () => {
  it('may enter where it is said so, and nowhere else', async () => {
    const client = await core.client();
    const john = await core.customer(client);
    const session = await core.session(client, john);
    const chat = await session.send('POST', `/api/v1${PROBES}/chat`);
    expect(chat.status).toBe(201);
    expect(chat.body.data.customerId).toMatch(/^[\da-f-]{36}$/);
    const elsewhere = await session.send('GET', `/api/v1${PROBES}/me`);
    expect(told(elsewhere)).toEqual([403, { message: 'Not allowed for a customer session.' }]);
  });
});
