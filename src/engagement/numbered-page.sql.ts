import type { Statement } from '../platform/database/statement.js';

interface Parts {
  readonly columns: string;
  /** A table and its alias. */
  readonly from: string;
  readonly alias: string;
  /** What follows WHERE; its own values begin with `$5`. */
  readonly where: string;
}

export interface NumberedPage {
  readonly asc: Statement;
  readonly desc: Statement;
}

/** By their numbers: `$2` of them after the first `$3`, or after number `$4`. Without rows, one row without an id. */
export const numberedPage = (name: string, parts: Parts): NumberedPage => ({
  desc: { name: `${name}_desc`, text: pageText(parts, 'DESC', '<') },
  asc: { name: `${name}_asc`, text: pageText(parts, 'ASC', '>') },
});

const pageText = ({ columns, from, alias, where }: Parts, order: string, comes: string): string => `
    SELECT counted.total AS "totalItems", page.*
    FROM (SELECT count(*)::int AS total FROM ${from} WHERE ${where}) counted
    LEFT JOIN LATERAL (
      SELECT ${columns} FROM ${from} WHERE ${where} AND ($4::bigint IS NULL OR ${alias}.number ${comes} $4)
      ORDER BY ${alias}.number ${order} LIMIT $2 OFFSET $3
    ) page ON true`;
