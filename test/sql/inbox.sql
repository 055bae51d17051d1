-- inbox.change
SELECT changed.outcome, changed.raised
FROM conversations one CROSS JOIN LATERAL change_conversation($1, one.channel_id, $3, $4) changed
WHERE one.client_id = $1 AND one.channel_id = $2;

-- inbox.find_address
SELECT address.customer_id AS id, address.address FROM addresses address
WHERE address.client_id = $1 AND address.medium = $2 AND address.released_at IS NULL
  AND ($3::uuid IS NULL OR address.customer_id = $3::uuid)
ORDER BY address.is_default DESC, address.created_at, address.customer_id LIMIT 1;

-- inbox.find_contact
SELECT contact.customer_id AS id, customer.phone FROM contacts contact
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

-- inbox.hold_member
SELECT user_id FROM memberships WHERE client_id = $1 AND user_id = $2 FOR SHARE;

-- inbox.hold_speaker
SELECT customer_id FROM channel_members
WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 FOR NO KEY UPDATE;

-- inbox.sign
INSERT INTO message_authors (client_id, message_id, user_id) SELECT $1, $2, $3;

-- inbox.wake
SELECT woken, raised FROM wake_conversations($1);
