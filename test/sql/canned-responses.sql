-- canned_responses.count
SELECT count(*)::int AS total FROM canned_responses WHERE client_id = $1;

-- canned_responses.create
  INSERT INTO canned_responses (client_id, id, owner_id, number, title, content, shortcut, scope, category)
  VALUES ($1, $2, $3, draw_numbers($1, 'canned_responses', 1), $4, $5, $6, $7, $8)
  RETURNING
canned_responses.id, canned_responses.number::float8 AS number, title, content, shortcut, scope,
owner_id AS "ownerId", category, usage_count AS "usageCount", canned_responses.created_at AS "createdAt";

-- canned_responses.delete
DELETE FROM canned_responses WHERE client_id = $1 AND id = $2 RETURNING id;

-- canned_responses.find_addressee
SELECT contact.first_name AS "firstName", contact.last_name AS "lastName", contact.email, contact.phone,
       contact.company, contact.job_title AS "jobTitle", contact.city, contact.country,
       coalesce(contact.custom_fields, '{}') AS "customFields",
       (SELECT name FROM clients WHERE id = $1) AS "workspaceName",
       (SELECT name FROM users WHERE id = $2::uuid) AS "agentName"
FROM conversations conversation
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = conversation.contact_id
WHERE conversation.client_id = $1 AND (conversation.number = $3::bigint OR conversation.channel_id = $4::uuid);

-- canned_responses.find
SELECT
canned_responses.id, canned_responses.number::float8 AS number, title, content, shortcut, scope,
owner_id AS "ownerId", category, usage_count AS "usageCount", canned_responses.created_at AS "createdAt" FROM canned_responses WHERE canned_responses.client_id = $1 AND (scope = 'team' OR owner_id IS NOT DISTINCT FROM $2::uuid) AND (canned_responses.number = $3::bigint OR canned_responses.id = $4::uuid);

-- canned_responses.list
  SELECT
canned_responses.id, canned_responses.number::float8 AS number, title, content, shortcut, scope,
owner_id AS "ownerId", category, usage_count AS "usageCount", canned_responses.created_at AS "createdAt" FROM canned_responses
  WHERE canned_responses.client_id = $1 AND (scope = 'team' OR owner_id IS NOT DISTINCT FROM $2::uuid) AND ($3::text IS NULL OR category = $3) AND NOT EXISTS (
    SELECT FROM unnest($4::text[]) word
    WHERE strpos(searchable(concat_ws(' ', title, content, shortcut)), searchable(word)) = 0
  )
  ORDER BY usage_count DESC, canned_responses.number DESC;

-- canned_responses.update
  UPDATE canned_responses
  SET title = coalesce($5, title), content = coalesce($6, content),
      shortcut = CASE WHEN $7::boolean THEN $8 ELSE shortcut END, scope = coalesce($9, scope),
      category = CASE WHEN $10::boolean THEN $11 ELSE category END
  WHERE canned_responses.client_id = $1 AND (scope = 'team' OR owner_id IS NOT DISTINCT FROM $2::uuid) AND (canned_responses.number = $3::bigint OR canned_responses.id = $4::uuid)
  RETURNING
canned_responses.id, canned_responses.number::float8 AS number, title, content, shortcut, scope,
owner_id AS "ownerId", category, usage_count AS "usageCount", canned_responses.created_at AS "createdAt";

-- canned_responses.use
UPDATE canned_responses SET usage_count = usage_count + 1
WHERE canned_responses.client_id = $1 AND (scope = 'team' OR owner_id IS NOT DISTINCT FROM $2::uuid) AND (canned_responses.number = $3::bigint OR canned_responses.id = $4::uuid)
RETURNING canned_responses.id;
