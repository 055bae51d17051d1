-- ai_usage.count
  INSERT INTO ai_usage (client_id, day, user_id, kind, model, calls, failed, tokens_in, tokens_out, cost, milliseconds)
  VALUES ($1, (now() AT TIME ZONE 'UTC')::date, $2, $3, $4, 1, $5, $6, $7, $8, $9)
  ON CONFLICT (client_id, day, user_id, kind, model) DO UPDATE
    SET calls = ai_usage.calls + 1, failed = ai_usage.failed + excluded.failed,
        tokens_in = ai_usage.tokens_in + excluded.tokens_in, tokens_out = ai_usage.tokens_out + excluded.tokens_out,
        cost = ai_usage.cost + excluded.cost, milliseconds = ai_usage.milliseconds + excluded.milliseconds
  RETURNING day::text AS day, (
SELECT coalesce(sum(tokens_in + tokens_out), 0)::float8 FROM ai_usage WHERE client_id = $1 AND day >= date_trunc('month', now() AT TIME ZONE 'UTC')::date) + $6::float8 + $7::float8 AS used;

-- documents.embed_anew
UPDATE documents SET turn_at = now(), attempts = 0, run = run + 1, claimed_by = NULL
WHERE client_id = $1 AND status IN ('embedding', 'ready', 'paused') AND embedded_with IS DISTINCT FROM $2
RETURNING true AS raised;

-- ai_settings.find
SELECT base_url AS "baseUrl", secret, chat_model AS "chatModel", embedding_model AS "embeddingModel",
input_price AS "inputPrice", output_price AS "outputPrice", embedding_price AS "embeddingPrice",
monthly_token_limit AS "monthlyTokenLimit", updated_at AS "updatedAt" FROM ai_settings WHERE client_id = $1;

-- ai_settings.find_sealed_before
SELECT client_id AS "clientId", secret FROM ai_settings
WHERE secret IS NOT NULL AND substring(secret FOR octet_length($1::bytea)) <> $1 AND client_id > $2
ORDER BY client_id LIMIT $3;

-- ai_usage.find_used
  SELECT (
SELECT coalesce(sum(tokens_in + tokens_out), 0)::float8 FROM ai_usage WHERE client_id = $1 AND day >= date_trunc('month', now() AT TIME ZONE 'UTC')::date) AS used,
         ceil(extract(epoch FROM date_trunc('month', now() AT TIME ZONE 'UTC')::date + interval '1 month' - now() AT TIME ZONE 'UTC'))::int AS "secondsLeft";

-- ai_settings.seal_anew
UPDATE ai_settings SET secret = $3 WHERE client_id = $1 AND secret = $2;

-- ai_settings.set
INSERT INTO ai_settings (client_id, base_url, secret, chat_model, embedding_model, input_price, output_price,
                         embedding_price, monthly_token_limit)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (client_id) DO UPDATE
  SET base_url = excluded.base_url, secret = excluded.secret, chat_model = excluded.chat_model,
      embedding_model = excluded.embedding_model, input_price = excluded.input_price,
      output_price = excluded.output_price, embedding_price = excluded.embedding_price,
      limit_told = CASE WHEN ai_settings.monthly_token_limit IS NOT DISTINCT FROM excluded.monthly_token_limit
                        THEN ai_settings.limit_told END,
      monthly_token_limit = excluded.monthly_token_limit, updated_at = now()
RETURNING base_url AS "baseUrl", secret, chat_model AS "chatModel", embedding_model AS "embeddingModel",
       input_price AS "inputPrice", output_price AS "outputPrice", embedding_price AS "embeddingPrice",
       monthly_token_limit AS "monthlyTokenLimit", updated_at AS "updatedAt";

-- ai_settings.tell_limit
WITH told AS (
  INSERT INTO ai_settings (client_id, limit_told) VALUES ($1, date_trunc('month', now() AT TIME ZONE 'UTC')::date)
  ON CONFLICT (client_id) DO UPDATE SET limit_told = excluded.limit_told
    WHERE ai_settings.limit_told IS DISTINCT FROM excluded.limit_told
  RETURNING limit_told
),
occurred AS (
  SELECT 'ai.limit_reached' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('month', to_char(limit_told, 'YYYY-MM'), 'used', $2::float8, 'limit', $3::int) AS data
  FROM told), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT (SELECT count(*) FROM event) > 0 AS raised FROM told;
