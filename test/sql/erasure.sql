-- erasure.forget
WITH said AS (
  SELECT channel_id, position FROM messages WHERE client_id = $1 AND sender_id = $2
  ORDER BY created_at, id LIMIT $3
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

-- erasure.forget_phone
SELECT forget_person($1, id, $3) AS forgotten FROM customers WHERE client_id = $1 AND id = $2;

-- erasure.lock
SELECT kind FROM customers WHERE client_id = $1 AND id = $2 FOR UPDATE;

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
occurred AS (
  SELECT 'customer.deleted' AS type, NULL::uuid AS channel_id, id AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM gone), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT gone.id, (SELECT count(*) FROM event) > 0 AS raised FROM gone;
