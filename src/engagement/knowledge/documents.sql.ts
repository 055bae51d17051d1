import type { Statement } from '../../platform/database/statement.js';
import { RAISED, raise } from '../../platform/outbox/raise.js';

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

/**
 * `$2` id, `$3` type, `$4` status, `$5` title, `$6` content, `$7` question, `$8` answer, `$9` category, `$10` priority, `$11` language, `$12` configuration, `$13` URL,
 * `$14` to `$16` a file, its name and its size. Without a text a worker is to find one: it is told at
 * once, as if an event were raised.
 */
export const CREATE: Statement = {
  name: 'documents.create',
  text: `
    INSERT INTO documents (client_id, id, number, type, status, title, content, question, answer, category, is_priority,
                           language, config, source_url, file_id, file_name, file_size, turn_at)
    VALUES ($1, $2, draw_numbers($1, 'documents', 1), $3, $4::text, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
            $16, CASE WHEN $4 = 'extracting' THEN now() END)
    RETURNING ${documentColumns('documents')}, content, status = 'extracting' AS raised`,
};

/** Document `$2`: all that the team sets. Whoever was at it writes nothing any more. */
export const UPDATE: Statement = {
  name: 'documents.update',
  text: `
    UPDATE documents
    SET title = $3, content = $4, question = $5, answer = $6, category = $7, is_priority = $8, language = $9,
        config = $10, status = $11, run = run + 1, claimed_by = NULL, updated_at = now()
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

const EVENT = (type: string): string => `
      SELECT 'document.${type}' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', moved.id, 'number', moved.number) AS data
      FROM moved`;

/**
 * The chunks `$3` of document `$2`, whose title `$4` each of them is found by, too; it comes from state `$5` to state `$6`.
 * Taken as run `$7`, where that is not null: no row, where somebody took it since.
 */
export const INSERT_CHUNKS: Statement = {
  name: 'chunks.insert',
  text: `
    WITH moved AS (
      UPDATE documents
      SET chunks_count = cardinality($3::text[]), embedded_with = NULL, status = $6, error = NULL, attempts = 0,
          turn_at = NULL, claimed_by = NULL
      WHERE client_id = $1 AND id = $2 AND ($7::int IS NULL OR run = $7)
      RETURNING ${documentColumns('documents')}, content
    ), cut AS (
      INSERT INTO chunks (client_id, document_id, n, text, tsv)
      SELECT $1, moved.id, piece.n - 1, piece.text,
             setweight(to_tsvector(moved.config::regconfig, $4), 'A') ||
               to_tsvector(moved.config::regconfig, piece.text)
      FROM moved, unnest($3::text[]) WITH ORDINALITY piece(text, n)
    ), ${raise(`${EVENT('ready')} WHERE moved.status = 'ready' AND $5 <> 'ready'`)}
    SELECT moved.*, ${RAISED} FROM moved`,
};

/** Those of ids `$2`. */
export const FIND_MANY: Statement = {
  name: 'documents.find_many',
  text: `SELECT ${documentColumns('one')} FROM documents one WHERE one.client_id = $1 AND one.id = ANY($2::uuid[])`,
};

/** It is to be read again. No row: it has not failed. */
export const RETRY: Statement = {
  name: 'documents.retry',
  text: `
    UPDATE documents
    SET status = 'extracting', error = NULL, attempts = 0, run = run + 1, claimed_by = NULL, turn_at = now()
    WHERE ${NAMED} AND status = 'failed'
    RETURNING ${documentColumns('documents')}, content, true AS raised`,
};

/** Document `$2`, taken as run `$3`, has text `$4`; where nobody said, in language `$5`, in configuration `$6`. No row: somebody took it since. */
export const EXTRACTED: Statement = {
  name: 'documents.extracted',
  text: `
    UPDATE documents
    SET status = 'chunking', content = $4, config = CASE WHEN language IS NULL THEN $6 ELSE config END,
        language = coalesce(language, $5)
    WHERE client_id = $1 AND id = $2 AND run = $3 AND status = 'extracting'
    RETURNING ${documentColumns('documents')}, content`,
};

/** Document `$2`, taken as run `$3`, comes to nothing, because of `$4`. */
export const FAIL: Statement = {
  name: 'documents.fail',
  text: `
    WITH moved AS (
      UPDATE documents SET status = 'failed', error = $4, claimed_by = NULL, turn_at = NULL
      WHERE client_id = $1 AND id = $2 AND run = $3
      RETURNING id, number
    ), ${raise(EVENT('failed'))}
    SELECT moved.id, ${RAISED} FROM moved`,
};

/** Document `$2`, taken as run `$3`, is due again in `$4` milliseconds. */
export const RELEASE: Statement = {
  name: 'documents.release',
  text: `
    UPDATE documents SET claimed_by = NULL, turn_at = now() + make_interval(secs => $4 / 1000.0)
    WHERE client_id = $1 AND id = $2 AND run = $3`,
};

/**
 * Of no client: the worker serves them all. Process `$2` takes the document that has waited longest; of none of the clients `$1`,
 * who have as many under way there as they may. Should the process die, it is free again.
 */
export const CLAIM: Statement = {
  name: 'documents.claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT job.client_id, job.id, client.livemode FROM documents job
      JOIN clients client ON client.id = job.client_id AND client.disabled_at IS NULL
      WHERE job.turn_at <= now() AND job.claimed_by IS NULL AND NOT job.client_id = ANY($1::uuid[])
        AND EXISTS (SELECT FROM replicas WHERE replicas.id = $2)
      ORDER BY job.turn_at LIMIT 1 FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE documents job SET claimed_by = $2, run = job.run + 1, attempts = job.attempts + 1 FROM due
    WHERE job.client_id = due.client_id AND job.id = due.id
    RETURNING job.client_id AS "clientId", due.livemode, job.attempts, ${documentColumns('job')}, job.content`,
};
