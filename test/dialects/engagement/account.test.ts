import { describe, expect, it } from '@jest/globals';
import { createEngagement } from '../../../client/engagement.js';
import { givenTeams } from '../../support/engagement.js';
import { accepted, call, given as givenOn, must, truthfulFetch, type Reply } from '../../support/given.js';
import { startServer, useServer } from '../../support/server.js';
import { newEmail, PASSWORD } from '../../support/accounts.js';
import { engagementOperations } from '../../support/truth.js';

const LIMIT = 20;
const server = useServer(() =>
  startServer({ RATE_LIMIT: '1000', LIMIT_API: String(LIMIT), LIMIT_LIVE_CHAT: '3', UI_RATE_LIMIT: 'off' }),
);
const given = givenTeams(() => server);
const post = (path: string, body: unknown): Promise<Reply> => call(`${server.url}/api/v1/auth${path}`, 'POST', body);
const told = ({ status, body }: Reply): unknown[] => [status, body];
/** What is left of a user's after so many requests since then: one comes back every few seconds. */
function expectLeft(left: unknown, taken: number, since: number): void {
  const back = Math.floor(((performance.now() - since) / 60_000) * LIMIT);
  expect(left).toBeGreaterThanOrEqual(LIMIT - taken);
  expect(left).toBeLessThanOrEqual(LIMIT - taken + back);
}
const limitsOf = ({ headers }: Reply): number[] =>
  ['limit', 'remaining'].map((name) => Number(headers.get(`x-ratelimit-${name}`)));

describe('An account', () => {
  it('is made with a workspace, logs in, and out', async () => {
    const email = newEmail();
    const api = createEngagement({ baseUrl: server.url, fetch: truthfulFetch });
    const body = { name: 'Ann', email, password: PASSWORD, workspace_name: 'Acme' };
    const answer = await api.POST('/api/v1/auth/register', { body });
    expect(answer.response.status).toBe(201);
    const login = must(await api.POST('/api/v1/auth/login', { body: { email, password: PASSWORD } })).data;
    const token = 'token' in login ? login.token : '';
    const session = createEngagement({ baseUrl: server.url, token, fetch: truthfulFetch });
    const me = must(await session.GET('/api/v1/auth/me')).data;
    const [workspace] = me.workspaces;
    expect(me).toMatchObject({ name: 'Ann', email, active_workspace_id: workspace!.id });
    expect(me.workspaces).toEqual([{ id: expect.any(Number), name: 'Acme', role: 'owner' }]);
    expect(must(await session.GET('/api/v1/user')).data).toEqual(me);
    const shown = must(await session.GET('/api/v1/workspace')).data;
    expect(shown).toMatchObject({ id: workspace!.id, name: 'Acme', slug: `acme-${workspace!.id}`, your_role: 'owner' });
    expect(shown.counts).toMatchObject({ contacts: 0, conversations: 0, members: 1 });
    expect((await session.POST('/api/v1/auth/logout')).response.status).toBe(204);
    expect((await session.GET('/api/v1/user')).response.status).toBe(401);
  });

  it('is refused on the field', async () => {
    const email = newEmail();
    accepted(await post('/register', { name: 'Ann', email, password: PASSWORD }));
    const taken = await post('/register', { name: 'Ben', email, password: PASSWORD });
    expect(told(taken)).toEqual([422, { errors: { email: ['The email has already been taken.'] } }]);
    const weak = await post('/register', { name: 'Ann', email: newEmail(), password: 'short' });
    expect([weak.status, Object.keys(weak.body.errors as object)]).toEqual([422, ['password']]);
    const wrong = { errors: { email: ['These credentials do not match our records.'] } };
    expect(told(await post('/login', { email, password: 'not the password' }))).toEqual([422, wrong]);
    expect(told(await post('/login', { email: newEmail(), password: PASSWORD }))).toEqual([422, wrong]);
    const reset = await post('/reset-password', { token: 'umt_x', email, password: PASSWORD });
    expect([reset.status, Object.keys(reset.body.errors as object)]).toEqual([422, ['token']]);
    expect(told(await post('/forgot-password', { email: newEmail() }))).toEqual([
      200,
      { message: 'If the address is known, a link is on its way.' },
    ]);
    expect(told(await post('/social/google', {}))).toEqual([404, { message: 'Route not found.' }]);
  });

  it('may have no workspace, and a key is no account', async () => {
    const user = await given.user();
    const caller = given.caller(user.token, user);
    expect((await caller.send('GET', '/user')).body.data).toMatchObject({ workspaces: [], active_workspace_id: null });
    expect(told(await caller.send('GET', '/workspace'))).toEqual([404, { message: 'No active workspace.' }]);
    const team = await given.team();
    const key = await team.key();
    expect((await key.send('GET', '/workspace')).body.data).toMatchObject({ uuid: team.uuid, your_role: 'admin' });
    expect(told(await key.send('GET', '/user'))).toEqual([403, { message: 'Only a user has this.' }]);
  });

  it('counts what its workspace has', async () => {
    const core = givenOn(() => server);
    const client = await core.client();
    await core.customer(client);
    const key = given.caller(client.secretKey, null);
    const smtp = { host: '127.0.0.1', port: 2525 };
    accepted(await key.send('POST', '/email-accounts', { email: newEmail(), from_name: 'Shop', smtp }));
    accepted(await key.send('POST', '/campaigns', { name: 'April' }));
    const { counts } = (await key.send('GET', '/workspace')).body.data;
    expect(counts).toMatchObject({ contacts: 1, email_accounts: 1, campaigns: 1, members: 0 });
  });
});

describe('What is left', () => {
  it('is told with every answer: of the user, or of the address', async () => {
    const { owner, workspace } = await given.team();
    const begun = performance.now();
    expect(limitsOf(await owner.send('GET', '/workspace'))).toEqual([LIMIT, LIMIT - 1]);
    const [limit, left] = limitsOf(await owner.send('GET', '/workspace?x=1'));
    expect(limit).toBe(LIMIT);
    expectLeft(left, 2, begun);
    const of = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
      call(`${server.url}/api/v1${path}`, method, body, headers);
    const strangers = [
      await of('GET', '/workspace'),
      await of('GET', '/workspace', { authorization: `Bearer ${owner.token}x` }),
      await of('GET', '/tags/1/deals'),
      await of('DELETE', '/workspace'),
      await of('POST', '/auth/login', {}, '{'),
      await of('POST', '/auth/login', { 'content-type': 'text/plain' }, 'x'),
      await of('POST', '/auth/login', {}, {}),
    ];
    expect(strangers.map(({ status }) => status)).toEqual([401, 401, 404, 405, 400, 415, 422]);
    for (const reply of strangers) {
      expect([reply.status, limitsOf(reply)]).toEqual([reply.status, [300, expect.any(Number)]]);
      expect(reply.headers.get('x-request-id')).toMatch(/./);
    }
    expect(workspace.id).toMatch(/^clt_/);
  });

  it('is of a user, by whichever session or token, and ends in a 429', async () => {
    const team = await given.team();
    const agent = await team.token('agent', ['canned-responses']);
    const session = given.caller(agent.user!.token, agent.user);
    const replies = await Promise.all(
      Array.from({ length: LIMIT + 5 }, (_, at) => (at % 2 === 0 ? agent : session).send('GET', '/canned-responses')),
    );
    const over = replies.filter(({ status }) => status === 429);
    expect(over.length).toBeGreaterThanOrEqual(1);
    expect(over.length).toBeLessThanOrEqual(5);
    expect(told(over[0]!)).toEqual([429, { message: 'Too Many Attempts.' }]);
    expect(limitsOf(over[0]!)).toEqual([LIMIT, 0]);
    expect(Number(over[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('of a key is what it may in the core', async () => {
    const key = await (await given.team()).key();
    expect(limitsOf(await key.send('GET', '/workspace'))).toEqual([2_000, 1_999]);
  });

  it('of a customer who chats is one of its session', async () => {
    const { owner } = await given.team();
    accepted(await owner.send('POST', '/live-chat/desks', { name: 'Support' }));
    const customer = accepted(await owner.send('POST', '/customers', { name: 'Anna', email: newEmail() })).body as {
      id: string;
    };
    const session = async () => {
      const { body } = accepted(await owner.send('POST', `/customers/${customer.id}/sessions`, {}));
      const headers = { authorization: `Bearer ${(body as { token: string }).token}` };
      return () => call(`${server.url}/api/v1/live-chat/conversations`, 'POST', { body: 'Hi' }, headers);
    };
    const [one, other] = [await session(), await session()];
    const replies = [await one(), await one(), await one(), await one()];
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 429]);
    expect(limitsOf(replies[0]!)).toEqual([3, 2]);
    expect(told(replies[3]!)).toEqual([429, { message: 'Too Many Attempts.' }]);
    expect((await other()).status).toBe(201);
  });

  it('is told as data, by the names that operations are limited by', async () => {
    const { owner } = await given.team();
    const begun = performance.now();
    const { rates } = must(await owner.api.GET('/api/v1/limits')).data;
    expect(rates).toEqual([
      { name: 'api', limit: LIMIT, seconds: 60, remaining: LIMIT - 1 },
      { name: 'import_export', limit: 5, seconds: 60, remaining: 5 },
      { name: 'live_chat', limit: 3, seconds: 60, remaining: 3 },
      { name: 'kb_scrape', limit: 3, seconds: 60, remaining: 3 },
      { name: 'ai_reply', limit: 10, seconds: 60, remaining: 10 },
      { name: 'ai_sentiment', limit: 20, seconds: 60, remaining: 20 },
      { name: 'campaign_send', limit: 5, seconds: 60, remaining: 5 },
    ]);
    expectLeft(must(await owner.api.GET('/api/v1/limits')).data.rates[0]!.remaining, 2, begun);
    const named = engagementOperations.flatMap(
      ({ operation }) => (operation as { 'x-limited-by'?: string })['x-limited-by'] ?? [],
    );
    const known: readonly string[] = rates.map(({ name }) => name);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});
