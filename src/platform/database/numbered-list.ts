import type { Statement } from './statement.js';

/** Which part of a list is asked for: `limit` items after `offset`. */
export interface Slice {
  readonly limit: number;
  readonly offset: number;
}

/** Some items of a list, and how many the whole has. */
export interface Sliced<T> {
  readonly items: readonly T[];
  readonly total: number;
}

interface Parts {
  /** What follows SELECT; the first column is null in no row, and goes by `id`. */
  readonly columns: string;
  /** What follows FROM, up to the order. */
  readonly from: string;
  readonly order: string;
}

/** A list of few rows, so that they are counted: `$2` of them after the first `$3`. Without rows, one row without an id. */
export const numberedList = (name: string, { columns, from, order }: Parts): Statement => ({
  name,
  text: `
    SELECT counted.total AS "totalItems", page.*
    FROM (SELECT count(*)::int AS total FROM ${from}) counted
    LEFT JOIN LATERAL (SELECT ${columns} FROM ${from} ORDER BY ${order} LIMIT $2 OFFSET $3) page ON true`,
});

export type NumberedRow<Row> = Row & { readonly totalItems: number };

export function slicedOf<Row extends { readonly id: string }>(rows: readonly NumberedRow<Row>[]): Sliced<Row> {
  return { items: rows.filter(({ id }) => id !== null), total: rows[0]?.totalItems ?? 0 };
}
