-- timeline.add_note
WITH held AS MATERIALIZED (
  SELECT channel_id FROM conversations WHERE client_id = $1 AND channel_id = $2 FOR NO KEY UPDATE
)
SELECT add_conversation_entry($1, channel_id, 'note', $3, $4, NULL)::float8 AS number, EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised FROM held;

-- timeline.delete_note
WITH held AS MATERIALIZED (
  SELECT channel_id FROM conversations WHERE client_id = $1 AND channel_id = $2 FOR NO KEY UPDATE
), gone AS (
  DELETE FROM conversation_entries USING held
  WHERE client_id = $1 AND conversation_entries.channel_id = held.channel_id AND number = $3::bigint AND kind = 'note'
  RETURNING conversation_entries.channel_id, id
)
UPDATE conversations SET entries_count = entries_count - 1
FROM gone
WHERE client_id = $1 AND conversations.channel_id = gone.channel_id
RETURNING gone.id, EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- timeline.find_items
  SELECT
CASE WHEN entry.number IS NULL THEN message.position ELSE entry.number + 4294967296 END::float8 AS number,
coalesce(entry.id, message.id) AS id,
CASE WHEN entry.kind IS NOT NULL THEN entry.kind WHEN message.sender_id = thread.address_id THEN 'reply' ELSE 'message' END AS kind,
CASE WHEN entry.number IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END ELSE entry.body END AS body, entry.data,
coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, coalesce(entry.created_at, message.created_at) AS "createdAt",
coalesce(entry.author_id, author.user_id) AS "userId", account.number::float8 AS "userNumber", account.name AS "userName",
contact.number::float8 AS "contactNumber", person.name AS "contactName",
coalesce(delivery.status, mailed.status) AS "deliveryStatus",
coalesce(delivery.error_code, mailed.error_code) AS "errorCode",
CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
  <= 8388608 THEN mail.text END AS "mailText", CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
  <= 8388608 THEN mail.html END AS "mailHtml", mail.attachments AS "mailFiles"
  FROM (
    SELECT said.channel_id, said.id AS message_id, NULL::uuid AS entry_id FROM messages said
    WHERE said.client_id = $1 AND said.id = ANY($2::uuid[]) AND said.deleted_at IS NULL
    UNION ALL
    SELECT noted.channel_id, NULL, noted.id FROM conversation_entries noted
    WHERE noted.client_id = $1 AND noted.id = ANY($3::uuid[])
  ) item
  JOIN conversations thread ON thread.client_id = $1 AND thread.channel_id = item.channel_id
  LEFT JOIN messages message ON message.client_id = $1 AND message.id = item.message_id
  LEFT JOIN conversation_entries entry ON entry.client_id = $1 AND entry.id = item.entry_id
LEFT JOIN deliveries delivery ON delivery.client_id = $1 AND delivery.id = message.id
LEFT JOIN email_deliveries mailed ON mailed.client_id = $1 AND mailed.id = message.id
LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
LEFT JOIN users account ON account.id = coalesce(entry.author_id, author.user_id)
LEFT JOIN customers person ON person.client_id = $1 AND person.id = message.sender_id
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = message.sender_id;

-- timeline.find_message
  SELECT
CASE WHEN entry.number IS NULL THEN message.position ELSE entry.number + 4294967296 END::float8 AS number,
coalesce(entry.id, message.id) AS id,
CASE WHEN entry.kind IS NOT NULL THEN entry.kind WHEN message.sender_id = thread.address_id THEN 'reply' ELSE 'message' END AS kind,
CASE WHEN entry.number IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END ELSE entry.body END AS body, entry.data,
coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, coalesce(entry.created_at, message.created_at) AS "createdAt",
coalesce(entry.author_id, author.user_id) AS "userId", account.number::float8 AS "userNumber", account.name AS "userName",
contact.number::float8 AS "contactNumber", person.name AS "contactName",
coalesce(delivery.status, mailed.status) AS "deliveryStatus",
coalesce(delivery.error_code, mailed.error_code) AS "errorCode",
CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
  <= 8388608 THEN mail.text END AS "mailText", CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
  <= 8388608 THEN mail.html END AS "mailHtml", mail.attachments AS "mailFiles"
  FROM conversations thread
  JOIN messages message ON message.client_id = $1 AND message.id = $3 AND message.channel_id = thread.channel_id
  LEFT JOIN conversation_entries entry ON entry.client_id = $1 AND false
LEFT JOIN deliveries delivery ON delivery.client_id = $1 AND delivery.id = message.id
LEFT JOIN email_deliveries mailed ON mailed.client_id = $1 AND mailed.id = message.id
LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
LEFT JOIN users account ON account.id = coalesce(entry.author_id, author.user_id)
LEFT JOIN customers person ON person.client_id = $1 AND person.id = message.sender_id
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = message.sender_id
  WHERE thread.client_id = $1 AND thread.channel_id = $2;

-- timeline.find_message_id
SELECT id FROM messages
WHERE client_id = $1 AND channel_id = $2 AND (position = $3::bigint OR id = $4::uuid) AND deleted_at IS NULL;

-- timeline.find_note
  SELECT
CASE WHEN entry.number IS NULL THEN message.position ELSE entry.number + 4294967296 END::float8 AS number,
coalesce(entry.id, message.id) AS id,
CASE WHEN entry.kind IS NOT NULL THEN entry.kind WHEN message.sender_id = thread.address_id THEN 'reply' ELSE 'message' END AS kind,
CASE WHEN entry.number IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END ELSE entry.body END AS body, entry.data,
coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, coalesce(entry.created_at, message.created_at) AS "createdAt",
coalesce(entry.author_id, author.user_id) AS "userId", account.number::float8 AS "userNumber", account.name AS "userName",
contact.number::float8 AS "contactNumber", person.name AS "contactName",
coalesce(delivery.status, mailed.status) AS "deliveryStatus",
coalesce(delivery.error_code, mailed.error_code) AS "errorCode",
CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
  <= 8388608 THEN mail.text END AS "mailText", CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
  <= 8388608 THEN mail.html END AS "mailHtml", mail.attachments AS "mailFiles"
  FROM conversations thread
  JOIN conversation_entries entry ON entry.client_id = $1 AND entry.channel_id = thread.channel_id AND entry.kind = 'note'
    AND (entry.number = $3::bigint OR entry.id = $4::uuid)
  LEFT JOIN messages message ON message.client_id = $1 AND false
LEFT JOIN deliveries delivery ON delivery.client_id = $1 AND delivery.id = message.id
LEFT JOIN email_deliveries mailed ON mailed.client_id = $1 AND mailed.id = message.id
LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
LEFT JOIN users account ON account.id = coalesce(entry.author_id, author.user_id)
LEFT JOIN customers person ON person.client_id = $1 AND person.id = message.sender_id
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = message.sender_id
  WHERE thread.client_id = $1 AND thread.channel_id = $2;

-- timeline.list
  SELECT
CASE WHEN entry.number IS NULL THEN message.position ELSE entry.number + 4294967296 END::float8 AS number,
coalesce(entry.id, message.id) AS id,
CASE WHEN entry.kind IS NOT NULL THEN entry.kind WHEN message.sender_id = thread.address_id THEN 'reply' ELSE 'message' END AS kind,
CASE WHEN entry.number IS NULL THEN CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END ELSE entry.body END AS body, entry.data,
coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files, coalesce(entry.created_at, message.created_at) AS "createdAt",
coalesce(entry.author_id, author.user_id) AS "userId", account.number::float8 AS "userNumber", account.name AS "userName",
contact.number::float8 AS "contactNumber", person.name AS "contactName",
coalesce(delivery.status, mailed.status) AS "deliveryStatus",
coalesce(delivery.error_code, mailed.error_code) AS "errorCode",
CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
  <= 8388608 THEN mail.text END AS "mailText", CASE WHEN sum(octet_length(mail.text) + coalesce(octet_length(mail.html), 0)) OVER (ORDER BY message.position DESC)
  <= 8388608 THEN mail.html END AS "mailHtml", mail.attachments AS "mailFiles"
  FROM conversations thread
  CROSS JOIN LATERAL (
    (SELECT said.position AS place, 0::bigint AS entry FROM messages said
     WHERE said.client_id = $1 AND said.channel_id = $2 AND said.position < $4::bigint AND said.deleted_at IS NULL
     ORDER BY said.position DESC LIMIT $3)
    UNION ALL
    (SELECT noted.after_position, noted.number FROM conversation_entries noted
     WHERE noted.client_id = $1 AND noted.channel_id = $2 AND (noted.after_position, noted.number) < ($6::bigint, $5::bigint)
     ORDER BY noted.after_position DESC, noted.number DESC LIMIT $3)
    ORDER BY 1 DESC, 2 DESC LIMIT $3
  ) item
  LEFT JOIN messages message ON message.client_id = $1 AND message.channel_id = $2 AND message.position = item.place
    AND item.entry = 0
  LEFT JOIN conversation_entries entry ON entry.client_id = $1 AND entry.channel_id = $2 AND entry.number = item.entry
LEFT JOIN deliveries delivery ON delivery.client_id = $1 AND delivery.id = message.id
LEFT JOIN email_deliveries mailed ON mailed.client_id = $1 AND mailed.id = message.id
LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
LEFT JOIN message_authors author ON author.client_id = $1 AND author.message_id = message.id
LEFT JOIN users account ON account.id = coalesce(entry.author_id, author.user_id)
LEFT JOIN customers person ON person.client_id = $1 AND person.id = message.sender_id
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = message.sender_id
  WHERE thread.client_id = $1 AND thread.channel_id = $2
  ORDER BY item.place DESC, item.entry DESC;

-- timeline.place
SELECT said.position AS place FROM messages said
WHERE said.client_id = $1 AND said.channel_id = $2 AND said.position = $3::bigint
UNION ALL
SELECT entry.after_position FROM conversation_entries entry
WHERE entry.client_id = $1 AND entry.channel_id = $2 AND entry.number = $3::bigint - 4294967296;

-- timeline.update_note
UPDATE conversation_entries SET body = $4
WHERE client_id = $1 AND channel_id = $2 AND number = $3::bigint AND kind = 'note'
RETURNING id, EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;
