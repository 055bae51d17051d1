import { describe, expect, it } from '@jest/globals';
import { call, type Reply } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';
import { givenUsers, inWorkspace, keyOf } from '../../support/users.js';

const server = useServer();
const given = givenUsers(() => server);
const refused = ({ status, body }: Reply): unknown[] => [status, body?.error];

describe('The keys of a workspace', () => {
  it('are shown once, and are the very ones that the operator sees', async () => {
    const { owner, workspace } = await given.team();
    const path = inWorkspace(workspace, '/api-keys');
    const { status, body } = await owner.send('POST', path, { name: 'Shop' }, { 'idempotency-key': 'ignored' });
    expect([status, body]).toEqual([
      201,
      {
        ...{ id: expect.stringMatching(/^key_/), name: 'Shop', last4: body.key.slice(-4) },
        scopes: ['messages:read', 'messages:write', 'files:write'],
        key: expect.stringMatching(/^sk_test_/),
        ...{ expiresAt: null, lastUsedAt: null, revokedAt: null, createdAt: expect.any(String) },
      },
    ]);
    const { key: _, ...shown } = body;
    expect((await owner.send('GET', path)).body.data).toEqual([shown]);
    const operators = await call(`${server.url}/admin/v1/clients/${workspace.id}/keys`, 'GET', undefined, {
      authorization: `Bearer ${ADMIN_KEY}`,
    });
    expect(operators.body.data.map(({ id }: { id: string }) => id)).toEqual([body.id]);
  });

  it('open the core, with the public key, until they are revoked', async () => {
    const { owner, workspace } = await given.team();
    const secret = await keyOf(owner, workspace, { scopes: ['customers:read'] });
    const headers = { authorization: `Bearer ${secret}`, 'x-public-key': workspace.publicKey };
    const ask = (): Promise<Reply> =>
      call(`${server.url}/api/v1/customers`, 'GET', undefined, { ...headers, origin: 'http://localhost' });
    expect((await ask()).status).toBe(200);
    const path = inWorkspace(workspace, '/api-keys');
    const [{ id }] = (await owner.send('GET', path)).body.data;
    expect((await owner.send('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await ask()).status).toBe(401);
    expect((await owner.send('GET', path)).body.data[0].revokedAt).toEqual(expect.any(String));
  });

  it.each<[object, string, string]>([
    [{}, 'missing_params', 'name'],
    [{ name: 'Shop', scopes: ['everything'] }, 'invalid_params', 'scopes'],
    [{ name: 'Shop', expiresAt: '2020-01-01T00:00:00.000Z' }, 'invalid_params', 'expiresAt'],
    [{ name: 'Shop', expiresAt: 4_102_444_800 }, 'invalid_params', 'expiresAt'],
  ])('are not made of %j', async (body, error, field) => {
    const { owner, workspace } = await given.team();
    const reply = await owner.send('POST', inWorkspace(workspace, '/api-keys'), body);
    expect([reply.status, reply.body.error, reply.body.detail]).toEqual([400, error, expect.stringContaining(field)]);
  });

  it('are fifty at most that work, also of those that are made at once', async () => {
    const { owner, workspace } = await given.team();
    const path = inWorkspace(workspace, '/api-keys');
    const made = await Promise.all(Array.from({ length: 52 }, () => owner.send('POST', path, { name: 'Shop' })));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(made.filter(({ status }) => status === 409).map(refused)).toEqual(Array(2).fill([409, 'conflict']));
  });
});

describe('The personal tokens of a member', () => {
  const body = { name: 'My script', scopes: ['contacts', 'tags'] };

  it('are its own, and an admin sees and revokes them', async () => {
    const { owner, workspace } = await given.team();
    const [agent, viewer] = [await given.member(workspace, 'agent'), await given.member(workspace, 'viewer')];
    const path = inWorkspace(workspace, '/personal-tokens');
    const made = await agent.send('POST', path, body);
    expect([made.status, made.body]).toMatchObject([
      201,
      { ...body, userId: agent.id, token: expect.stringMatching(/^pat_test_/), revokedAt: null },
    ]);
    const idsSeenBy = async (user: typeof agent): Promise<string[]> =>
      (await user.send('GET', path)).body.data.map(({ id }: { id: string }) => id);
    expect(await idsSeenBy(agent)).toEqual([made.body.id]);
    expect(await idsSeenBy(viewer)).toEqual([]);
    expect(await idsSeenBy(owner)).toEqual([made.body.id]);
    const one = `${path}/${made.body.id}`;
    expect(refused(await viewer.send('DELETE', one))).toEqual([404, 'not_found']);
    expect((await owner.send('DELETE', one)).status).toBe(204);
    expect((await agent.send('GET', path)).body.data[0].revokedAt).toEqual(expect.any(String));
  });

  it('open nothing here', async () => {
    const { owner, workspace } = await given.team();
    const { token } = (await owner.send('POST', inWorkspace(workspace, '/personal-tokens'), body)).body;
    const reply = await call(`${server.url}/api/ui/workspaces`, 'GET', undefined, { authorization: `Bearer ${token}` });
    expect(refused(reply)).toEqual([401, 'unauthorized']);
  });

  it('go with the membership', async () => {
    const { owner, workspace } = await given.team();
    const agent = await given.member(workspace, 'agent');
    const path = inWorkspace(workspace, '/personal-tokens');
    expect((await agent.send('POST', path, body)).status).toBe(201);
    expect((await agent.send('POST', inWorkspace(workspace, '/leave'))).status).toBe(204);
    expect((await owner.send('GET', path)).body.data).toEqual([]);
  });
});
