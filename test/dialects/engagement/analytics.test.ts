import { beforeEach, describe, expect, it } from '@jest/globals';
import { fullDay } from '../../support/day.js';
import type { TestCaller } from '../../support/engagement.js';
import { accepted } from '../../support/given.js';
import { givenInboxes, post, told } from '../../support/inbox.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenInboxes(() => server);

const ask = async (caller: TestCaller, path: string): Promise<unknown> =>
  accepted(await caller.send('GET', `/analytics/${path}`)).body.data;
const idOf = async (caller: TestCaller): Promise<number> =>
  (accepted(await caller.send('GET', '/user')).body.data as { id: number }).id;
const today = (): string => new Date().toISOString().slice(0, 10);
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const NOBODY = '00000000-0000-0000-0000-000000000000';
/** What happened on another day, which no test can wait for. */
const sumsOf = (uuid: string, metric: string, day: string, n: number, total = 0, user = NOBODY) =>
  sql(`INSERT INTO daily_stats VALUES ($1, $2, $3, $4, $5, $6)`, uuid, metric, day, user, n, total);

beforeEach(fullDay);

describe('Analytics', () => {
  it('tell what became of conversations, and who did it', async () => {
    const { owner, member, hear } = await given.inbox();
    const [mia, ben] = [await member('agent'), await member('agent')];
    const [miasId, bensId, ownersId] = [await idOf(mia), await idOf(ben), await idOf(owner)];
    for (const phone of [1, 2, 3]) {
      await hear('Hi', phone);
    }
    // Nobody's: it counts for whoever closes it, and once, however often that is asked for.
    await post(mia, '1/reply', { body: 'Hello', close: true });
    await post(ben, '1/close');
    // Somebody's: it counts for that one, though another closes it.
    await post(owner, '2/assign', { user_id: bensId });
    await post(owner, '2/close');
    // Closed once more after the contact has written again; what is not waited for is a reply, too.
    await hear('Still there?', 1);
    await post(ben, '1/reply', { body: 'Yes' });
    await post(ben, '1/reply', { body: 'Well?' });
    await post(ben, '1/close');
    expect(await ask(mia, 'overview')).toEqual({
      period: { from: daysAgo(29), to: today() },
      conversations: {
        ...{ total: 3, open: 1, closed: 3, avg_resolution_hours: expect.any(Number) },
        avg_first_response_minutes: expect.any(Number),
        satisfaction_score: null,
      },
      contacts: { total: 3, new_this_period: 3 },
      campaigns: { sent: 0, avg_open_rate: null, avg_click_rate: null },
      ai: { replies_generated: 0, tokens_used: 0 },
    });
    const responses = { avg_response_minutes: expect.any(Number), satisfaction_score: null };
    expect(await ask(owner, 'team?period=7d')).toEqual([
      { user_id: bensId, name: expect.any(String), conversations_handled: 2, replies: 2, ...responses },
      { user_id: miasId, name: expect.any(String), conversations_handled: 1, replies: 1, ...responses },
      {
        ...{ user_id: ownersId, name: expect.any(String), conversations_handled: 0, replies: 0 },
        ...{ avg_response_minutes: null, satisfaction_score: null },
      },
    ]);
    for (const [metric, value] of Object.entries({ conversations: 3, closed: 3, replies: 3, contacts: 3 })) {
      const days = (await ask(owner, `daily?metric=${metric}&period=7d`)) as object[];
      expect(days).toHaveLength(7);
      expect(days[0]).toEqual({ date: daysAgo(6), value: 0 });
      expect(days.at(-1)).toEqual({ date: today(), value });
    }
  });

  it('are of the days asked for, with averages of two decimals, null of nothing', async () => {
    const { owner, uuid } = await given.inbox();
    const nothing = { avg_resolution_hours: null, avg_first_response_minutes: null, satisfaction_score: null };
    const none = { total: 0, open: 0, closed: 0, ...nothing };
    expect(await ask(owner, 'overview')).toMatchObject({ conversations: none, contacts: { total: 0 } });
    const user = (await sql<{ id: string }>(`SELECT user_id AS id FROM memberships WHERE client_id = $1`, uuid))[0]!.id;
    await sumsOf(uuid, 'closed', '2024-02-29', 3, 10 * 3_600_000);
    await sumsOf(uuid, 'closed', '2024-03-01', 1, 3_600_000, user);
    await sumsOf(uuid, 'first_responses', '2024-03-01', 3, 100_000);
    await sumsOf(uuid, 'responses', '2024-03-01', 8, 75_000, user);
    await sumsOf(uuid, 'conversations', '2024-03-02', 7);
    await sumsOf(uuid, 'conversations', daysAgo(7), 5);
    const of = async (query: string) =>
      ((await ask(owner, `overview?${query}`)) as { conversations: object }).conversations;
    expect(await of('from=2024-02-29&to=2024-02-29')).toEqual({ ...none, closed: 3, avg_resolution_hours: 3.33 });
    expect(await of('from=2024-02-29&to=2024-03-02')).toEqual({
      ...{ ...none, total: 7, closed: 4, avg_resolution_hours: 2.75, avg_first_response_minutes: 0.56 },
    });
    expect(await of('period=7d')).toEqual(none);
    expect(await of(`from=${daysAgo(7)}`)).toEqual({ ...none, total: 5 });
    expect(await ask(owner, 'team?from=2024-03-01&to=2024-03-01')).toMatchObject([
      { conversations_handled: 1, replies: 0, avg_response_minutes: 0.16 },
    ]);
    expect(await ask(owner, 'daily?metric=conversations&from=2024-03-01&to=2024-03-03')).toEqual([
      { date: '2024-03-01', value: 0 },
      { date: '2024-03-02', value: 7 },
      { date: '2024-03-03', value: 0 },
    ]);
  });

  it.each([
    ['overview?period=1d', 'period'],
    ['overview?from=2024-02-30', 'from'],
    ['overview?from=2024-03-02&to=2024-03-01', 'to'],
    ['overview?from=2023-01-01&to=2024-01-02', 'from'],
    ['team?period=7d&to=2024-03-01', 'to'],
    ['daily', 'metric'],
    ['daily?metric=messages', 'metric'],
  ])('are not told of %s', async (path, field) => {
    const { owner } = await given.team();
    const reply = await owner.send('GET', `/analytics/${path}`);
    expect([reply.status, Object.keys(reply.body.errors as object)]).toEqual([422, [field]]);
  });

  it('are told of 366 days, and by a key, with the scope alone', async () => {
    const acme = await given.team();
    expect(await ask(await acme.key(), 'daily?metric=contacts&from=2023-01-01&to=2024-01-01')).toHaveLength(366);
    const denied = { message: 'Invalid ability provided.', required_scope: 'analytics' };
    const reply = await (await acme.token('owner', ['contacts'])).send('GET', '/analytics/overview');
    expect(told(reply)).toEqual([403, denied]);
    await sumsOf((await given.team()).uuid, 'contacts', today(), 3);
    expect(await ask(acme.owner, 'overview')).toMatchObject({ contacts: { new_this_period: 0 } });
  });
});
