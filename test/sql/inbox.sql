-- inbox.change
SELECT changed.outcome, changed.outcome = 'changed' AND EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised
FROM conversations one CROSS JOIN LATERAL change_conversation($1, one.channel_id, $3, $4) changed
WHERE one.client_id = $1 AND one.channel_id = $2;

-- inbox.dress_mail
UPDATE email_messages mail SET html = $3, cc = mail.cc || (
  SELECT coalesce(jsonb_agg(jsonb_build_object('address', given.email, 'name', '') ORDER BY given.place), '[]')
  FROM unnest($4::text[]) WITH ORDINALITY AS given (email, place)
  WHERE NOT EXISTS (
    SELECT FROM addresses one
    WHERE one.client_id = $1 AND one.medium = 'email' AND one.released_at IS NULL AND one.address = given.email
  ) AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(mail."to" || mail.cc) known WHERE lower(known->>'address') = given.email)
), bcc = (
  SELECT coalesce(jsonb_agg(jsonb_build_object('address', given.email, 'name', '') ORDER BY given.place), '[]')
  FROM unnest($5::text[]) WITH ORDINALITY AS given (email, place)
  WHERE NOT EXISTS (
    SELECT FROM addresses one
    WHERE one.client_id = $1 AND one.medium = 'email' AND one.released_at IS NULL AND one.address = given.email
  ) AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(mail."to" || mail.cc) known WHERE lower(known->>'address') = given.email)
)
WHERE mail.client_id = $1 AND mail.id = $2;

-- inbox.find_address
SELECT address.customer_id AS id, address.address FROM addresses address
WHERE address.client_id = $1 AND address.medium = $2 AND address.customer_id = $3 AND address.released_at IS NULL;

-- inbox.find_contact
SELECT contact.customer_id AS id, customer.phone, customer.email, contact.status = 'unsubscribed' OR EXISTS (
         SELECT FROM suppressions suppression
         WHERE suppression.client_id = $1 AND suppression.address_hash = suppression_hash($1, customer.email)
       ) AS "isSuppressed"
FROM contacts contact
JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
WHERE contact.client_id = $1 AND (contact.number = $2::bigint OR contact.customer_id = $3::uuid);

-- inbox.find_later_reply
SELECT message.id FROM messages message
WHERE message.client_id = $1 AND message.channel_id = $2 AND message.sender_id = $3 AND message.deleted_at IS NULL
  AND message.type <> 'system' AND message.position > coalesce(
    CASE WHEN $4::bigint < 4294967296 THEN $4::bigint END,
    (SELECT seen.position FROM messages seen
     WHERE seen.client_id = $1 AND seen.channel_id = $2 AND seen.id = $5::uuid),
    (SELECT entry.after_position FROM conversation_entries entry
     WHERE entry.client_id = $1 AND entry.channel_id = $2
       AND (entry.number = $4::bigint - 4294967296 OR entry.id = $5::uuid)),
    0)
ORDER BY message.position DESC LIMIT 1;

-- inbox.find_member
SELECT account.id, account.name FROM memberships member JOIN users account ON account.id = member.user_id
WHERE member.client_id = $1 AND (account.number = $2::bigint OR account.id = $3::uuid);

-- inbox.find_speaker
SELECT speaker.customer_id AS id, speaker.address
FROM (
  SELECT address.customer_id, address.service_id FROM addresses address
  WHERE address.client_id = $1 AND address.medium = $2 AND address.released_at IS NULL
    AND ($3::uuid IS NULL OR address.customer_id = $3::uuid)
  ORDER BY address.is_default DESC, address.created_at, address.customer_id LIMIT 1
) found
JOIN addresses speaker ON speaker.client_id = $1 AND speaker.released_at IS NULL
  AND speaker.customer_id IN (found.customer_id, found.service_id)
ORDER BY speaker.customer_id = found.customer_id LIMIT 1;

-- inbox.hold_member
SELECT user_id FROM memberships WHERE client_id = $1 AND user_id = $2 FOR SHARE;

-- inbox.hold_speaker
SELECT customer_id FROM channel_members
WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 FOR NO KEY UPDATE;

-- inbox.keep_canned
INSERT INTO replies (client_id, channel_id, position, canned_response_id)
SELECT $1, message.channel_id, message.position, $3 FROM messages message
WHERE message.client_id = $1 AND message.id = $2;

-- inbox.name_mails
UPDATE email_messages SET subject = $3 WHERE client_id = $1 AND channel_id = $2;

-- inbox.sign
INSERT INTO message_authors (client_id, message_id, user_id) SELECT $1, $2, $3;

-- inbox.wake
SELECT woken, woken > 0 AS raised FROM wake_conversations($1);
