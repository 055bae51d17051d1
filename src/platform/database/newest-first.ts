/**
 * Of a table that goes by `row`: it comes after `cursor`, where there is one, in a list of the newest first, which goes by
 * `created_at` and then the id. Ids alone say nothing of it: they bear the time of whichever machine made them.
 */
export const afterCursor = (row: string, id = 'id'): string => `(${row}.created_at, ${row}.${id}) < (
          coalesce(cursor.created_at, 'infinity'), coalesce(cursor.${id}, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))`;
