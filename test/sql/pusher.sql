-- socket_owners.claim
INSERT INTO socket_owners (client_id, socket_id, session_id, customer_id, api_key_id, user_id)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (client_id, socket_id) DO UPDATE SET session_id = excluded.session_id, created_at = now()
  WHERE socket_owners.customer_id = excluded.customer_id OR socket_owners.api_key_id = excluded.api_key_id
    OR socket_owners.user_id = excluded.user_id
RETURNING socket_id;

-- pusher.find_access
SELECT EXISTS (SELECT FROM channels WHERE client_id = $1 AND id = $2) AS "isChannel",
       EXISTS (SELECT FROM customers WHERE client_id = $1 AND id = $3) AS "isCustomer",
       (SELECT customer.name
        FROM channel_members member
        JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
        WHERE member.client_id = $1 AND member.channel_id = $2 AND member.customer_id = $3) AS "memberName";

-- pusher.find_members
SELECT DISTINCT customer_id AS "customerId" FROM channel_members WHERE client_id = $1 AND channel_id = ANY($2::uuid[]);

-- socket_owners.find
SELECT owner.session_id AS "sessionId", owner.customer_id AS "customerId", owner.api_key_id AS "apiKeyId",
       owner.user_id AS "userId",
       (SELECT scopes FROM api_keys WHERE client_id = $1 AND id = owner.api_key_id) AS scopes,
       owner.customer_id IS NULL OR $3::uuid IS NULL OR EXISTS (
         SELECT FROM channel_members
         WHERE client_id = $1 AND channel_id = $3 AND customer_id = owner.customer_id) AS "isMember"
FROM socket_owners owner
WHERE owner.client_id = $1 AND owner.socket_id = $2 AND (
  owner.user_id IS NOT NULL OR
  EXISTS (
    SELECT FROM customer_sessions session
    WHERE session.client_id = $1 AND session.id = owner.session_id AND session.revoked_at IS NULL
      AND session.expires_at > now())
  OR EXISTS (
    SELECT FROM api_keys key
    WHERE key.client_id = $1 AND key.id = owner.api_key_id AND key.revoked_at IS NULL
      AND (key.expires_at IS NULL OR key.expires_at > now())));

-- pusher.find_watchers
WITH watcher AS MATERIALIZED (
  SELECT member.channel_id, member.customer_id, member.joined_position,
         channel.message_count - member.message_count - member.seen_count AS unread
  FROM channel_members member
  JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
  WHERE member.client_id = $1 AND member.channel_id = ANY($2::uuid[]) AND member.customer_id = ANY($3::uuid[])
), total AS (
  SELECT member.customer_id, sum(channel.message_count - member.message_count - member.seen_count)::int AS unread
  FROM (SELECT DISTINCT customer_id FROM watcher) one
  JOIN channel_members member ON member.client_id = $1 AND member.customer_id = one.customer_id
  JOIN channels channel ON channel.client_id = $1 AND channel.id = member.channel_id
  GROUP BY member.customer_id
)
SELECT watcher.channel_id AS "channelId", watcher.customer_id AS "customerId",
       watcher.joined_position AS "joinedPosition", watcher.unread, total.unread AS "totalUnread"
FROM watcher JOIN total ON total.customer_id = watcher.customer_id;

-- housekeeping.purge_socket_owners
WITH purged AS (
  DELETE FROM socket_owners WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM socket_owners owner
    WHERE created_at < now() - interval '1 hour' AND NOT EXISTS (
      SELECT FROM open_sockets open
      WHERE open.client_id = owner.client_id AND open.customer_id = owner.customer_id)
    LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;
