import { purge } from '../../platform/database/purge.js';
import type { Statement } from '../../platform/database/statement.js';
import { RAISED, raise } from '../../platform/outbox/raise.js';
import { numberedPage } from '../numbered-page.sql.js';

/** Errors that an import shows; all of them are in its file. */
export const MAX_SHOWN_ERRORS = 50;

const columns = (one: string): string => `
  ${one}.id, ${one}.number::float8 AS number, ${one}.kind, ${one}.state, ${one}.name, ${one}.options,
  ${one}.file_id AS "fileId", ${one}.rows, ${one}.created, ${one}.updated, ${one}.skipped, ${one}.errors,
  ${one}.error_count AS "errorCount", ${one}.created_at AS "createdAt", ${one}.started_at AS "startedAt",
  ${one}.ended_at AS "endedAt"`;

/** `$2` id, `$3` kind, `$4` state, `$5` name, `$6` options, `$7` file. */
export const CREATE: Statement = {
  name: 'imports.create',
  text: `
    INSERT INTO imports (client_id, id, number, kind, state, name, options, file_id, started_at, ended_at)
    SELECT $1, $2, draw_numbers($1, 'imports', 1), $3, $4, $5, $6::jsonb, $7::uuid,
           CASE WHEN $4 <> 'pending' THEN now() END, CASE WHEN $4 = 'completed' THEN now() END
    RETURNING ${columns('imports')}`,
};

export const FIND: Statement = {
  name: 'imports.find',
  text: `SELECT ${columns('one')} FROM imports one WHERE one.client_id = $1 AND (one.number = $2 OR one.id = $3)`,
};

/** Those of ids `$2`. */
export const FIND_MANY: Statement = {
  name: 'imports.find_many',
  text: `SELECT ${columns('one')} FROM imports one WHERE one.client_id = $1 AND one.id = ANY($2::uuid[])`,
};

export const LIST = numberedPage('imports.list', {
  columns: columns('one'),
  from: 'imports one',
  alias: 'one',
  where: 'one.client_id = $1',
});

/** No row: it is not pending, or there is none. */
export const START: Statement = {
  name: 'imports.start',
  text: `
    UPDATE imports SET state = 'processing', started_at = now(), turn_at = now()
    WHERE client_id = $1 AND id = $2 AND state = 'pending'
    RETURNING ${columns('imports')}`,
};

/** No row: it has ended, or there is none. Whoever is at it finds out with its next batch. */
export const CANCEL: Statement = {
  name: 'imports.cancel',
  text: `
    UPDATE imports SET state = 'cancelled', ended_at = now(), claimed_by = NULL
    WHERE client_id = $1 AND (number = $2 OR id = $3) AND state IN ('pending', 'processing')
    RETURNING ${columns('imports')}`,
};

const eventOf = (type: string, of = 'moved'): string => `
      SELECT ${type} AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', ${of}.id, 'number', ${of}.number) AS data`;

/** What came of rows of import `$2`, those after row `$3`: `$4` rows, `$5` created, `$6` updated, `$7` skipped, problems `$8`. */
const counting = (set: string, where: string, told: string): string => `
    WITH moved AS (
      UPDATE imports
      SET rows = rows + $4, created = created + $5, updated = updated + $6, skipped = skipped + $7,
          error_count = error_count + cardinality($8::text[]), errors = (errors || $8::text[])[1:${MAX_SHOWN_ERRORS}]${set}
      WHERE client_id = $1 AND id = $2 AND rows = $3::int${where}
      RETURNING ${columns('imports')}, told_at = now() AS is_told
    ), kept AS (
      INSERT INTO import_errors (client_id, import_id, after, problems)
      SELECT $1, moved.id, $3::int, $8::text[] FROM moved WHERE cardinality($8::text[]) > 0
    ), ${raise(`${eventOf(told)} FROM moved WHERE moved.state = 'completed' OR moved.is_told`)}
    SELECT moved.*, ${RAISED} FROM moved`;

/** Of one that is done at once. */
export const COUNT: Statement = { name: 'imports.count', text: counting('', '', `'import.completed'`) };

/**
 * The same of a batch, after which process `$9` is at `$10`, in line `$11`; told once a second at most. No row: it was cancelled, or another process has
 * taken it over.
 */
export const MOVE: Statement = {
  name: 'imports.move',
  text: counting(
    `, cursor = $10, lines = $11, attempts = 0,
          told_at = CASE WHEN told_at <= now() - interval '1 second' THEN now() ELSE told_at END`,
    ` AND state = 'processing' AND claimed_by = $9::uuid`,
    `'import.progress'`,
  ),
};

/** Import `$2`, which process `$3` is at, has ended as `$4`: with `$5`, where that is not null. No row: it is not. */
export const END: Statement = {
  name: 'imports.end',
  text: `
    WITH ended AS (
      UPDATE imports
      SET state = $4, ended_at = now(), claimed_by = NULL,
          errors = CASE WHEN $5::text IS NULL THEN errors ELSE ($5::text || errors)[1:${MAX_SHOWN_ERRORS}] END
      WHERE client_id = $1 AND id = $2 AND state = 'processing' AND claimed_by = $3::uuid
      RETURNING id, number, state, file_id
    ), ${raise(`${eventOf(`'import.' || ended.state`, 'ended')} FROM ended`)}
    SELECT ended.id, ended.file_id AS "fileId", ${RAISED} FROM ended`,
};

/** Process `$3` is at import `$2` no more; it is due in `$4` milliseconds. */
export const RELEASE: Statement = {
  name: 'imports.release',
  text: `
    UPDATE imports SET claimed_by = NULL, turn_at = now() + make_interval(secs => $4 / 1000.0)
    WHERE client_id = $1 AND id = $2 AND claimed_by = $3::uuid`,
};

/** Problems of import `$2`, those of the first `$4` batches with some that come behind row `$3`. */
export const FIND_ERRORS: Statement = {
  name: 'imports.find_errors',
  text: `
    SELECT wrong.after, wrong.problems FROM import_errors wrong
    WHERE wrong.client_id = $1 AND wrong.import_id = $2 AND wrong.after > $3
    ORDER BY wrong.after LIMIT $4`,
};

/**
 * Of no client: the worker serves them all. Process `$2` takes the import that has waited longest, also one that it could not
 * give back; of none of the clients `$1`, who have as many under way there as they may. Should the process die, it is free again, and goes on where it was.
 */
export const CLAIM: Statement = {
  name: 'imports.claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT job.client_id, job.id, client.livemode FROM imports job
      JOIN clients client ON client.id = job.client_id AND client.disabled_at IS NULL
      WHERE job.state = 'processing' AND job.turn_at <= now() AND (job.claimed_by IS NULL OR job.claimed_by = $2)
        AND NOT job.client_id = ANY($1::uuid[]) AND EXISTS (SELECT FROM replicas WHERE replicas.id = $2)
      ORDER BY job.turn_at LIMIT 1 FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE imports job SET claimed_by = $2, attempts = job.attempts + 1 FROM due
    WHERE job.client_id = due.client_id AND job.id = due.id
    RETURNING job.client_id AS "clientId", due.livemode, job.id, job.options, job.file_id AS "fileId",
              job.cursor::float8 AS cursor, job.lines, job.rows, job.attempts, job.error_count AS "errorCount"`,
};

export const PURGE_IMPORTS = purge(
  'imports',
  `SELECT ctid FROM imports
   WHERE created_at < now() - interval '30 days' AND state <> 'processing'
     AND coalesce(ended_at, created_at) < now() - interval '30 days' LIMIT $1`,
);
