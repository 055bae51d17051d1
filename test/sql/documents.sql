-- documents.claim
  WITH due AS MATERIALIZED (
    SELECT job.client_id, job.id, client.livemode FROM documents job
    JOIN clients client ON client.id = job.client_id AND client.disabled_at IS NULL
    WHERE job.turn_at <= now() AND job.claimed_by IS NULL AND NOT job.client_id = ANY($1::uuid[])
      AND EXISTS (SELECT FROM replicas WHERE replicas.id = $2)
    ORDER BY job.turn_at LIMIT 1 FOR UPDATE OF job SKIP LOCKED
  )
  UPDATE documents job SET claimed_by = $2, run = job.run + 1, attempts = job.attempts + 1 FROM due
  WHERE job.client_id = due.client_id AND job.id = due.id
  RETURNING job.client_id AS "clientId", due.livemode, job.attempts,
job.id, job.number::float8 AS number, job.type, job.status, job.error, job.title, job.question,
job.answer, job.category, job.is_priority AS "isPriority", job.language, job.config,
job.source_url AS "sourceUrl", job.file_id AS "fileId", job.file_name AS "fileName",
job.file_size AS "fileSize", job.chunks_count AS "chunksCount", job.usage_count AS "usageCount", job.run,
job.created_at AS "createdAt", job.updated_at AS "updatedAt", job.content;

-- documents.count
SELECT count(*)::int AS documents, coalesce(sum(chunks_count), 0)::int AS chunks FROM documents
WHERE client_id = $1;

-- documents.create
  INSERT INTO documents (client_id, id, number, type, status, title, content, question, answer, category, is_priority,
                         language, config, source_url, file_id, file_name, file_size, turn_at)
  VALUES ($1, $2, draw_numbers($1, 'documents', 1), $3, $4::text, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
          $16, CASE WHEN $4 = 'extracting' THEN now() END)
  RETURNING
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", content, status = 'extracting' AS raised;

-- chunks.embed
WITH held AS MATERIALIZED (
  SELECT id FROM documents WHERE client_id = $1 AND id = $2 AND run = $3 FOR SHARE
)
UPDATE chunks SET embedding = made.embedding, model = $6
FROM held, unnest($4::int[], $5::bytea[]) made(n, embedding)
WHERE chunks.client_id = $1 AND chunks.document_id = held.id AND chunks.n = made.n
RETURNING chunks.n;

-- documents.embedded
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
),
occurred AS (
  SELECT 'document.ready' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', moved.id, 'number', moved.number) AS data
  FROM moved WHERE moved.status = 'embedding'), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT moved.id, (SELECT count(*) FROM event) > 0 AS raised FROM moved;

-- documents.embed_by_installation
UPDATE documents document SET turn_at = now(), attempts = 0
WHERE document.status IN ('ready', 'paused') AND document.embedded_with IS DISTINCT FROM $1 AND document.turn_at IS NULL
  AND NOT EXISTS (
    SELECT FROM ai_settings setting WHERE setting.client_id = document.client_id AND setting.base_url IS NOT NULL
  );

-- documents.extracted
  UPDATE documents
  SET status = 'chunking', content = $4, config = CASE WHEN language IS NULL THEN $6 ELSE config END,
      language = coalesce(language, $5)
  WHERE client_id = $1 AND id = $2 AND run = $3 AND status = 'extracting'
  RETURNING
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", content;

-- documents.fail
WITH moved AS (
  UPDATE documents SET status = 'failed', error = $4, claimed_by = NULL, turn_at = NULL
  WHERE client_id = $1 AND id = $2 AND run = $3
  RETURNING id, number
),
occurred AS (
  SELECT 'document.failed' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', moved.id, 'number', moved.number) AS data
  FROM moved), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT moved.id, (SELECT count(*) FROM event) > 0 AS raised FROM moved;

-- documents.find
SELECT
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", documents.content FROM documents WHERE documents.client_id = $1 AND (documents.number = $2::bigint OR documents.id = $3::uuid);

-- documents.find_many
SELECT
one.id, one.number::float8 AS number, one.type, one.status, one.error, one.title, one.question,
one.answer, one.category, one.is_priority AS "isPriority", one.language, one.config,
one.source_url AS "sourceUrl", one.file_id AS "fileId", one.file_name AS "fileName",
one.file_size AS "fileSize", one.chunks_count AS "chunksCount", one.usage_count AS "usageCount", one.run,
one.created_at AS "createdAt", one.updated_at AS "updatedAt" FROM documents one WHERE one.client_id = $1 AND one.id = ANY($2::uuid[]);

-- chunks.find_unembedded
SELECT n, text FROM chunks
WHERE client_id = $1 AND document_id = $2 AND model IS DISTINCT FROM $3 ORDER BY n LIMIT $4;

-- chunks.insert
  WITH moved AS (
    UPDATE documents
    SET chunks_count = cardinality($3::text[]), embedded_with = NULL, status = $6, error = NULL, attempts = 0,
        turn_at = CASE WHEN $8 THEN now() END, claimed_by = NULL
    WHERE client_id = $1 AND id = $2 AND ($7::int IS NULL OR run = $7)
    RETURNING
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", content
  ), cut AS (
    INSERT INTO chunks (client_id, document_id, n, text, tsv)
    SELECT $1, moved.id, piece.n - 1, piece.text,
           setweight(to_tsvector(moved.config::regconfig, $4), 'A') ||
             to_tsvector(moved.config::regconfig, piece.text)
    FROM moved, unnest($3::text[]) WITH ORDINALITY piece(text, n)
  ),
  occurred AS (
    SELECT 'document.ready' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
           jsonb_build_object('id', moved.id, 'number', moved.number) AS data
    FROM moved WHERE moved.status = 'ready' AND $5 <> 'ready'), event AS MATERIALIZED (
    SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
             occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
    FROM occurred
    WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
  )
  SELECT moved.*, (SELECT count(*) FROM event) > 0 OR $8 AS raised FROM moved;

-- documents.lock
SELECT
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", documents.content FROM documents WHERE documents.client_id = $1 AND (documents.number = $2::bigint OR documents.id = $3::uuid) FOR UPDATE;

-- documents.release
UPDATE documents SET claimed_by = NULL, turn_at = now() + make_interval(secs => $4 / 1000.0)
WHERE client_id = $1 AND id = $2 AND run = $3;

-- documents.remove
DELETE FROM documents WHERE documents.client_id = $1 AND (documents.number = $2::bigint OR documents.id = $3::uuid) RETURNING documents.id, documents.file_id AS "fileId";

-- chunks.remove
DELETE FROM chunks WHERE client_id = $1 AND document_id = $2;

-- documents.retry
  UPDATE documents
  SET status = 'extracting', error = NULL, attempts = 0, run = run + 1, claimed_by = NULL, turn_at = now()
  WHERE documents.client_id = $1 AND (documents.number = $2::bigint OR documents.id = $3::uuid) AND status = 'failed'
  RETURNING
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", content, true AS raised;

-- documents.update
  UPDATE documents
  SET title = $3, content = $4, question = $5, answer = $6, category = $7, is_priority = $8, language = $9,
      config = $10, status = $11, run = run + 1, claimed_by = NULL, updated_at = now()
  WHERE client_id = $1 AND id = $2
  RETURNING
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", content;
