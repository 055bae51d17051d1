import { randomInt } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BACKFILL } from '../../migrations/1795700600000-DailyStats.js';
import { fullDay } from '../support/day.js';
import { accepted } from '../support/given.js';
import { givenInboxes, list, post } from '../support/inbox.js';
import { useServer } from '../support/server.js';
import { beside, sql } from '../support/sql.js';

const server = useServer();
const given = givenInboxes(() => server);

const STATS = `
  SELECT metric, day::text, user_id, n::int, total::float8 FROM daily_stats WHERE client_id = $1
  ORDER BY metric, day, user_id`;
const statsOf = (uuid: string) => sql(STATS, uuid);

/** What the facts that are there come to: summed as the migration does, into a table of the same name that hides the other. */
const factsOf = (uuid: string) =>
  beside(async (connection) => {
    await connection.query('BEGIN');
    await connection.query('CREATE TEMP TABLE daily_stats (LIKE public.daily_stats) ON COMMIT DROP');
    for (const statement of BACKFILL) {
      await connection.query(statement);
    }
    const { rows } = await connection.query<Record<string, unknown>>(STATS, [uuid]);
    await connection.query('COMMIT');
    return rows;
  });

const PHONES = 4;
const STEPS = 48;

beforeEach(fullDay);

describe('The sums of a day', () => {
  it('are what the facts come to, whatever a team does at once', async () => {
    const { owner, member, hear, uuid } = await given.inbox();
    const team = [owner, await member('agent'), await member('agent')];
    const ids = await Promise.all(
      team.map(async (one) => (accepted(await one.send('GET', '/user')).body.data as { id: number }).id),
    );
    for (let phone = 1; phone <= PHONES; phone++) {
      await hear('Hi', phone);
    }
    const seed = randomInt(2 ** 31);
    const steps = fc.sample(
      fc.record({ does: fc.nat(6), who: fc.nat(2), which: fc.integer({ min: 1, max: PHONES }) }),
      {
        ...{ numRuns: STEPS, seed },
      },
    );
    const act = async ({ does, who, which }: (typeof steps)[number]): Promise<unknown> => {
      const caller = team[who]!;
      switch (does) {
        case 0:
        case 1:
          return hear('Hello?', which);
        case 2:
          return post(caller, `${which}/reply`, { body: 'Yes' });
        case 3:
          return post(caller, `${which}/reply`, { body: 'Done', close: true });
        case 4:
          return post(caller, `${which}/close`);
        case 5:
          return post(caller, `${which}/assign`, { user_id: who === 0 ? null : ids[who] });
        default:
          return accepted(await caller.send('PUT', `/conversations/${which}`, { status: 'pending' }));
      }
    };
    for (let at = 0; at < STEPS; at += 6) {
      await Promise.all(steps.slice(at, at + 6).map(act));
    }
    const stats = await statsOf(uuid);
    expect([seed, stats]).toEqual([seed, await factsOf(uuid)]);
    const metrics = [...new Set(stats.map(({ metric }) => metric))];
    expect(metrics).toEqual(['closed', 'contacts', 'conversations', 'first_responses', 'replies', 'responses']);
  });

  it('stay when a contact is erased and a conversation deleted, and go with the workspace', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hi', 1);
    await hear('Hi', 2);
    await post(owner, '1/reply', { body: 'Hello', close: true });
    const before = await statsOf(uuid);
    expect(before).toHaveLength(6);
    const [conversation] = await list(owner, '?status=closed');
    accepted(await owner.send('DELETE', `/contacts/${conversation!.contact!.id}`));
    accepted(await owner.send('DELETE', '/conversations/1'));
    expect(await statsOf(uuid)).toEqual(before);
    const { uuid: other } = await given.team();
    await sql(
      `INSERT INTO daily_stats SELECT $1, metric, day, user_id, n, total FROM daily_stats WHERE client_id = $2`,
      other,
      uuid,
    );
    await sql(`DELETE FROM clients WHERE id = $1`, other);
    expect(await statsOf(other)).toEqual([]);
  });

  it('are moved by no trigger that a send outside of the inbox would fire', async () => {
    const rows = await sql(`
      SELECT tgrelid::regclass::text AS at FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
      WHERE prosrc ~ 'count_day|daily_stats' ORDER BY 1`);
    expect(rows.map(({ at }) => at)).toEqual([
      ...['contacts', 'conversation_entries', 'conversations', 'conversations', 'message_authors', 'ratings'],
    ]);
  });
});
