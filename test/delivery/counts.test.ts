import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { parseSid } from '../../src/platform/common/ids/sid.js';
import { MOVE } from '../../src/delivery/deliveries/deliveries.sql.js';
import { leavesFor, REPORTED, type DeliveryStatus } from '../../src/delivery/deliveries/delivery-status.js';
import { FOLD_COUNTS } from '../../src/delivery/stats/stats.sql.js';
import { accepted, must, type Reply } from '../support/given.js';
import { miscounted, OUR_NUMBER } from '../support/phones.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';
import { givenUsers, inWorkspace } from '../support/users.js';

const server = useServer();
const given = givenUsers(() => server);
const NUMBERS = [OUR_NUMBER, '+15005550100'];
const PHONE = '+14155552671';
const PER_PAGE = 2;

/** A workspace whose messages nobody carries: what becomes of them, the tests say. */
async function givenTexts() {
  const { owner, workspace } = await given.team();
  const uuid = parseId('client', workspace.id)!;
  const ask = async (method: string, path: string, body?: unknown): Promise<Reply> =>
    owner.send(method, inWorkspace(workspace, path), body);
  for (const number of NUMBERS) {
    accepted(await ask('POST', '/phone-numbers', { number }));
  }
  const send = async (from = OUR_NUMBER): Promise<string> =>
    parseSid(accepted(await ask('POST', '/messages', { to: PHONE, body: 'Hello', from })).body.sid as string)!;
  const hear = async (to = OUR_NUMBER): Promise<void> => {
    accepted(await ask('POST', '/simulator/inbound', { from: PHONE, to, body: 'Hi' }));
  };
  const tell = async (id: string, status: DeliveryStatus, told: object = {}): Promise<void> => {
    await sql(MOVE.text, uuid, id, status, leavesFor(status), JSON.stringify({ ...told, reported: true }));
  };
  /** As if all of it had been some days ago. */
  const age = async (days: number): Promise<void> => {
    await sql(
      `UPDATE deliveries SET created_at = created_at - make_interval(days => $2) WHERE client_id = $1`,
      uuid,
      days,
    );
    // Days are moved one by one, the oldest first, so that none is moved onto another.
    const there = await sql<{ day: string }>(
      `SELECT DISTINCT day::text FROM delivery_counts WHERE client_id = $1 ORDER BY day`,
      uuid,
    );
    for (const { day } of there) {
      await sql(`UPDATE delivery_counts SET day = day - $3::int WHERE client_id = $1 AND day = $2`, uuid, day, days);
    }
    await sql(`DELETE FROM delivery_months WHERE client_id = $1`, uuid);
    await sql(
      `INSERT INTO delivery_months (client_id, month, address_id, direction, status, n)
       SELECT client_id, date_trunc('month', day::timestamp)::date, address_id, direction, status, sum(n)
       FROM delivery_counts WHERE client_id = $1 AND shard < 0 GROUP BY 1, 2, 3, 4, 5`,
      uuid,
    );
  };
  const fold = (): Promise<{ purged: number }[]> => sql(FOLD_COUNTS.text, 1_000);
  return { owner, workspace, uuid, ask, send, hear, tell, age, fold };
}

type Story = {
  readonly do: 'send' | 'hear' | 'fold' | 'age' | 'tell';
  readonly at: number;
  readonly to: DeliveryStatus;
};
const told = [
  {},
  { price: '0.0079', currency: 'USD' },
  { price: '0.01', currency: 'EUR', segments: 3 },
  { segments: 2 },
];
const stories = fc.array(
  fc.record<Story>({
    do: fc.constantFrom('send', 'hear', 'tell', 'tell', 'tell', 'fold', 'age'),
    at: fc.nat(100),
    to: fc.constantFrom(...REPORTED),
  }),
  { minLength: 10, maxLength: 40 },
);

type Row = {
  readonly id: string;
  readonly status: string;
  readonly direction: string;
  readonly number: string;
  readonly at: Date;
};
type Filter = Partial<Record<'status' | 'direction' | 'number' | 'createdAfter' | 'createdBefore', string>>;

/** By each thing alone and by several, in all and between two `times`. */
function filtersOf(rows: readonly Row[], times: readonly Date[]): Filter[] {
  const statuses = [...new Set(rows.map(({ status }) => status))].map((status) => ({ status }));
  const numbers = NUMBERS.map((number) => ({ number }));
  const [since, until] = [times[0]!, times[1]!].sort((one, other) => one.getTime() - other.getTime());
  const spans = [
    { createdAfter: since!.toISOString() },
    { createdBefore: until!.toISOString() },
    { createdAfter: since!.toISOString(), createdBefore: until!.toISOString() },
    // A day that no message was made on, which cuts a month.
    { createdBefore: new Date(times[2]!.getTime() + 86_400_000).toISOString() },
    { createdAfter: new Date(times[3]!.getTime() - 86_400_000).toISOString() },
  ];
  const several = [
    { ...numbers[0], ...statuses[0] },
    { ...numbers[1], direction: 'inbound' },
    { ...spans[2], ...statuses[0] },
  ];
  return [{}, { direction: 'outbound' }, ...statuses, ...numbers, ...spans, ...several];
}

function matching({ status, direction, number, createdAfter, createdBefore }: Filter) {
  return (row: Row): boolean =>
    (status ?? row.status) === row.status &&
    (direction ?? row.direction) === row.direction &&
    (number ?? row.number) === row.number &&
    (createdAfter === undefined || row.at >= new Date(createdAfter)) &&
    (createdBefore === undefined || row.at < new Date(createdBefore));
}

/** The first page, one in the middle and the last say how many there are in all, and show what stands there. */
async function expectPages(
  ask: (method: string, path: string) => Promise<Reply>,
  narrowed: Filter,
  expected: readonly Row[],
): Promise<void> {
  const last = Math.max(1, Math.ceil(expected.length / PER_PAGE));
  for (const page of new Set([1, Math.ceil(last / 2), last])) {
    const query = new URLSearchParams({ ...narrowed, limit: String(PER_PAGE), page: String(page) });
    const { data, pagination } = accepted(await ask('GET', `/messages?${query.toString()}`)).body as unknown as {
      data: { sid: string }[];
      pagination: { totalItems: number };
    };
    const shown = data.map(({ sid }) => parseSid(sid));
    const there = expected.slice((page - 1) * PER_PAGE, page * PER_PAGE).map(({ id }) => id);
    expect({ narrowed, total: pagination.totalItems, shown }).toEqual({
      narrowed,
      total: expected.length,
      shown: there,
    });
  }
}

describe('Counts of deliveries', () => {
  it('are those of the rows, and of each filter, after whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const { uuid, ask, send, hear, tell, age, fold } = await givenTexts();
        const ids = [await send()];
        for (const { do: what, at, to } of story) {
          const number = NUMBERS[at % 2]!;
          switch (what) {
            case 'send':
              ids.push(await send(number));
              break;
            case 'hear':
              await hear(number);
              break;
            case 'tell':
              // Those of the same message at once, and beside them what folds them.
              await Promise.all([
                tell(ids[at % ids.length]!, to, told[at % told.length]),
                tell(ids[at % ids.length]!, 'sent', told[(at + 1) % told.length]),
                fold(),
              ]);
              break;
            case 'fold':
              await fold();
              break;
            case 'age':
              await age(1 + (at % 40));
          }
        }
        await fold();
        expect(await miscounted({ uuid })).toEqual([]);
        const [left] = await sql(
          `SELECT count(*)::int AS n FROM delivery_counts WHERE client_id = $1 AND shard >= 0 AND day < now() - interval '3 days'`,
          uuid,
        );
        expect(left).toEqual({ n: 0 });
        const rows = await sql<Row>(
          `SELECT id, status, direction, CASE direction WHEN 'inbound' THEN to_text ELSE from_text END AS number,
                  created_at AS at
           FROM deliveries WHERE client_id = $1 ORDER BY created_at DESC, id DESC`,
          uuid,
        );
        const times = fc.sample(fc.integer({ min: 0, max: rows.length - 1 }), 4).map((which) => rows[which]!.at);
        for (const narrowed of filtersOf(rows, times)) {
          await expectPages(ask, narrowed, rows.filter(matching(narrowed)));
        }
        const stats = accepted(await ask('GET', `/stats?from=${day(-200)}&groupBy=status`)).body as never as {
          total: { messages: number };
          data: { status: string; messages: number }[];
        };
        expect(stats.total.messages).toBe(rows.length);
        for (const { status, messages } of stats.data) {
          expect([status, messages]).toEqual([status, rows.filter((row) => row.status === status).length]);
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });
});

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe('Statistics', () => {
  it('tell what became of messages, by day, number and status, with exact prices', async () => {
    const { owner, workspace, send, hear, tell, age } = await givenTexts();
    const [first, second, third] = [await send(), await send(), await send(NUMBERS[1])];
    await tell(first, 'delivered', { price: '0.0079', currency: 'USD', segments: 2 });
    await tell(second, 'undelivered', { price: '0.1', currency: 'USD', segments: 1 });
    await tell(third, 'failed', { price: '0.0001', currency: 'EUR' });
    await hear();
    await age(2);
    const fourth = await send();
    await tell(fourth, 'sent');
    await send();
    const stats = async (query: { groupBy?: 'day' | 'number' | 'status'; from?: string; to?: string }) =>
      must(
        await owner.api.GET('/api/ui/workspaces/{workspaceId}/stats', {
          params: { path: { workspaceId: workspace.id }, query },
        }),
      );
    const none = { messages: 0, sent: 0, delivered: 0, undelivered: 0, failed: 0, received: 0, segments: 0 };
    const past = {
      ...none,
      messages: 4,
      sent: 2,
      delivered: 1,
      undelivered: 1,
      failed: 1,
      received: 1,
      deliveryRate: 0.3333,
    };
    const prices = [
      { currency: 'EUR', amount: '0.0001' },
      { currency: 'USD', amount: '0.1079' },
    ];
    const byDay = await stats({});
    expect(byDay).toMatchObject({ from: day(-29), to: day(0), groupBy: 'day' });
    expect(byDay.data).toMatchObject([
      { ...past, day: day(-2), number: null, status: null, segments: 4, price: prices },
      { ...none, day: day(0), messages: 2, sent: 1, price: [], deliveryRate: null },
    ]);
    expect(byDay.total).toMatchObject({ ...past, messages: 6, sent: 3, segments: 4, price: prices });
    const byNumber = await stats({ groupBy: 'number', to: day(-2) });
    expect(
      byNumber.data.map(({ number, ...rest }) => [number!.number, rest.messages, rest.price.length]).sort(),
    ).toEqual([
      [OUR_NUMBER, 3, 1],
      [NUMBERS[1], 1, 1],
    ]);
    const byStatus = await stats({ groupBy: 'status', from: day(0) });
    expect(byStatus.data.map(({ status, messages }) => [status, messages])).toEqual([
      ['queued', 1],
      ['sent', 1],
    ]);
    const nothing = await stats({ from: day(-10), to: day(-9) });
    expect(nothing).toMatchObject({ data: [], total: { ...none, price: [], deliveryRate: null } });
  });

  it.each([
    'from=2026-02-30',
    'from=yesterday',
    'to=2026-1-1',
    'groupBy=week',
    'from=2026-01-02&to=2026-01-01',
    'from=2025-01-01&to=2026-02-05',
    'from=',
    'day=2026-01-01',
  ])('are refused for %s', async (query) => {
    const { ask } = await givenTexts();
    const { status, body } = await ask('GET', `/stats?${query}`);
    expect([status, body.error]).toEqual([400, 'invalid_params']);
    expect((await ask('GET', '/stats?from=2025-01-01&to=2026-02-04')).status).toBe(200);
  });
});
