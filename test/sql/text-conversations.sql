-- text_conversations.archive
WITH moved AS (
  UPDATE conversations SET archived = $3 WHERE client_id = $1 AND channel_id = $2 AND archived <> $3 AND NOT is_abandoned RETURNING address_id
), counted AS (
  UPDATE addresses SET archived_count = archived_count + CASE WHEN $3 THEN 1 ELSE -1 END
  FROM moved
  WHERE addresses.client_id = $1 AND addresses.customer_id = moved.address_id
),
occurred AS (
  SELECT 'conversation.updated' AS type, $2::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', $2::uuid) AS data
  FROM moved), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT (SELECT count(*) FROM event) > 0 AS raised FROM moved;

-- text_conversations.find
SELECT thread.channel_id AS "threadId", thread.archived, thread.last_message_at AS "lastActivityAt",
  thread.address_id AS "addressId", address.address AS number, thread.person_id AS "personId", person.name AS "personName",
  person.phone, channel.message_count AS "messageCount", channel.last_position AS "lastPosition",
  coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0) AS "unreadCount",
  EXISTS (
    SELECT FROM opt_outs
    WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, thread.address_id))
      AND opt_outs.number_sha256 = opt_out_hash($1, person.phone) AND opt_outs.ended_at IS NULL
  ) AS "isOptedOut", message.id AS "messageId", message.created_at AS "saidAt", message.sender_id = thread.address_id AS "isOurs", one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
FROM conversations thread
  JOIN addresses address ON address.client_id = $1 AND address.customer_id = thread.address_id
  JOIN channels channel ON channel.client_id = $1 AND channel.id = thread.channel_id
  LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = thread.channel_id
    AND speaker.customer_id = thread.address_id
  LEFT JOIN customers person ON person.client_id = $1 AND person.id = thread.person_id
  LEFT JOIN messages message ON message.client_id = $1 AND message.channel_id = thread.channel_id
    AND message.position = channel.last_position
  LEFT JOIN deliveries one ON one.client_id = $1 AND one.id = message.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
WHERE thread.client_id = $1 AND thread.channel_id = $2 AND thread.medium = 'sms' AND NOT thread.is_abandoned;

-- text_conversations.find_many
SELECT thread.channel_id AS "threadId", thread.archived, thread.last_message_at AS "lastActivityAt",
  thread.address_id AS "addressId", address.address AS number, thread.person_id AS "personId", person.name AS "personName",
  person.phone, channel.message_count AS "messageCount", channel.last_position AS "lastPosition",
  coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0) AS "unreadCount",
  EXISTS (
    SELECT FROM opt_outs
    WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, thread.address_id))
      AND opt_outs.number_sha256 = opt_out_hash($1, person.phone) AND opt_outs.ended_at IS NULL
  ) AS "isOptedOut", message.id AS "messageId", message.created_at AS "saidAt", message.sender_id = thread.address_id AS "isOurs", one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
FROM conversations thread
  JOIN addresses address ON address.client_id = $1 AND address.customer_id = thread.address_id
  JOIN channels channel ON channel.client_id = $1 AND channel.id = thread.channel_id
  LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = thread.channel_id
    AND speaker.customer_id = thread.address_id
  LEFT JOIN customers person ON person.client_id = $1 AND person.id = thread.person_id
  LEFT JOIN messages message ON message.client_id = $1 AND message.channel_id = thread.channel_id
    AND message.position = channel.last_position
  LEFT JOIN deliveries one ON one.client_id = $1 AND one.id = message.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
WHERE thread.client_id = $1 AND thread.channel_id = ANY($2::uuid[]) AND thread.medium = 'sms' AND NOT thread.is_abandoned;

-- text_conversations.find_said
SELECT thread.channel_id AS "threadId", message.id AS "messageId", message.created_at AS "saidAt", message.sender_id = thread.address_id AS "isOurs", one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
FROM messages message
JOIN conversations thread ON thread.client_id = $1 AND thread.channel_id = message.channel_id
  AND thread.medium = 'sms' AND NOT thread.is_abandoned
  LEFT JOIN deliveries one ON one.client_id = $1 AND one.id = message.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
WHERE message.client_id = $1 AND message.id = ANY($2::uuid[]);

-- text_conversations.list
WITH cursor AS MATERIALIZED (
  SELECT last_message_at AS at, channel_id AS id FROM conversations WHERE client_id = $1 AND channel_id = $5::uuid
  UNION ALL
  SELECT 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff' WHERE $5::uuid IS NULL
)
SELECT (
  SELECT coalesce(sum(CASE WHEN $4::boolean IS NULL THEN thread_count WHEN $4 THEN archived_count
                           ELSE thread_count - archived_count END), 0)::int
  FROM addresses WHERE client_id = $1 AND medium = 'sms'
) AS total, EXISTS (SELECT FROM cursor) AS found, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT thread.channel_id AS "threadId", thread.archived, thread.last_message_at AS "lastActivityAt",
  thread.address_id AS "addressId", address.address AS number, thread.person_id AS "personId", person.name AS "personName",
  person.phone, channel.message_count AS "messageCount", channel.last_position AS "lastPosition",
  coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0) AS "unreadCount",
  EXISTS (
    SELECT FROM opt_outs
    WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, thread.address_id))
      AND opt_outs.number_sha256 = opt_out_hash($1, person.phone) AND opt_outs.ended_at IS NULL
  ) AS "isOptedOut", message.id AS "messageId", message.created_at AS "saidAt", message.sender_id = thread.address_id AS "isOurs", one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM (
    SELECT listed.* FROM cursor CROSS JOIN LATERAL (
      SELECT half.* FROM (VALUES (false), (true)) AS side (archived) CROSS JOIN LATERAL (
        SELECT * FROM conversations
        WHERE client_id = $1 AND conversations.archived = side.archived
          AND conversations.medium = 'sms' AND NOT is_abandoned
          AND (last_message_at, channel_id) < (cursor.at, cursor.id)
        ORDER BY last_message_at DESC, channel_id DESC LIMIT $2::int + 1 + $3
      ) half
      WHERE $4::boolean IS NULL OR side.archived = $4) listed
    ORDER BY listed.last_message_at DESC, listed.channel_id DESC LIMIT $2::int + 1 OFFSET $3
  ) thread
  JOIN addresses address ON address.client_id = $1 AND address.customer_id = thread.address_id
  JOIN channels channel ON channel.client_id = $1 AND channel.id = thread.channel_id
  LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = thread.channel_id
    AND speaker.customer_id = thread.address_id
  LEFT JOIN customers person ON person.client_id = $1 AND person.id = thread.person_id
  LEFT JOIN messages message ON message.client_id = $1 AND message.channel_id = thread.channel_id
    AND message.position = channel.last_position
  LEFT JOIN deliveries one ON one.client_id = $1 AND one.id = message.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
  ORDER BY thread.last_message_at DESC, thread.channel_id DESC
) page ON true;

-- text_conversations.list_messages
SELECT channel.last_position AS total, page.*
FROM conversations thread
JOIN channels channel ON channel.client_id = $1 AND channel.id = thread.channel_id
LEFT JOIN LATERAL (
  SELECT message.id AS "messageId", message.created_at AS "saidAt", message.sender_id = thread.address_id AS "isOurs", one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM messages message
  LEFT JOIN deliveries one ON one.client_id = $1 AND one.id = message.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
  WHERE message.client_id = $1 AND message.channel_id = thread.channel_id
    AND message.position > channel.last_position - $4::bigint - $3::int AND message.position <= channel.last_position - $4::bigint
  ORDER BY message.position DESC
) page ON true
WHERE thread.client_id = $1 AND thread.channel_id = $2 AND thread.medium = 'sms' AND NOT thread.is_abandoned;

-- text_conversations.list_of_address
WITH cursor AS MATERIALIZED (
  SELECT last_message_at AS at, channel_id AS id FROM conversations WHERE client_id = $1 AND channel_id = $5::uuid
  UNION ALL
  SELECT 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff' WHERE $5::uuid IS NULL
)
SELECT (
  SELECT coalesce(sum(CASE WHEN $4::boolean IS NULL THEN thread_count WHEN $4 THEN archived_count
                           ELSE thread_count - archived_count END), 0)::int
  FROM addresses WHERE client_id = $1 AND medium = 'sms' AND customer_id = $6
) AS total, EXISTS (SELECT FROM cursor) AS found, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT thread.channel_id AS "threadId", thread.archived, thread.last_message_at AS "lastActivityAt",
  thread.address_id AS "addressId", address.address AS number, thread.person_id AS "personId", person.name AS "personName",
  person.phone, channel.message_count AS "messageCount", channel.last_position AS "lastPosition",
  coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0) AS "unreadCount",
  EXISTS (
    SELECT FROM opt_outs
    WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, thread.address_id))
      AND opt_outs.number_sha256 = opt_out_hash($1, person.phone) AND opt_outs.ended_at IS NULL
  ) AS "isOptedOut", message.id AS "messageId", message.created_at AS "saidAt", message.sender_id = thread.address_id AS "isOurs", one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM (
    SELECT listed.* FROM cursor CROSS JOIN LATERAL (
      SELECT half.* FROM (VALUES (false), (true)) AS side (archived) CROSS JOIN LATERAL (
        SELECT * FROM conversations
        WHERE client_id = $1 AND address_id = $6 AND conversations.archived = side.archived
          AND conversations.medium = 'sms' AND NOT is_abandoned
          AND (last_message_at, channel_id) < (cursor.at, cursor.id)
        ORDER BY last_message_at DESC, channel_id DESC LIMIT $2::int + 1 + $3
      ) half
      WHERE $4::boolean IS NULL OR side.archived = $4) listed
    ORDER BY listed.last_message_at DESC, listed.channel_id DESC LIMIT $2::int + 1 OFFSET $3
  ) thread
  JOIN addresses address ON address.client_id = $1 AND address.customer_id = thread.address_id
  JOIN channels channel ON channel.client_id = $1 AND channel.id = thread.channel_id
  LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = thread.channel_id
    AND speaker.customer_id = thread.address_id
  LEFT JOIN customers person ON person.client_id = $1 AND person.id = thread.person_id
  LEFT JOIN messages message ON message.client_id = $1 AND message.channel_id = thread.channel_id
    AND message.position = channel.last_position
  LEFT JOIN deliveries one ON one.client_id = $1 AND one.id = message.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
  ORDER BY thread.last_message_at DESC, thread.channel_id DESC
) page ON true;

-- text_conversations.list_of_contact
WITH cursor AS MATERIALIZED (
  SELECT last_message_at AS at, channel_id AS id FROM conversations WHERE client_id = $1 AND channel_id = $5::uuid
  UNION ALL
  SELECT 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff' WHERE $5::uuid IS NULL
)
SELECT (SELECT count(*)::int
      FROM conversations JOIN customers ON customers.client_id = $1 AND customers.id = conversations.person_id
      WHERE conversations.client_id = $1 AND conversations.medium = 'sms' AND customers.phone = $6
        AND ($7::uuid IS NULL OR conversations.address_id = $7)
        AND ($4::boolean IS NULL OR conversations.archived = $4)) AS total, EXISTS (SELECT FROM cursor) AS found, page.*
FROM (VALUES (1)) AS list
LEFT JOIN LATERAL (
  SELECT thread.channel_id AS "threadId", thread.archived, thread.last_message_at AS "lastActivityAt",
  thread.address_id AS "addressId", address.address AS number, thread.person_id AS "personId", person.name AS "personName",
  person.phone, channel.message_count AS "messageCount", channel.last_position AS "lastPosition",
  coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0) AS "unreadCount",
  EXISTS (
    SELECT FROM opt_outs
    WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, thread.address_id))
      AND opt_outs.number_sha256 = opt_out_hash($1, person.phone) AND opt_outs.ended_at IS NULL
  ) AS "isOptedOut", message.id AS "messageId", message.created_at AS "saidAt", message.sender_id = thread.address_id AS "isOurs", one.id, one.direction, one.medium, one.status, one.channel_id AS "channelId", one.from_text AS "from",
  one.to_text AS "to", one.segments, one.encoding, one.price::text AS price, one.currency,
  one.error_code AS "errorCode", one.error_text AS "errorText", split_part(one.provider, ':', 1) AS provider,
  one.provider_message_id AS "providerMessageId", one.attempts, one.created_at AS "createdAt",
  one.scheduled_at AS "scheduledAt", one.sent_at AS "sentAt",
  CASE WHEN one.status IN ('delivered', 'read') THEN one.done_at END AS "deliveredAt", one.updated_at AS "updatedAt",
  CASE WHEN message.deleted_at IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END END AS body,
  coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, author.user_id AS "userId", one.key_id AS "keyId",
  coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"
  FROM (
    SELECT listed.* FROM cursor CROSS JOIN LATERAL (
      SELECT conversations.*
      FROM conversations JOIN customers ON customers.client_id = $1 AND customers.id = conversations.person_id
      WHERE conversations.client_id = $1 AND conversations.medium = 'sms' AND customers.phone = $6
        AND ($7::uuid IS NULL OR conversations.address_id = $7)
        AND ($4::boolean IS NULL OR conversations.archived = $4) AND (last_message_at, channel_id) < (cursor.at, cursor.id)) listed
    ORDER BY listed.last_message_at DESC, listed.channel_id DESC LIMIT $2::int + 1 OFFSET $3
  ) thread
  JOIN addresses address ON address.client_id = $1 AND address.customer_id = thread.address_id
  JOIN channels channel ON channel.client_id = $1 AND channel.id = thread.channel_id
  LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = thread.channel_id
    AND speaker.customer_id = thread.address_id
  LEFT JOIN customers person ON person.client_id = $1 AND person.id = thread.person_id
  LEFT JOIN messages message ON message.client_id = $1 AND message.channel_id = thread.channel_id
    AND message.position = channel.last_position
  LEFT JOIN deliveries one ON one.client_id = $1 AND one.id = message.id
  LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
  ORDER BY thread.last_message_at DESC, thread.channel_id DESC
) page ON true;

-- text_conversations.read
UPDATE conversations SET is_read = true WHERE client_id = $1 AND channel_id = $2 AND NOT is_read;
