import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RememberedRates } from '../../../src/clients/remembered-rates.js';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted, call, type Reply } from '../../support/given.js';
import { startServer, useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';
import { sql } from '../../support/sql.js';

const [API, EXPORTS, CHATS] = [20, 5, 3];
const server = useServer(() =>
  startServer({
    ...{ RATE_LIMIT: '1000', UI_RATE_LIMIT: 'off', LIMIT_API: String(API) },
    ...{ LIMIT_IMPORT_EXPORT: String(EXPORTS), LIMIT_LIVE_CHAT: String(CHATS), LIMIT_KB_SCRAPE: 'off' },
  }),
);
const given = givenTeams(() => server);
const NAMES = ['api', 'import_export', 'live_chat', 'kb_scrape', 'ai_reply', 'ai_sentiment', 'campaign_send'];
const none = { object: 'client_limits', ...Object.fromEntries(NAMES.map((name) => [name, null])) };

const limits = (id: string, method = 'GET', body?: unknown, key = ADMIN_KEY): Promise<Reply> =>
  call(`${server.url}/admin/v1/clients/${id}/limits`, method, body, { authorization: `Bearer ${key}` });
const put = async ({ workspace }: TestTeam, body: object): Promise<object> =>
  accepted(await limits(workspace.id, 'PUT', body)).body as object;
const limitIn = ({ headers }: Reply): number => Number(headers.get('x-ratelimit-limit'));
const limitOf = async (caller: TestCaller): Promise<number> => limitIn(await caller.send('GET', '/tags'));
/** By name, as `GET /api/v1/limits` tells a caller. */
const toldTo = async (caller: TestCaller): Promise<Record<string, number | null>> => {
  const { rates } = accepted(await caller.send('GET', '/limits')).body.data as {
    rates: ReadonlyArray<{ name: string; limit: number | null }>;
  };
  return Object.fromEntries(rates.map(({ name, limit }) => [name, limit]));
};
/** Some of what is asked so often, within minutes, is over a limit of a few a minute. */
const statuses = async (count: number, ask: () => Promise<Reply>): Promise<number[]> =>
  (await Promise.all(Array.from({ length: count }, ask))).map(({ status }) => status);
const exportAs = (caller: TestCaller) => (): Promise<Reply> => caller.send('GET', '/contacts/export');

let raised: TestTeam;
let lowered: TestTeam;
let untouched: TestTeam;
beforeAll(async () => {
  [raised, lowered, untouched] = await Promise.all([given.team(), given.team(), given.team()]);
  await put(raised, { api: 600, import_export: 300, kb_scrape: 7 });
  await put(lowered, { api: 3, import_export: 1, live_chat: 1 });
});

describe('A client with limits of its own', () => {
  it('has them, and its neighbours have those of the installation', async () => {
    expect(await statuses(API * 2, () => raised.owner.send('GET', '/tags'))).toEqual(Array(API * 2).fill(200));
    expect(await limitOf(raised.owner)).toBe(600);
    expect(await statuses(12, () => lowered.owner.send('GET', '/tags'))).toContain(429);
    expect(await limitOf(lowered.owner)).toBe(3);
    const { status, headers } = await untouched.owner.send('GET', '/tags');
    expect([status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]).toEqual([
      ...[200, String(API), String(API - 1)],
    ]);
  });

  it('is told them as data, whoever asks', async () => {
    const agent = await raised.token('agent', ['contacts']);
    const own = { api: 600, import_export: 300, live_chat: CHATS, kb_scrape: 7, ai_reply: 10 };
    expect(await toldTo(agent)).toMatchObject(own);
    // A key asks as often as in the core.
    expect(await toldTo(await raised.key())).toMatchObject({ ...own, api: 2_000 });
    expect(await toldTo(await untouched.token('agent', ['tags']))).toMatchObject({
      ...{ api: API, import_export: EXPORTS, live_chat: CHATS, kb_scrape: null },
    });
  });

  it('has them of what some routes are limited by besides, by user and by key', async () => {
    const [ofRaised, ofLowered, ofUntouched] = [await raised.key(), await lowered.key(), await untouched.key()];
    const many = await statuses(EXPORTS * 3, exportAs(ofRaised));
    expect(many).toEqual(Array(EXPORTS * 3).fill(200));
    expect(await statuses(5, exportAs(ofLowered))).toContain(429);
    const first = await exportAs(ofUntouched)();
    expect([first.status, limitIn(first)]).toEqual([200, EXPORTS]);
    const member = await raised.member('agent');
    expect(await statuses(EXPORTS * 3, exportAs(member))).toEqual(many);
  });

  it('takes nothing of what its users have in other workspaces', async () => {
    const { user } = await lowered.member('agent');
    await sql(
      `INSERT INTO memberships (client_id, user_id, role) VALUES ($1, $2, 'agent')`,
      untouched.uuid,
      user!.uuid,
    );
    const [here, there] = [lowered, untouched].map(({ workspace }) => given.caller(user!.token, user, workspace.id));
    expect(await statuses(12, () => here!.send('GET', '/tags'))).toContain(429);
    const reply = await there!.send('GET', '/tags');
    expect([reply.status, reply.headers.get('x-ratelimit-remaining')]).toEqual([200, String(API - 1)]);
  });

  it('takes nothing of what strangers have on pages of others', async () => {
    const visit = ({ workspace }: TestTeam) => {
      const page = { 'x-public-key': workspace.publicKey, origin: 'http://localhost:8080' };
      return () => call(`${server.url}/api/v1/live-chat/visitors`, 'POST', {}, page);
    };
    for (const key of [await raised.key(), await lowered.key()]) {
      accepted(await key.send('POST', '/live-chat/desks', { name: 'Support' }));
    }
    expect(await statuses(5, visit(lowered))).toContain(429);
    expect((await visit(raised)()).status).toBe(201);
  });
});

describe('What the operator gives a client', () => {
  it('is told by name, and what is left out or null is the installation’s again, at once', async () => {
    const team = await given.team();
    const { id } = team.workspace;
    const asked = async () => (await limits(id)).body as object;
    expect(await asked()).toEqual(none);
    expect(await put(team, { api: 90, live_chat: 1_000_000, ai_reply: null })).toEqual({
      ...none,
      ...{ api: 90, live_chat: 1_000_000 },
    });
    expect(await asked()).toEqual({ ...none, api: 90, live_chat: 1_000_000 });
    expect(await limitOf(team.owner)).toBe(90);
    expect(await put(team, { api: null, ai_reply: 4 })).toEqual({ ...none, ai_reply: 4 });
    expect(await limitOf(team.owner)).toBe(API);
    expect(await toldTo(team.owner)).toMatchObject({ api: API, live_chat: CHATS, ai_reply: 4 });
    expect(await put(team, {})).toEqual(none);
    expect(await toldTo(team.owner)).toMatchObject({ ai_reply: 10 });
  });

  it('is what the database says, once it is looked at again', async () => {
    const { owner, uuid } = await given.team();
    expect(await limitOf(owner)).toBe(API);
    // As another process does it; this one remembers for four seconds.
    await sql(`UPDATE clients SET rates = '{"api": 70}' WHERE id = $1`, uuid);
    server.get<RememberedRates>('RememberedRates').forget();
    expect(await limitOf(owner)).toBe(70);
  });

  it.each<[string, object, string]>([
    ['a name that nobody knows', { tracking: 5 }, 'tracking'],
    ['nought', { api: 0 }, 'api'],
    ['more than a million', { import_export: 1_000_001 }, 'import_export'],
    ['less than nothing', { live_chat: -1 }, 'live_chat'],
    ['a fraction', { kb_scrape: 1.5 }, 'kb_scrape'],
    ['a text', { ai_reply: '5' }, 'ai_reply'],
    ['a truth', { ai_sentiment: true }, 'ai_sentiment'],
    ['a list', { campaign_send: [5] }, 'campaign_send'],
  ])('is not %s', async (_, body, field) => {
    const before = (await limits(lowered.workspace.id)).body as object;
    const reply = await limits(lowered.workspace.id, 'PUT', { api: 50, ...body });
    expect([reply.status, reply.body.code, Object.keys(reply.body.errors as object)]).toEqual([
      422,
      'invalid',
      [field],
    ]);
    expect((await limits(lowered.workspace.id)).body).toEqual(before);
  });

  it('is for the operator alone, of a client that is there', async () => {
    const key = await lowered.key();
    for (const [method, body] of [['GET'], ['PUT', { api: 1_000 }]] as const) {
      for (const token of [key.token, lowered.owner.token, 'wrong']) {
        const reply = await limits(lowered.workspace.id, method, body, token);
        expect([reply.status, reply.body.code]).toEqual([401, 'unauthorized']);
      }
      for (const id of [randomUUID(), '42']) {
        const reply = await limits(id, method, body);
        expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
      }
    }
    expect((await limits(lowered.workspace.id)).body).toMatchObject({ api: 3 });
  });
});
