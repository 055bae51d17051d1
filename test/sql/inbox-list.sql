-- inbox.count_by_status
SELECT substr(name, 15) AS status, value FROM counters
WHERE client_id = $1 AND name = ANY('{conversations.open,conversations.pending,conversations.snoozed,conversations.closed,conversations.spam}');

-- inbox.find
  SELECT
one.channel_id AS id, one.number::float8 AS number, one.subject, one.status, one.medium, one.priority,
one.address_id AS "addressId", one.contact_id AS "contactId", contact.number::float8 AS "contactNumber",
person.name AS "contactName", person.email AS "contactEmail", one.assignee_id AS "assigneeId",
assignee.number::float8 AS "assigneeNumber", assignee.name AS "assigneeName", one.is_starred AS "isStarred",
one.is_pinned AS "isPinned", one.is_read AS "isRead", one.is_ai_handled AS "isAiHandled",
greatest(coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0), 0) AS "unreadCount",
channel.message_count AS "messageCount", one.entries_count AS "entryCount", one.last_position AS "lastPosition",
one.preview, one.waiting_since AS "waitingSince", one.snoozed_until AS "snoozedUntil",
one.last_message_at AS "lastMessageAt", one.resolved_at AS "resolvedAt", one.created_at AS "createdAt"
  FROM (
    SELECT * FROM conversations WHERE client_id = $1 AND number = $2::bigint
    UNION ALL
    SELECT * FROM conversations WHERE client_id = $1 AND channel_id = $3::uuid
  ) one
JOIN channels channel ON channel.client_id = $1 AND channel.id = one.channel_id
LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = one.channel_id
  AND speaker.customer_id = one.address_id
LEFT JOIN customers person ON person.client_id = $1 AND person.id = one.contact_id
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = one.contact_id
LEFT JOIN users assignee ON assignee.id = one.assignee_id;

-- inbox.find_listed
  SELECT
one.channel_id AS id, one.number::float8 AS number, one.subject, one.status, one.medium, one.priority,
one.address_id AS "addressId", one.contact_id AS "contactId", contact.number::float8 AS "contactNumber",
person.name AS "contactName", person.email AS "contactEmail", one.assignee_id AS "assigneeId",
assignee.number::float8 AS "assigneeNumber", assignee.name AS "assigneeName", one.is_starred AS "isStarred",
one.is_pinned AS "isPinned", one.is_read AS "isRead", one.is_ai_handled AS "isAiHandled",
greatest(coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0), 0) AS "unreadCount",
channel.message_count AS "messageCount", one.entries_count AS "entryCount", one.last_position AS "lastPosition",
one.preview, one.waiting_since AS "waitingSince", one.snoozed_until AS "snoozedUntil",
one.last_message_at AS "lastMessageAt", one.resolved_at AS "resolvedAt", one.created_at AS "createdAt"
  FROM unnest($2::bigint[]) WITH ORDINALITY AS page (number, place)
  JOIN conversations one ON one.client_id = $1 AND one.number = page.number
JOIN channels channel ON channel.client_id = $1 AND channel.id = one.channel_id
LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = one.channel_id
  AND speaker.customer_id = one.address_id
LEFT JOIN customers person ON person.client_id = $1 AND person.id = one.contact_id
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = one.contact_id
LEFT JOIN users assignee ON assignee.id = one.assignee_id
  ORDER BY page.place;

-- inbox.find_many
SELECT
one.channel_id AS id, one.number::float8 AS number, one.subject, one.status, one.medium, one.priority,
one.address_id AS "addressId", one.contact_id AS "contactId", contact.number::float8 AS "contactNumber",
person.name AS "contactName", person.email AS "contactEmail", one.assignee_id AS "assigneeId",
assignee.number::float8 AS "assigneeNumber", assignee.name AS "assigneeName", one.is_starred AS "isStarred",
one.is_pinned AS "isPinned", one.is_read AS "isRead", one.is_ai_handled AS "isAiHandled",
greatest(coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0), 0) AS "unreadCount",
channel.message_count AS "messageCount", one.entries_count AS "entryCount", one.last_position AS "lastPosition",
one.preview, one.waiting_since AS "waitingSince", one.snoozed_until AS "snoozedUntil",
one.last_message_at AS "lastMessageAt", one.resolved_at AS "resolvedAt", one.created_at AS "createdAt" FROM conversations one
JOIN channels channel ON channel.client_id = $1 AND channel.id = one.channel_id
LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = one.channel_id
  AND speaker.customer_id = one.address_id
LEFT JOIN customers person ON person.client_id = $1 AND person.id = one.contact_id
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = one.contact_id
LEFT JOIN users assignee ON assignee.id = one.assignee_id WHERE one.client_id = $1 AND one.channel_id = ANY($2::uuid[]);
