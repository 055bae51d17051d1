import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { formatId, ID_PREFIXES, parseId, type IdKind } from '../../src/platform/common/ids/type-id.js';
import { ORDERS, type Order } from '../../src/platform/common/pagination/page.js';
import type { Reply, TestClient } from './given.js';
import { expectInvalid } from './refused.js';

/** A list that holds exactly these rows, in this order, which is its own. */
export interface MadeList {
  /** Where the list is; a query string that it needs may be part of it. */
  readonly path: string;
  readonly ids: readonly string[];
  /** The id of a row of the same tenant and kind that is not in this list. */
  readonly outside?: string;
  /** Makes one row more. */
  readonly add?: () => Promise<unknown>;
}

export interface ListCase {
  /** A new tenant. */
  readonly client: () => Promise<TestClient>;
  /** Makes a list of `count` rows. */
  readonly make: (acme: TestClient, count: number) => Promise<MadeList>;
  readonly fetch: (acme: TestClient, path: string) => Promise<Reply>;
  /** The limit where none is given. */
  readonly otherwise?: number;
  /** Its order where none is asked for. */
  readonly own?: Order;
  readonly items?: (body: Reply['body']) => readonly unknown[];
  readonly idOf?: (item: Reply['body']) => string;
}

const CURSORS = ['starting_after', 'ending_before'] as const;
type Cursor = (typeof CURSORS)[number];
/** The list's own, too. */
const ASKED = [undefined, ...ORDERS] as const;
const WRONG_LIMITS = ['0', '101', '-1', '+5', 'abc', '1.5', '', '0x10', '1e1', '%2010', '10%20', '1000', 'NaN'];

/** What holds of every list, whatever it lists; signed by each in one line. */
export function listContract(name: string, signed: ListCase): void {
  const { otherwise = 10, own = 'desc', items = (body) => body.data, idOf = (item) => item.id } = signed;

  describe(`the list contract: ${name}`, () => {
    let acme: TestClient;
    let list: MadeList;
    let foreign: string;
    let kind: IdKind;
    /** How many rows it has got since. */
    let added = 0;
    beforeAll(async () => {
      acme = await signed.client();
      foreign = (await signed.make(await signed.client(), 1)).ids[0]!;
      list = await signed.make(acme, otherwise + 2);
      kind = (Object.keys(ID_PREFIXES) as IdKind[]).find((one) => foreign.startsWith(`${ID_PREFIXES[one]}_`))!;
    });

    const get = (query: string) =>
      signed.fetch(acme, query === '' ? list.path : `${list.path}${list.path.includes('?') ? '&' : '?'}${query}`);
    /** The ids of a page, which must say truly whether there is more and how much there is in all. */
    const page = async (query: string): Promise<{ ids: string[]; more: boolean }> => {
      const { status, body } = await get(query);
      expect({ status, keys: Object.keys(body ?? {}) }).toEqual({
        status: 200,
        keys: ['object', 'data', 'has_more', 'total_count'],
      });
      expect({ object: body.object, total: body.total_count }).toEqual({
        object: 'list',
        total: list.ids.length + added,
      });
      return { ids: items(body).map(idOf), more: body.has_more };
    };
    const inOrder = (order: Order | undefined): readonly string[] =>
      order === undefined || order === own ? list.ids : list.ids.toReversed();

    /** All ids, page after page: from the start, or the last one and from there back. */
    const walk = async (
      cursor: Cursor,
      order: Order | undefined,
      limit: number,
      meanwhile?: () => Promise<unknown>,
    ) => {
      let seen = cursor === 'ending_before' ? inOrder(order).slice(-1) : [];
      for (let more = true; more;) {
        const from = cursor === 'ending_before' ? seen[0] : seen.at(-1);
        const next = await page(queryOf({ limit, order, ...(from !== undefined && { [cursor]: from }) }));
        seen = cursor === 'ending_before' ? [...next.ids, ...seen] : [...seen, ...next.ids];
        more = next.more;
        expect(next.ids.length).toBe(more ? limit : next.ids.length);
        await meanwhile?.();
      }
      return seen;
    };

    it(`answers ${otherwise} without limit`, async () => {
      expect(await page('')).toEqual({ ids: list.ids.slice(0, otherwise), more: list.ids.length > otherwise });
    });

    it('yields every item exactly once and in order, page after page, with any limit', async () => {
      // A few that it has room for, those that it nearly, just and no longer fills, and more than it has.
      const around = [list.ids.length - 1, list.ids.length, list.ids.length + 1, 100];
      const limits = [1, 2, 3, 4, 5, 6, 7, ...around.filter((limit) => limit <= 100)];
      for (const [at, limit] of limits.entries()) {
        const order = ASKED[at % ASKED.length];
        for (const cursor of CURSORS) {
          expect(await walk(cursor, order, limit)).toEqual(inOrder(order));
        }
      }
    });

    it('yields the part that is asked for, in the order asked for, and says whether there is more that way', async () => {
      const parts = fc.record({
        limit: fc.integer({ min: 1, max: Math.min(list.ids.length + 1, 100) }),
        order: fc.constantFrom(...ASKED),
        cursor: fc.constantFrom(...CURSORS, undefined),
        at: fc.nat(list.ids.length - 1),
      });
      await fc.assert(
        fc.asyncProperty(parts, async ({ limit, order, cursor, at }) => {
          const ids = inOrder(order);
          const query = queryOf({ limit, order, ...(cursor && { [cursor]: ids[at] }) });
          const [start, end] =
            cursor === 'ending_before' ? [at - limit, at] : cursor ? [at + 1, at + 1 + limit] : [0, limit];
          const more = cursor === 'ending_before' ? start > 0 : end < ids.length;
          expect(await page(query)).toEqual({ ids: ids.slice(Math.max(start, 0), end), more });
        }),
        { numRuns: 40 },
      );
    });

    it('takes the bare UUID as a cursor, and answers nothing beyond the ends', async () => {
      const second = parseId(kind, list.ids[1]!)!;
      const rest = list.ids.slice(2);
      for (const id of [second, second.toUpperCase()]) {
        expect(await page(`limit=100&starting_after=${id}`)).toEqual({
          ids: rest.slice(0, 100),
          more: rest.length > 100,
        });
        expect(await page(`limit=100&ending_before=${id}`)).toEqual({ ids: [list.ids[0]], more: false });
      }
      expect(await page(`limit=100&starting_after=${list.ids.at(-1)}`)).toEqual({ ids: [], more: false });
      expect(await page(`limit=100&ending_before=${list.ids[0]}`)).toEqual({ ids: [], more: false });
    });

    it('takes one cursor at a time, and orders that it knows', async () => {
      const both = `starting_after=${list.ids[0]}&ending_before=${list.ids[2]}`;
      const text = 'The ending_before field must not be given together with starting_after.';
      expectInvalid(await get(both), 'ending_before', text);
      for (const order of ['', 'ASC', 'newest', 'asc,desc', '-1']) {
        expectInvalid(await get(`order=${order}`), 'order');
      }
      expectInvalid(await get('order=asc&order=asc'), 'order');
    });

    it('refuses a limit that is not a whole number from 1 to 100', async () => {
      for (const limit of WRONG_LIMITS) {
        expectInvalid(await get(`limit=${limit}`), 'limit');
      }
      expectInvalid(await get('limit=1&limit=2'), 'limit');
      expectInvalid(await get('limit[]=1'), 'limit[]', 'The limit[] field is not known.');
    });

    it.each(CURSORS)('refuses a %s that is no id of this kind', async (cursor) => {
      const otherKind = formatId(kind === 'customer' ? 'channel' : 'customer', parseId(kind, list.ids[0]!)!);
      for (const id of ['', 'nonsense', `${ID_PREFIXES[kind]}_`, `${list.ids[0]}0`, '%00', otherKind]) {
        expectInvalid(await get(`${cursor}=${id}`), cursor);
      }
      expectInvalid(await get(`${cursor}=${list.ids[0]}&${cursor}=${list.ids[1]}`), cursor);
    });

    it.each(CURSORS)('refuses a %s that is not in this list, and never says whose it is', async (cursor) => {
      const unknown = formatId(kind, uuidv7());
      const strangers = [unknown, parseId(kind, unknown)!, acme.uuid, ...(list.outside ? [list.outside] : [])];
      if (!list.ids.includes(foreign)) {
        strangers.push(foreign, parseId(kind, foreign)!);
      }
      const bodies = new Set<string>();
      for (const id of strangers) {
        const reply = await get(`${cursor}=${id}`);
        expectInvalid(reply, cursor);
        bodies.add(JSON.stringify({ ...reply.body, request_id: '' }));
      }
      expect(bodies.size).toBe(1);
    });

    it('refuses a query parameter that it does not know', async () => {
      expectInvalid(await get('ending_after=x'), 'ending_after', 'The ending_after field is not known.');
      expectInvalid(await get('Limit=5'), 'Limit', 'The Limit field is not known.');
    });

    // The last one: the list is longer after it.
    it('neither repeats nor leaves out what was there, whatever is added meanwhile', async () => {
      if (!list.add) {
        return;
      }
      // Once in each walk: who reads towards what is new would come to no end.
      const once = () => {
        let isDone = false;
        return async () => {
          if (!isDone) {
            isDone = true;
            await list.add!();
            added += 1;
          }
        };
      };
      for (const order of ORDERS) {
        for (const cursor of CURSORS) {
          const seen = await walk(cursor, order, 4, once());
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.filter((id) => list.ids.includes(id))).toEqual(inOrder(order));
        }
      }
    });
  });
}

function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
