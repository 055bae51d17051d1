-- imports.cancel
  UPDATE imports SET state = 'cancelled', ended_at = now(), claimed_by = NULL
  WHERE client_id = $1 AND (number = $2 OR id = $3) AND state IN ('pending', 'processing')
  RETURNING
imports.id, imports.number::float8 AS number, imports.kind, imports.state, imports.name, imports.options,
imports.file_id AS "fileId", imports.rows, imports.created, imports.updated, imports.skipped, imports.errors,
imports.error_count AS "errorCount", imports.created_at AS "createdAt", imports.started_at AS "startedAt",
imports.ended_at AS "endedAt";

-- imports.claim
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
          job.cursor::float8 AS cursor, job.lines, job.rows, job.attempts, job.error_count AS "errorCount";

-- imports.count
  WITH moved AS (
    UPDATE imports
    SET rows = rows + $4, created = created + $5, updated = updated + $6, skipped = skipped + $7,
        error_count = error_count + cardinality($8::text[]), errors = (errors || $8::text[])[1:50]
    WHERE client_id = $1 AND id = $2 AND rows = $3::int
    RETURNING
imports.id, imports.number::float8 AS number, imports.kind, imports.state, imports.name, imports.options,
imports.file_id AS "fileId", imports.rows, imports.created, imports.updated, imports.skipped, imports.errors,
imports.error_count AS "errorCount", imports.created_at AS "createdAt", imports.started_at AS "startedAt",
imports.ended_at AS "endedAt", told_at = now() AS is_told
  ), kept AS (
    INSERT INTO import_errors (client_id, import_id, after, problems)
    SELECT $1, moved.id, $3::int, $8::text[] FROM moved WHERE cardinality($8::text[]) > 0
  ),
  occurred AS (
    SELECT 'import.completed' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
           jsonb_build_object('id', moved.id, 'number', moved.number) AS data FROM moved WHERE moved.state = 'completed' OR moved.is_told), event AS MATERIALIZED (
    SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
             occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
    FROM occurred
    WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
  )
  SELECT moved.*, (SELECT count(*) FROM event) > 0 AS raised FROM moved;

-- imports.create
  INSERT INTO imports (client_id, id, number, kind, state, name, options, file_id, started_at, ended_at)
  SELECT $1, $2, draw_numbers($1, 'imports', 1), $3, $4, $5, $6::jsonb, $7::uuid,
         CASE WHEN $4 <> 'pending' THEN now() END, CASE WHEN $4 = 'completed' THEN now() END
  RETURNING
imports.id, imports.number::float8 AS number, imports.kind, imports.state, imports.name, imports.options,
imports.file_id AS "fileId", imports.rows, imports.created, imports.updated, imports.skipped, imports.errors,
imports.error_count AS "errorCount", imports.created_at AS "createdAt", imports.started_at AS "startedAt",
imports.ended_at AS "endedAt";

-- imports.end
WITH ended AS (
  UPDATE imports
  SET state = $4, ended_at = now(), claimed_by = NULL,
      errors = CASE WHEN $5::text IS NULL THEN errors ELSE ($5::text || errors)[1:50] END
  WHERE client_id = $1 AND id = $2 AND state = 'processing' AND claimed_by = $3::uuid
  RETURNING id, number, state, file_id
),
occurred AS (
  SELECT 'import.' || ended.state AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', ended.id, 'number', ended.number) AS data FROM ended), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT ended.id, ended.file_id AS "fileId", (SELECT count(*) FROM event) > 0 AS raised FROM ended;

-- imports.find
SELECT
one.id, one.number::float8 AS number, one.kind, one.state, one.name, one.options,
one.file_id AS "fileId", one.rows, one.created, one.updated, one.skipped, one.errors,
one.error_count AS "errorCount", one.created_at AS "createdAt", one.started_at AS "startedAt",
one.ended_at AS "endedAt" FROM imports one WHERE one.client_id = $1 AND (one.number = $2 OR one.id = $3);

-- imports.find_errors
SELECT wrong.after, wrong.problems FROM import_errors wrong
WHERE wrong.client_id = $1 AND wrong.import_id = $2 AND wrong.after > $3
ORDER BY wrong.after LIMIT $4;

-- imports.find_many
SELECT
one.id, one.number::float8 AS number, one.kind, one.state, one.name, one.options,
one.file_id AS "fileId", one.rows, one.created, one.updated, one.skipped, one.errors,
one.error_count AS "errorCount", one.created_at AS "createdAt", one.started_at AS "startedAt",
one.ended_at AS "endedAt" FROM imports one WHERE one.client_id = $1 AND one.id = ANY($2::uuid[]);

-- imports.move
  WITH moved AS (
    UPDATE imports
    SET rows = rows + $4, created = created + $5, updated = updated + $6, skipped = skipped + $7,
        error_count = error_count + cardinality($8::text[]), errors = (errors || $8::text[])[1:50], cursor = $10, lines = $11, attempts = 0,
        told_at = CASE WHEN told_at <= now() - interval '1 second' THEN now() ELSE told_at END
    WHERE client_id = $1 AND id = $2 AND rows = $3::int AND state = 'processing' AND claimed_by = $9::uuid
    RETURNING
imports.id, imports.number::float8 AS number, imports.kind, imports.state, imports.name, imports.options,
imports.file_id AS "fileId", imports.rows, imports.created, imports.updated, imports.skipped, imports.errors,
imports.error_count AS "errorCount", imports.created_at AS "createdAt", imports.started_at AS "startedAt",
imports.ended_at AS "endedAt", told_at = now() AS is_told
  ), kept AS (
    INSERT INTO import_errors (client_id, import_id, after, problems)
    SELECT $1, moved.id, $3::int, $8::text[] FROM moved WHERE cardinality($8::text[]) > 0
  ),
  occurred AS (
    SELECT 'import.progress' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
           jsonb_build_object('id', moved.id, 'number', moved.number) AS data FROM moved WHERE moved.state = 'completed' OR moved.is_told), event AS MATERIALIZED (
    SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
             occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
    FROM occurred
    WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
  )
  SELECT moved.*, (SELECT count(*) FROM event) > 0 AS raised FROM moved;

-- housekeeping.purge_imports
 WITH purged AS (
   DELETE FROM imports WHERE ctid = ANY (ARRAY(SELECT ctid FROM imports
WHERE created_at < now() - interval '30 days' AND state <> 'processing'
  AND coalesce(ended_at, created_at) < now() - interval '30 days' LIMIT $1)) RETURNING 1
 )
 SELECT count(*)::int AS purged FROM purged;

-- imports.release
UPDATE imports SET claimed_by = NULL, turn_at = now() + make_interval(secs => $4 / 1000.0)
WHERE client_id = $1 AND id = $2 AND claimed_by = $3::uuid;

-- imports.start
  UPDATE imports SET state = 'processing', started_at = now(), turn_at = now()
  WHERE client_id = $1 AND id = $2 AND state = 'pending'
  RETURNING
imports.id, imports.number::float8 AS number, imports.kind, imports.state, imports.name, imports.options,
imports.file_id AS "fileId", imports.rows, imports.created, imports.updated, imports.skipped, imports.errors,
imports.error_count AS "errorCount", imports.created_at AS "createdAt", imports.started_at AS "startedAt",
imports.ended_at AS "endedAt";
