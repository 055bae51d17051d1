import { ORDERS, type Order } from '../common/pagination/page.js';
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

/** The statement of a list in both orders. */
export interface ListStatement extends Readonly<Record<Order, Statement>> {
  readonly own: Order;
}

/**
 * A page of a list in one order, in one round trip: `$2` how many, `$3` the id to start after or null. Each row bears the
 * list's total and whether the cursor is one of its rows; a page without rows is one row without an id.
 */
export function listPage(order: Order, { key = CREATION, ...parts }: ListParts): string {
  const { total, of = '(VALUES (1)) AS one', cursor, page } = parts;
  return `
    ${parts.with === undefined ? '' : `WITH ${parts.with}\n    `}SELECT ${total} AS "totalCount",
           ($3::uuid IS NULL OR cursor.${Object.keys(key).at(-1)} IS NOT NULL) AS "cursorFound", page.*
    FROM ${of}
    LEFT JOIN ${cursor}
    LEFT JOIN LATERAL (${page(scanOf(order, key))}
    ) page ON true${parts.where === undefined ? '' : `\n    WHERE ${parts.where}`}`;
}

/**
 * The same in both orders. Two statements, because a plan that must do for both would sort the whole list; the one in the
 * list's own order has the name alone.
 */
export function listStatement(name: string, own: Order, parts: ListParts): ListStatement {
  const [asc, desc] = ORDERS.map((order) => ({
    name: order === own ? name : `${name}_${order}`,
    text: listPage(order, parts),
  }));
  return { own, asc: asc!, desc: desc! };
}

/** By nothing but its columns' indexes: a row constructor compares as the index is ordered. */
function scanOf(order: Order, key: ListKey): Scan {
  const columns = Object.entries(key);
  const [sign, bound] = order === 'asc' ? (['>', 0] as const) : (['<', 1] as const);
  const bounds = columns.map(([column, type]) => `coalesce(cursor.${column}, ${BOUNDS[type][bound]})`);
  const list = (texts: readonly string[]): string => (texts.length === 1 ? texts[0]! : `(${texts.join(', ')})`);
  return {
    after: (row) => `${list(columns.map(([column]) => `${row}.${column}`))} ${sign} ${list(bounds)}`,
    order: (row) => columns.map(([column]) => `${row}.${column}${order === 'asc' ? '' : ' DESC'}`).join(', '),
  };
}
