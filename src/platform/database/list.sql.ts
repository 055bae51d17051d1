import type { Order } from '../common/pagination/page.js';
import type { Statement } from './statement.js';
import { FIRST_UUID, LAST_UUID } from './uuids.js';

/** Of each type of a column that lists go by: what is before, and what is behind, all its values. */
const BOUNDS = {
  timestamptz: [`'-infinity'`, `'infinity'`],
  uuid: [`'${FIRST_UUID}'::uuid`, `'${LAST_UUID}'::uuid`],
  integer: ['0', '2147483647'],
  bigint: ['0', '9223372036854775807'],
} as const;

/** The columns that a list goes by; together they are no other row's. The last is null nowhere. */
export type ListKey = Readonly<Record<string, keyof typeof BOUNDS>>;

/** Ids alone say nothing of the order: they bear the time of whichever machine made them. */
const CREATION: ListKey = { created_at: 'timestamptz', id: 'uuid' };

/** A list read in one order, of a table that goes by `row`. */
export interface Scan {
  /** What is true of each row after `cursor`, where there is one. */
  readonly after: (row: string) => string;
  /** What follows ORDER BY. */
  readonly order: (row: string) => string;
}

export interface ListParts {
  /** What follows WITH. */
  readonly with?: string;
  /** How many rows the whole list has. */
  readonly total: string;
  /** What the list is of, and what must be true of it; no row: there is no such list. */
  readonly of?: string;
  readonly where?: string;
  /** A table that goes by `cursor`, and how it is joined: the row of this list that `$3` names. */
  readonly cursor: string;
  /** The rows of the page: `$2` of them. */
  readonly page: (scan: Scan) => string;
  /** What the list goes by; the creation, where left out. */
  readonly key?: ListKey;
}

/** The statements of a list in both orders: of a page beside a cursor, and of the first one. */
export interface ListStatement extends Readonly<Record<Order, Statement>> {
  readonly own: Order;
  readonly first: Readonly<Record<Order, Statement>>;
}

/** As many rows as any page asks for: one more than it may hold. */
const MOST = 101;

/**
 * The first `$2` of `rows`, which stand in the order of an index. PostgreSQL takes a LIMIT that it does not know for a tenth
 * of all rows: with many of them it would hold a plan for any `$2` to be dear, and plan the statement anew with each page,
 * which takes longer than the page. So it is told of few, of which it takes a tenth twice.
 */
export const few = (rows: string): string => `
      SELECT * FROM (SELECT * FROM (${rows} LIMIT ${MOST}
      ) most LIMIT $2) few LIMIT $2`;

/**
 * A page of a list in one order, in one round trip: `$2` how many, `$3` the id to start after or null. Each row bears the
 * list's total and whether the cursor is one of its rows; a page without rows is one row without an id.
 * @param isFirst of a statement that is only asked with null: PostgreSQL then need not make ready to find a cursor
 */
export function listPage(order: Order, { key = CREATION, ...parts }: ListParts, isFirst = false): string {
  const { total, of = '(VALUES (1)) AS one', cursor, page } = parts;
  const found = isFirst ? '' : ` OR cursor.${Object.keys(key).at(-1)} IS NOT NULL`;
  return `
    ${parts.with === undefined ? '' : `WITH ${parts.with}\n    `}SELECT ${total} AS "totalCount",
           ($3::uuid IS NULL${found}) AS "cursorFound", page.*
    FROM ${of}${isFirst ? '' : `\n    LEFT JOIN ${cursor}`}
    LEFT JOIN LATERAL (${page(scanOf(order, key, isFirst))}
    ) page ON true${parts.where === undefined ? '' : `\n    WHERE ${parts.where}`}`;
}

/**
 * The same in both orders. Statements of their own, because a plan that must do for both would sort the whole list; the one in
 * the list's own order has the name alone.
 */
export function listStatement(name: string, own: Order, parts: ListParts): ListStatement {
  const statement = (order: Order, isFirst: boolean): Statement => ({
    name: `${name}${isFirst ? '_first' : ''}${order === own ? '' : `_${order}`}`,
    text: listPage(order, parts, isFirst),
  });
  const inBoth = (isFirst: boolean) => ({ asc: statement('asc', isFirst), desc: statement('desc', isFirst) });
  return { own, ...inBoth(false), first: inBoth(true) };
}

/** By nothing but its columns' indexes: a row constructor compares as the index is ordered. */
function scanOf(order: Order, key: ListKey, isFirst: boolean): Scan {
  const columns = Object.entries(key);
  const [sign, bound] = order === 'asc' ? (['>', 0] as const) : (['<', 1] as const);
  const bounds = columns.map(([column, type]) =>
    isFirst ? BOUNDS[type][bound] : `coalesce(cursor.${column}, ${BOUNDS[type][bound]})`,
  );
  const list = (texts: readonly string[]): string => (texts.length === 1 ? texts[0]! : `(${texts.join(', ')})`);
  return {
    after: (row) => `${list(columns.map(([column]) => `${row}.${column}`))} ${sign} ${list(bounds)}`,
    order: (row) => columns.map(([column]) => `${row}.${column}${order === 'asc' ? '' : ' DESC'}`).join(', '),
  };
}
