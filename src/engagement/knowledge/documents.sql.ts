import type { Statement } from '../../platform/database/statement.js';

/** What a row of a document yields but its text. */
export const documentColumns = (one: string): string => `
  ${one}.id, ${one}.number::float8 AS number, ${one}.type, ${one}.status, ${one}.error, ${one}.title, ${one}.question,
  ${one}.answer, ${one}.category, ${one}.is_priority AS "isPriority", ${one}.language, ${one}.config,
  ${one}.source_url AS "sourceUrl", ${one}.file_id AS "fileId", ${one}.file_name AS "fileName",
  ${one}.file_size AS "fileSize", ${one}.chunks_count AS "chunksCount", ${one}.usage_count AS "usageCount", ${one}.run,
  ${one}.created_at AS "createdAt", ${one}.updated_at AS "updatedAt"`;

/** By its number `$2` or its id `$3`. */
const NAMED = `documents.client_id = $1 AND (documents.number = $2::bigint OR documents.id = $3::uuid)`;

/** How many there are, and how many chunks they have. */
export const COUNT: Statement = {
  name: 'documents.count',
  text: `
    SELECT count(*)::int AS documents, coalesce(sum(chunks_count), 0)::int AS chunks FROM documents
    WHERE client_id = $1`,
};

export const FIND: Statement = {
  name: 'documents.find',
  text: `SELECT ${documentColumns('documents')}, documents.content FROM documents WHERE ${NAMED}`,
};

/** Nobody else changes it until the commit. */
export const LOCK: Statement = {
  name: 'documents.lock',
  text: `SELECT ${documentColumns('documents')}, documents.content FROM documents WHERE ${NAMED} FOR UPDATE`,
};

/** `$2` id, `$3` type, `$4` status, `$5` title, `$6` content, `$7` question, `$8` answer, `$9` category, `$10` priority, `$11` language, `$12` configuration, `$13` URL. */
export const CREATE: Statement = {
  name: 'documents.create',
  text: `
    INSERT INTO documents (client_id, id, number, type, status, title, content, question, answer, category, is_priority,
                           language, config, source_url)
    VALUES ($1, $2, draw_numbers($1, 'documents', 1), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    RETURNING ${documentColumns('documents')}, content`,
};

/** Document `$2`: all that the team sets. Whoever was at it writes nothing any more. */
export const UPDATE: Statement = {
  name: 'documents.update',
  text: `
    UPDATE documents
    SET title = $3, content = $4, question = $5, answer = $6, category = $7, is_priority = $8, language = $9,
        config = $10, status = $11, run = run + 1, updated_at = now()
    WHERE client_id = $1 AND id = $2
    RETURNING ${documentColumns('documents')}, content`,
};

/** Its chunks go with it. */
export const REMOVE: Statement = {
  name: 'documents.remove',
  text: `DELETE FROM documents WHERE ${NAMED} RETURNING documents.id, documents.file_id AS "fileId"`,
};

export const REMOVE_CHUNKS: Statement = {
  name: 'chunks.remove',
  text: `DELETE FROM chunks WHERE client_id = $1 AND document_id = $2`,
};

/** The chunks `$3` of document `$2`, whose title `$4` each of them is found by, too. */
export const INSERT_CHUNKS: Statement = {
  name: 'chunks.insert',
  text: `
    WITH cut AS (
      INSERT INTO chunks (client_id, document_id, n, text, tsv)
      SELECT $1, document.id, piece.n - 1, piece.text,
             setweight(to_tsvector(document.config::regconfig, $4), 'A') ||
               to_tsvector(document.config::regconfig, piece.text)
      FROM documents document, unnest($3::text[]) WITH ORDINALITY piece(text, n)
      WHERE document.client_id = $1 AND document.id = $2
    )
    UPDATE documents SET chunks_count = cardinality($3::text[]), embedded_with = NULL WHERE client_id = $1 AND id = $2
    RETURNING ${documentColumns('documents')}, content`,
};
