import { describe, expect, it } from '@jest/globals';
import { call, type Reply } from '../../support/given.js';
import { startServer, useServer } from '../../support/server.js';
import { givenUsers, inWorkspace, keyOf, signedIn } from '../../support/users.js';

const LIMIT = 20;
const server = useServer(() => startServer({ RATE_LIMIT: '1000', UI_RATE_LIMIT: String(LIMIT) }));
const given = givenUsers(() => server);
const told = ({ headers }: Reply): number[] =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`x-ratelimit-${name}`)));

describe('A user', () => {
  it('asks as often as it may in a minute, all at once, over all its sessions and the core', async () => {
    const ann = await given.user();
    const again = await signedIn(server.url, ann.uuid, ann.email);
    const workspace = await given.workspace(ann);
    const first = await ann.send('GET', inWorkspace(workspace));
    expect(told(first)).toEqual([LIMIT, LIMIT - 2, expect.any(Number)]);
    const rest = await Promise.all(
      Array.from({ length: LIMIT - 2 }, (_, at) =>
        at % 2 === 0
          ? again.send('GET', inWorkspace(workspace, '/nowhere/never'))
          : ann.send('GET', '/api/v1/customers', undefined, { 'x-workspace-id': workspace.id }),
      ),
    );
    // What is no route is not counted.
    expect(new Set(rest.map(({ status }) => status))).toEqual(new Set([200, 404]));
    const spent = await Promise.all(Array.from({ length: LIMIT }, () => again.send('GET', inWorkspace(workspace))));
    const over = spent.filter(({ status }) => status === 429);
    expect(over.length).toBeGreaterThanOrEqual(LIMIT / 2);
    const [limit, remaining, reset] = told(over[0]!);
    expect([limit, remaining]).toEqual([LIMIT, 0]);
    expect(reset).toBeGreaterThan(Date.now() / 1_000);
    expect(over[0]!.body).toEqual({ error: 'rate_limited', detail: 'Too many requests' });
    expect(Number(over[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is told so with each refusal, and of its address while it is nobody', async () => {
    const ann = await given.user();
    const { workspace } = await given.team();
    expect(told(await ann.send('GET', inWorkspace(workspace)))).toEqual([LIMIT, LIMIT - 1, expect.any(Number)]);
    const wrong = await ann.send('POST', '/api/ui/workspaces', {});
    expect([wrong.status, ...told(wrong)]).toEqual([400, LIMIT, LIMIT - 2, expect.any(Number)]);
    const nobody = await call(`${server.url}/api/ui/workspaces`, 'GET');
    expect(nobody.status).toBe(401);
    expect(told(nobody)[0]).toBe(300);
    const login = await call(`${server.url}/api/auth/login`, 'POST', {});
    expect([login.status, told(login)[0]]).toEqual([400, 300]);
  });
});

describe('A key', () => {
  it('asks a hundred times in a minute at /api/messages, all at once, whatever it asked in the core', async () => {
    const { owner, workspace } = await given.team();
    const secret = await keyOf(owner, workspace);
    const ask = (): Promise<Reply> =>
      call(`${server.url}/api/messages`, 'GET', undefined, { authorization: `Bearer ${secret}` });
    const replies = await Promise.all(Array.from({ length: 130 }, ask));
    const refused = replies.filter(({ status }) => status !== 200);
    // One comes in each 0.6 seconds that this takes.
    expect(replies.length - refused.length).toBeGreaterThanOrEqual(100);
    expect(refused[0] && [refused[0].status, refused[0].body.error]).toEqual([429, 'rate_limited']);
    const [limit, remaining, reset] = told(refused[0]!);
    expect([limit, remaining]).toEqual([100, 0]);
    expect(reset).toBeGreaterThan(Date.now() / 1_000);
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('that is none is told of its address', async () => {
    const { owner } = await given.team();
    for (const token of ['', owner.token, 'sk_test_x']) {
      const headers = { authorization: `Bearer ${token}` };
      const reply = await call(`${server.url}/api/messages`, 'GET', undefined, headers);
      expect([reply.status, reply.body.error, told(reply)[0]]).toEqual([401, 'unauthorized', 300]);
    }
  });
});
