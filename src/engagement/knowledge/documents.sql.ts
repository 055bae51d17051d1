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
 * The chunks `$3` of document `$2`, whose title `$4` each of them is found by, too; it comes from state `$5` to state `$6`, and
 * is due to get vectors where `$8`. Taken as run `$7`, where that is not null: no row, where somebody took it since.
 */
export const INSERT_CHUNKS: Statement = {
  name: 'chunks.insert',
  text: `
    WITH moved AS (
      UPDATE documents
      SET chunks_count = cardinality($3::text[]), embedded_with = NULL, status = $6, error = NULL, attempts = 0,
          turn_at = CASE WHEN $8 THEN now() END, claimed_by = NULL
      WHERE client_id = $1 AND id = $2 AND ($7::int IS NULL OR run = $7)
      RETURNING ${documentColumns('documents')}, content
    ), cut AS (
      INSERT INTO chunks (client_id, document_id, n, text, tsv)
      SELECT $1, moved.id, piece.n - 1, piece.text,
             setweight(to_tsvector(moved.config::regconfig, $4), 'A') ||
               to_tsvector(moved.config::regconfig, piece.text)
      FROM moved, unnest($3::text[]) WITH ORDINALITY piece(text, n)
    ), ${raise(`${EVENT('ready')} WHERE moved.status = 'ready' AND $5 <> 'ready'`)}
    SELECT moved.*, (SELECT count(*) FROM event) > 0 OR $8 AS raised FROM moved`,
};

/** The first `$4` chunks of document `$2` whose vectors are not of model `$3`. */
export const FIND_UNEMBEDDED: Statement = {
  name: 'chunks.find_unembedded',
  text: `
    SELECT n, text FROM chunks
    WHERE client_id = $1 AND document_id = $2 AND model IS DISTINCT FROM $3 ORDER BY n LIMIT $4`,
};

/** Chunks `$4` of document `$2`, taken as run `$3`, have vectors `$5` of model `$6`. No row: somebody took it since. */
export const EMBED: Statement = {
  name: 'chunks.embed',
  text: `
    WITH held AS MATERIALIZED (
      SELECT id FROM documents WHERE client_id = $1 AND id = $2 AND run = $3 FOR SHARE
    )
    UPDATE chunks SET embedding = made.embedding, model = $6
    FROM held, unnest($4::int[], $5::bytea[]) made(n, embedding)
    WHERE chunks.client_id = $1 AND chunks.document_id = held.id AND chunks.n = made.n
    RETURNING chunks.n`,
};

/**
 * Document `$2`, taken as run `$3`, is ready, and all its vectors are of model `$4`, or there is none. With error `$5` it is due
 * again in `$6` milliseconds, where that is not null.
 */
export const EMBEDDED: Statement = {
  name: 'documents.embedded',
  text: `
    WITH was AS MATERIALIZED (
      SELECT id, status FROM documents WHERE client_id = $1 AND id = $2 AND run = $3 FOR NO KEY UPDATE
    ), moved AS (
      UPDATE documents
      SET status = CASE WHEN was.status = 'embedding' THEN 'ready' ELSE was.status END,
          embedded_with = coalesce($4, embedded_with), error = $5,
          attempts = CASE WHEN $5::text IS NULL THEN 0 ELSE attempts END,
          turn_at = now() + make_interval(secs => $6 / 1000.0), claimed_by = NULL
      FROM was WHERE documents.client_id = $1 AND documents.id = was.id
      RETURNING documents.id, documents.number, was.status
    ), ${raise(`${EVENT('ready')} WHERE moved.status = 'embedding'`)}
    SELECT moved.id, ${RAISED} FROM moved`,
};

/** Of no client: model `$1` is the installation's, so documents of those without one of their own are due. */
export const EMBED_BY_INSTALLATION: Statement = {
  name: 'documents.embed_by_installation',
  text: `
    UPDATE documents document SET turn_at = now(), attempts = 0
    WHERE document.status IN ('ready', 'paused') AND document.embedded_with IS DISTINCT FROM $1 AND document.turn_at IS NULL
      AND NOT EXISTS (
        SELECT FROM ai_settings setting WHERE setting.client_id = document.client_id AND setting.base_url IS NOT NULL
      )`,
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
