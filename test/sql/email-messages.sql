-- email_messages.begin_thread
UPDATE conversations SET subject = $3, related_id = $4 WHERE client_id = $1 AND channel_id = $2;

-- email_messages.create
INSERT INTO email_messages (client_id, id, channel_id, account_id, direction, message_id, message_id_sha256, followed_ids,
                            "from", reply_to, "to", cc, bcc, subject, text, html, automatic, is_marked, problem,
                            attachments, raw_file_id)
SELECT $1, id, channel_id, account_id, direction, message_id, message_id_sha256, followed_ids,
       "from", reply_to, "to", cc, bcc, subject, text, html, automatic, is_marked, problem, attachments, raw_file_id
FROM jsonb_populate_record(NULL::email_messages, $2::jsonb)
ON CONFLICT DO NOTHING
RETURNING id;

-- email_messages.find_followed
SELECT conversation.channel_id AS "channelId", conversation.status = 'closed' AS "isClosed",
  array_remove(contact.email || contact_emails($1, contact.id), NULL) AS "contactAddresses", coalesce(conversation.subject, '') AS subject, ARRAY(
  SELECT lower(said->>'address') FROM jsonb_array_elements(mail."from" || mail."to" || mail.cc) said
) AS addresses
FROM unnest($2::bytea[]) WITH ORDINALITY AS followed (sha256, place)
JOIN email_messages mail ON mail.client_id = $1 AND mail.message_id_sha256 = followed.sha256 AND mail.account_id = $3
JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = mail.channel_id
LEFT JOIN customers contact ON contact.client_id = $1 AND contact.id = conversation.contact_id
ORDER BY followed.place;

-- email_messages.find_thread
SELECT conversation.channel_id AS "channelId", conversation.status = 'closed' AS "isClosed",
  array_remove(contact.email || contact_emails($1, contact.id), NULL) AS "contactAddresses", coalesce(conversation.subject, '') AS subject FROM conversations conversation LEFT JOIN customers contact ON contact.client_id = $1 AND contact.id = conversation.contact_id
WHERE conversation.client_id = $1 AND conversation.address_id = $3 AND conversation.channel_id = coalesce(
  (SELECT one.channel_id FROM conversations one WHERE one.client_id = $1 AND one.number = $2),
  (SELECT merged.into_id FROM merged_conversations merged WHERE merged.client_id = $1 AND merged.number = $2));

-- email_messages.is_known
SELECT id FROM email_messages
WHERE client_id = $1 AND account_id = $2
  AND message_id_sha256 = $3 AND (direction = 'inbound' OR $4::boolean) LIMIT 1;
