-- live_chat_desks.create
WITH address AS (
  INSERT INTO addresses (client_id, customer_id, medium, kind, address, capabilities)
  SELECT $1, $2, 'chat', 'desk', $2::uuid::text, '{}'
  WHERE (SELECT count(*) FROM addresses other
         WHERE other.client_id = $1 AND other.medium = 'chat' AND other.released_at IS NULL) < $4::int
  RETURNING customer_id
)
INSERT INTO live_chat_desks (client_id, customer_id, number, welcome)
SELECT $1, address.customer_id, draw_numbers($1, 'desks', 1), $3 FROM address
RETURNING customer_id AS id;

-- live_chat_desks.find
SELECT desk.customer_id AS id, desk.number::float8 AS number, speaker.name, speaker.external_id AS "externalId",
desk.welcome, desk.created_at AS "createdAt" FROM live_chat_desks desk
JOIN addresses address
  ON address.client_id = $1 AND address.customer_id = desk.customer_id AND address.released_at IS NULL
JOIN customers speaker ON speaker.client_id = $1 AND speaker.id = desk.customer_id
WHERE desk.client_id = $1 AND ($2::bigint IS NULL OR desk.number = $2) AND ($3::uuid IS NULL OR desk.customer_id = $3)
ORDER BY desk.number LIMIT 1;

-- live_chat_desks.find_chat
SELECT conversation.channel_id AS id FROM conversations conversation
JOIN channel_members member
  ON member.client_id = $1 AND member.channel_id = conversation.channel_id AND member.customer_id = $3
WHERE conversation.client_id = $1 AND conversation.address_id = $2 AND conversation.contact_id = $3
  AND conversation.status <> 'closed'
ORDER BY conversation.last_message_at DESC, conversation.number DESC LIMIT 1;

-- live_chat_desks.hold_chat
SELECT pg_advisory_xact_lock(hashtextextended(concat(client_id, customer_id, $3::uuid), 0))
FROM addresses WHERE client_id = $1 AND customer_id = $2;

-- live_chat_desks.release
UPDATE addresses SET released_at = now()
WHERE client_id = $1 AND customer_id = $2 AND medium = 'chat' AND released_at IS NULL;

-- live_chat_desks.welcome
UPDATE live_chat_desks SET welcome = $3 WHERE client_id = $1 AND customer_id = $2;
