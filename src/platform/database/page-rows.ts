import { invalid } from '../common/errors/refusal.js';
import { Page } from '../common/pagination/page.js';

/** How the statement of a list answers: its total and its cursor's fate in every row, and the row itself where there is one. */
export type PageRow<Row> = { readonly totalCount: number; readonly cursorFound: boolean } & Row;

/**
 * The page in the rows of a list's statement. A cursor that names no row of the list is refused, never ignored.
 * @throws Refusal 422 on `starting_after`
 */
export function pageOf<Row extends { readonly id: string | null }>(
  rows: readonly PageRow<Row>[],
  limit: number,
): Page<Row> {
  const { totalCount, cursorFound } = rows[0]!;
  if (!cursorFound) {
    throw invalid('starting_after', 'The starting_after field is not the id of an item in this list.');
  }
  return Page.of(
    rows.filter((row) => row.id !== null),
    limit,
    totalCount,
  );
}
