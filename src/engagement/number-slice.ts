import { InvalidInput } from '../platform/common/errors/refusal.js';
import type { ObjectRef } from '../platform/common/ids/object-ref.js';

/** Which part of a list that goes by numbers is asked for: `limit` items, after `offset` of them or after one of them. */
export interface NumberSlice {
  readonly limit: number;
  readonly offset: number;
  readonly after: ObjectRef | null;
  readonly direction: 'asc' | 'desc';
}

/** The same, once it is known which number is meant. */
export interface KnownSlice extends Omit<NumberSlice, 'after'> {
  readonly after: number | null;
}

export interface NumberedItems<T> {
  readonly items: readonly T[];
  readonly total: number;
  /** Whether more of them follow. */
  readonly hasMore: boolean;
}

/** @throws InvalidInput where what it is to begin after is not there */
export async function known(
  slice: NumberSlice,
  find: (ref: ObjectRef) => Promise<{ readonly number: number } | null>,
): Promise<KnownSlice> {
  const found = slice.after === null ? null : await find(slice.after);
  if (slice.after !== null && !found) {
    throw new InvalidInput({ after: ['The selected after is invalid.'] });
  }
  return { ...slice, after: found?.number ?? null };
}

/** Of rows, one of which may be more than was asked for. */
export function itemsOf<Row extends { readonly id: string }>(
  rows: readonly (Row & { readonly totalItems: number })[],
  limit: number,
): NumberedItems<Row> {
  const found = rows.filter(({ id }) => id !== null);
  return { items: found.slice(0, limit), total: rows[0]?.totalItems ?? 0, hasMore: found.length > limit };
}
