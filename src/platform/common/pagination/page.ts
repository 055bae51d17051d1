import { invalid, type Refusal } from '../errors/refusal.js';

/** Which way through a list: from its lowest value up (the oldest first), or from its highest down. */
export const ORDERS = ['asc', 'desc'] as const;
export type Order = (typeof ORDERS)[number];

/** What part of a list is asked for: its start, or what is next to one of its rows. */
export interface PageQuery {
  readonly limit: number;
  /** The list's own where left out. */
  readonly order?: Order;
  /** The id (a UUID) of the last row of the page before. */
  readonly startingAfter?: string;
  /** The id (a UUID) of the first row of the page after; never beside `startingAfter`. */
  readonly endingBefore?: string;
}

/** In which order the rows of a page are read: what ends before a row is read from there backwards. */
export function scanOrder({ order, endingBefore }: PageQuery, own: Order): Order {
  const asked = order ?? own;
  return endingBefore === undefined ? asked : asked === 'asc' ? 'desc' : 'asc';
}

/** The cursor names no row of the list: it is refused, never ignored. */
export function unknownCursor({ endingBefore }: PageQuery): Refusal {
  const field = endingBefore === undefined ? 'starting_after' : 'ending_before';
  return invalid(field, `The ${field} field is not the id of an item in this list.`);
}

/** What every list leaves as. */
export interface ListEnvelope {
  readonly object: 'list';
  readonly data: unknown;
  readonly has_more: boolean;
  readonly total_count: number;
}

/** One page of a list. `totalCount` counts the whole list, exactly. */
export class Page<T> {
  constructor(
    readonly items: readonly T[],
    readonly hasMore: boolean,
    readonly totalCount: number,
  ) {}

  /** From rows as they were read, one more than the page holds: it answers "is there another page?". */
  static of<T>(rows: readonly T[], { limit, endingBefore }: PageQuery, totalCount: number): Page<T> {
    const items = rows.slice(0, limit);
    return new Page(endingBefore === undefined ? items : items.reverse(), rows.length > limit, totalCount);
  }

  /** Of a list of one row or none. @throws Refusal 422 on its cursor */
  static ofOne<T extends { readonly id: string }>(row: T | null, query: PageQuery): Page<T> {
    const cursor = query.endingBefore ?? query.startingAfter;
    if (cursor !== undefined && cursor !== row?.id) {
      throw unknownCursor(query);
    }
    return Page.of(row && cursor === undefined ? [row] : [], query, row ? 1 : 0);
  }

  map<U>(change: (item: T) => U): Page<U> {
    return new Page(this.items.map(change), this.hasMore, this.totalCount);
  }

  /** @param data most lists are the bare items */
  envelope(data: unknown = this.items): ListEnvelope {
    return { object: 'list', data, has_more: this.hasMore, total_count: this.totalCount };
  }

  /** A handler answers the page itself: what is written of it is its envelope. */
  toJSON(): ListEnvelope {
    return this.envelope();
  }
}
