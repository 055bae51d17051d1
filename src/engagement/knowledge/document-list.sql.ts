import type { Binding } from '../binding.js';
import type { DocumentStatus, DocumentType } from './document.entity.js';
import { documentColumns } from './documents.sql.js';

/** What documents a list is of; nothing given: all. */
export interface DocumentFilters {
  readonly type?: DocumentType | null;
  readonly status?: DocumentStatus | null;
  readonly category?: string | null;
  /** Words that all occur in titles, questions, categories or names of files. */
  readonly words: readonly string[];
}

const SORTS = {
  created_at: 'document.number',
  title: 'document.title',
  type: 'document.type',
  status: 'document.status',
  usage_count: 'document.usage_count',
} as const;
export type DocumentSort = keyof typeof SORTS;

export interface DocumentPage {
  readonly sort: DocumentSort;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** The number of a document: what comes after it, in the default order. */
  readonly after: number | null;
}

/** A workspace has few enough of them to be looked through. @returns the text of a statement that is run without a name */
export function pageOfDocuments(filters: DocumentFilters, page: DocumentPage, binding: Binding): string {
  const { type, status, category, words } = filters;
  const { sort, direction, limit, offset, after } = page;
  const given: readonly (string | false)[] = [
    'document.client_id = $1',
    type != null && `document.type = ${binding.bind(type, 'text')}`,
    status != null && `document.status = ${binding.bind(status, 'text')}`,
    category != null && `document.category = ${binding.bind(category, 'text')}`,
    words.length > 0 &&
      `NOT EXISTS (
        SELECT FROM unnest(${binding.bind(words, 'text[]')}) word
        WHERE strpos(
          searchable(concat_ws(' ', document.title, document.question, document.category, document.file_name)),
          searchable(word)
        ) = 0
      )`,
  ];
  const where = given.filter((one) => typeof one === 'string').join(' AND ');
  const behind = after === null ? '' : ` AND document.number < ${binding.bind(after, 'bigint')}`;
  return `
    SELECT counted.total AS "totalItems", page.*
    FROM (SELECT count(*)::int AS total FROM documents document WHERE ${where}) counted
    LEFT JOIN LATERAL (
      SELECT ${documentColumns('document')}, row_number() OVER (
        ORDER BY ${SORTS[sort]} ${direction}, document.number ${direction}
      ) AS place
      FROM documents document WHERE ${where}${behind}
      ORDER BY place LIMIT ${binding.bind(limit, 'int')} OFFSET ${binding.bind(offset, 'bigint')}
    ) page ON true
    ORDER BY page.place`;
}
