-- ai_replies.find_said
SELECT message.sender_id IS NOT DISTINCT FROM thread.address_id AS "isOurs",
       left(coalesce(nullif(mail.text, ''), CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END), 16000) AS text
FROM conversations thread
JOIN messages message ON message.client_id = $1 AND message.channel_id = thread.channel_id
LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
WHERE thread.client_id = $1 AND thread.channel_id = $2 AND message.deleted_at IS NULL AND message.type <> 'system'
ORDER BY message.position DESC LIMIT $3;

-- ai_replies.keep
WITH held AS MATERIALIZED (
  SELECT id FROM documents WHERE client_id = $1 AND id = ANY($6::uuid[]) ORDER BY id FOR NO KEY UPDATE
), used AS (
  UPDATE documents SET usage_count = usage_count + 1 FROM held
  WHERE documents.client_id = $1 AND documents.id = held.id
)
INSERT INTO ai_replies (client_id, id, day, user_id, model) VALUES ($1, $2, $3::date, $4, $5);

-- housekeeping.purge_ai_replies
WITH purged AS (
  DELETE FROM ai_replies WHERE ctid = ANY (ARRAY(SELECT ctid FROM ai_replies WHERE created_at < now() - interval '30 days' LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- ai_replies.use
WITH known AS MATERIALIZED (
  SELECT id, day, user_id, model, used_at FROM ai_replies WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE
), sent AS (
  UPDATE ai_replies SET used_at = now() FROM known
  WHERE ai_replies.client_id = $1 AND ai_replies.id = known.id AND known.used_at IS NULL
), counted AS (
  UPDATE ai_usage SET used = used + 1 FROM known
  WHERE ai_usage.client_id = $1 AND ai_usage.day = known.day AND ai_usage.user_id = known.user_id
    AND ai_usage.kind = 'reply' AND ai_usage.model = known.model AND known.used_at IS NULL
)
SELECT id FROM known;
