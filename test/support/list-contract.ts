import { beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import { formatId, ID_PREFIXES, parseId, type IdKind } from '../../src/platform/common/ids/type-id.js';
import type { Reply, TestClient } from './given.js';
import { expectInvalid } from './refused.js';

/** A list that holds exactly these rows, in this order. */
export interface MadeList {
  /** Where the list is; a query string that it needs may be part of it. */
  readonly path: string;
  readonly ids: readonly string[];
  /** The id of a row of the same tenant and kind that is not in this list. */
  readonly outside?: string;
}

export interface ListCase {
  /** A new tenant. */
  readonly client: () => Promise<TestClient>;
  /** Makes a list of `count` rows. */
  readonly make: (acme: TestClient, count: number) => Promise<MadeList>;
  readonly fetch: (acme: TestClient, path: string) => Promise<Reply>;
  /** The limit where none is given. */
  readonly otherwise?: number;
  readonly items?: (body: Reply['body']) => readonly unknown[];
  readonly idOf?: (item: Reply['body']) => string;
}

const WRONG_LIMITS = ['0', '101', '-1', '+5', 'abc', '1.5', '', '0x10', '1e1', '%2010', '10%20', '1000', 'NaN'];

/** What holds of every list, whatever it lists; signed by each in one line. */
export function listContract(name: string, signed: ListCase): void {
  const { otherwise = 10, items = (body) => body.data, idOf = (item) => item.id } = signed;

  describe(`the list contract: ${name}`, () => {
    let acme: TestClient;
    let list: MadeList;
    let foreign: string;
    let kind: IdKind;
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
      expect({ object: body.object, total: body.total_count }).toEqual({ object: 'list', total: list.ids.length });
      return { ids: items(body).map(idOf), more: body.has_more };
    };

    it(`answers ${otherwise} without limit`, async () => {
      expect(await page('')).toEqual({ ids: list.ids.slice(0, otherwise), more: list.ids.length > otherwise });
    });

    it('yields every item exactly once and in order, page after page, with any limit', async () => {
      // Those that the list has room for, one that it just fills, and more than it has.
      const limits = [...Array.from({ length: Math.min(list.ids.length + 1, 100) }, (_, at) => at + 1), 100];
      for (const limit of limits) {
        const seen: string[] = [];
        for (let more = true; more;) {
          const next = await page(`limit=${limit}${seen.length > 0 ? `&starting_after=${seen.at(-1)}` : ''}`);
          seen.push(...next.ids);
          more = next.more;
          expect(more).toBe(seen.length < list.ids.length);
          expect(next.ids).toHaveLength(more ? limit : list.ids.length - (seen.length - next.ids.length));
        }
        expect(seen).toEqual(list.ids);
      }
    });

    it('takes the bare UUID as starting_after, and answers nothing after the last', async () => {
      const after = (id: string) => `limit=100&starting_after=${id}`;
      const second = parseId(kind, list.ids[1]!)!;
      const rest = list.ids.slice(2);
      expect(await page(after(second))).toEqual({ ids: rest.slice(0, 100), more: rest.length > 100 });
      expect(await page(after(second.toUpperCase()))).toEqual({ ids: rest.slice(0, 100), more: rest.length > 100 });
      expect(await page(after(list.ids.at(-1)!))).toEqual({ ids: [], more: false });
    });

    it('refuses a limit that is not a whole number from 1 to 100', async () => {
      for (const limit of WRONG_LIMITS) {
        expectInvalid(await get(`limit=${limit}`), 'limit');
      }
      expectInvalid(await get('limit=1&limit=2'), 'limit');
      expectInvalid(await get('limit[]=1'), 'limit[]', 'The limit[] field is not known.');
    });

    it('refuses a starting_after that is no id of this kind', async () => {
      const otherKind = formatId(kind === 'customer' ? 'channel' : 'customer', parseId(kind, list.ids[0]!)!);
      for (const id of ['', 'nonsense', `${ID_PREFIXES[kind]}_`, `${list.ids[0]}0`, '%00', otherKind]) {
        expectInvalid(await get(`starting_after=${id}`), 'starting_after');
      }
      expectInvalid(await get(`starting_after=${list.ids[0]}&starting_after=${list.ids[1]}`), 'starting_after');
    });

    it('refuses a starting_after that is not in this list, and never says whose it is', async () => {
      const unknown = formatId(kind, uuidv7());
      const strangers = [unknown, parseId(kind, unknown)!, acme.uuid, ...(list.outside ? [list.outside] : [])];
      if (!list.ids.includes(foreign)) {
        strangers.push(foreign, parseId(kind, foreign)!);
      }
      const bodies = new Set<string>();
      for (const id of strangers) {
        const reply = await get(`starting_after=${id}`);
        expectInvalid(reply, 'starting_after');
        bodies.add(JSON.stringify({ ...reply.body, request_id: '' }));
      }
      expect(bodies.size).toBe(1);
    });

    it('refuses a query parameter that it does not know', async () => {
      expectInvalid(await get('ending_before=x'), 'ending_before', 'The ending_before field is not known.');
      expectInvalid(await get('Limit=5'), 'Limit', 'The Limit field is not known.');
    });
  });
}
