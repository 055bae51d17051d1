-- search_jobs.find_clients
WITH RECURSIVE waiting AS (
  (SELECT job.client_id FROM search_jobs job ORDER BY job.client_id LIMIT 1)
  UNION ALL
  SELECT (
    SELECT job.client_id FROM search_jobs job WHERE job.client_id > waiting.client_id ORDER BY job.client_id LIMIT 1)
  FROM waiting WHERE waiting.client_id IS NOT NULL
)
SELECT client_id AS "clientId" FROM waiting
WHERE client_id IS NOT NULL AND NOT client_id = ANY($1::uuid[]) ORDER BY random() LIMIT $2;

-- search_jobs.hold
SELECT pg_try_advisory_xact_lock(hashtextextended(job.client_id::text, 2)) AS "isHeld"
FROM search_jobs job WHERE job.client_id = $1 LIMIT 1;

-- search_jobs.write
WITH weighed AS MATERIALIZED (
  SELECT job.*, (
    SELECT coalesce(sum(1000 + octet_length(message.content) + coalesce(octet_length(mail.text), 0)), 0)
    FROM messages message LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
    WHERE message.client_id = $1 AND message.channel_id = job.channel_id
    AND message.position BETWEEN job.first_position AND job.last_position
  ) AS bytes
  FROM (SELECT * FROM search_jobs job WHERE job.client_id = $1 ORDER BY job.id DESC LIMIT 200) job
), taken AS MATERIALIZED (
  SELECT job.*
  FROM (SELECT *, sum(bytes) OVER (ORDER BY id DESC) - bytes AS before FROM weighed) job
  WHERE job.before < 200000
), written AS (
  INSERT INTO message_words (client_id, channel_id, position, words)
  SELECT $1, said.channel_id, said.position, ' ' || regexp_replace(searchable(said.words), '\s+', ' ', 'g')
  FROM (
    SELECT DISTINCT ON (message.channel_id, message.position) message.channel_id, message.position,
           CASE WHEN mail.text <> '' THEN concat_ws(' ', mail.subject, mail.text)
                WHEN message.content = message.parts->0->>'mimeType' THEN ''
                ELSE message.content END AS words
    FROM taken job JOIN messages message ON message.client_id = $1 AND message.channel_id = job.channel_id
    AND message.position BETWEEN job.first_position AND job.last_position LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
    WHERE message.deleted_at IS NULL AND message.sender_id IS NOT NULL
  ) said
  WHERE said.words <> ''
  ON CONFLICT (client_id, channel_id, position) DO UPDATE SET words = excluded.words
), done AS (
  DELETE FROM search_jobs USING taken WHERE search_jobs.client_id = $1 AND search_jobs.id = taken.id RETURNING 1
)
SELECT count(*)::int AS jobs FROM done;
