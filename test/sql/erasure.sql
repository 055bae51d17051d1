-- erasure.forget
WITH said AS (
  SELECT channel_id, position FROM messages WHERE client_id = $1 AND sender_id = $2 ORDER BY id LIMIT $3
), forgotten AS (
  UPDATE messages SET sender_id = NULL FROM said
  WHERE client_id = $1 AND messages.channel_id = said.channel_id AND messages.position = said.position
  RETURNING deleted_at
), counted AS (
  SELECT count(*)::int AS forgotten, count(*) FILTER (WHERE deleted_at IS NULL)::int AS shown FROM forgotten
), customer AS (
  UPDATE customers
  SET message_count = message_count - counted.shown,
      latest_message_at = CASE WHEN message_count > counted.shown THEN latest_message_at END
  FROM counted
  WHERE client_id = $1 AND customers.id = $2 AND counted.shown > 0
  RETURNING message_count
), silent AS (
  UPDATE counters SET value = value - 1
  WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM customer WHERE message_count = 0)
)
SELECT forgotten FROM counted;

-- erasure.lock
SELECT id FROM customers WHERE client_id = $1 AND id = $2 FOR UPDATE;

-- erasure.remove
WITH gone AS (
  DELETE FROM customers
  WHERE client_id = $1 AND id = $2 AND NOT EXISTS (
    SELECT FROM channel_members member WHERE member.client_id = $1 AND member.customer_id = $2)
  RETURNING id
), counted AS (
  UPDATE counters SET value = value - 1
  WHERE client_id = $1 AND name = 'customers' AND EXISTS (SELECT FROM gone)
),
happened AS (
  SELECT 'customer.deleted' AS type, NULL::uuid AS channel_id, id AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM gone), event AS (
  INSERT INTO events (client_id, id, type, channel_id, customer_id, data)
  SELECT $1, gen_random_uuid(), happened.type, happened.channel_id, happened.customer_id, happened.data
  FROM happened
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
    OR EXISTS (SELECT FROM webhook_endpoints WHERE client_id = $1 AND enabled)
  RETURNING id, seq, type
), delivery AS (
  INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
  SELECT $1, gen_random_uuid(), endpoint.id, event.id, event.seq
  FROM event
  JOIN webhook_endpoints endpoint ON endpoint.client_id = $1 AND endpoint.enabled
    AND (endpoint.events @> ARRAY[event.type] OR endpoint.events @> '{*}' AND event.type <> 'message.delivered')
  FOR KEY SHARE OF endpoint
)
SELECT gone.id, EXISTS (SELECT FROM event) AS raised FROM gone;
