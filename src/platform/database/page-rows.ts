import { Page, scanOrder, unknownCursor, type PageQuery } from '../common/pagination/page.js';
import type { ListStatement } from './list.sql.js';
import type { Statement } from './statement.js';

/**
 * A row of a list's statement: the total and whether the cursor was found in every one; the item's columns are null
 * where there is none.
 */
export type PageRow<Row> = { readonly totalCount: number; readonly cursorFound: boolean } & Row;

/**
 * Null where there is no such list: what it would be of is not there. A cursor that names no row of it is refused, never
 * ignored.
 * @param run runs the statement with its values from `$2` on
 * @throws Refusal 422 on `starting_after` or `ending_before`
 */
export async function readPage<Row extends { readonly id: string }>(
  list: ListStatement,
  query: PageQuery,
  run: (statement: Statement, limit: number, cursor: string | undefined) => Promise<PageRow<Row>[]>,
): Promise<Page<Row> | null> {
  const cursor = query.endingBefore ?? query.startingAfter;
  // One more than the page holds says whether there is another.
  const statements = cursor === undefined ? list.first : list;
  const rows = await run(statements[scanOrder(query, list.own)], query.limit + 1, cursor);
  if (rows.length === 0) {
    return null;
  }
  const { totalCount, cursorFound } = rows[0]!;
  if (!cursorFound) {
    throw unknownCursor(query);
  }
  return Page.of(
    rows.filter((row) => row.id !== null),
    query,
    totalCount,
  );
}
