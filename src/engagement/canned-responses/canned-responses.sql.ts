import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `
  canned_responses.id, canned_responses.number::float8 AS number, title, content, shortcut, scope,
  owner_id AS "ownerId", category, usage_count AS "usageCount", canned_responses.created_at AS "createdAt"`;
/** The team's, and what user `$2` has alone; without a user, what keys have. */
const VISIBLE = `(scope = 'team' OR owner_id IS NOT DISTINCT FROM $2::uuid)`;
/** By its number `$3` or its id `$4`. */
const NAMED = `(canned_responses.number = $3::bigint OR canned_responses.id = $4::uuid)`;

export const COUNT_CANNED: Statement = {
  name: 'canned_responses.count',
  text: `SELECT count(*)::int AS total FROM canned_responses WHERE client_id = $1`,
};

/** All that user `$2` sees, what is used most first: of category `$3`, and with each of the words `$4`, where these are not null. */
export const LIST_CANNED: Statement = {
  name: 'canned_responses.list',
  text: `
    SELECT ${COLUMNS} FROM canned_responses
    WHERE canned_responses.client_id = $1 AND ${VISIBLE} AND ($3::text IS NULL OR category = $3) AND NOT EXISTS (
      SELECT FROM unnest($4::text[]) word
      WHERE strpos(searchable(concat_ws(' ', title, content, shortcut)), searchable(word)) = 0
    )
    ORDER BY usage_count DESC, canned_responses.number DESC`,
};

export const FIND_CANNED: Statement = {
  name: 'canned_responses.find',
  text: `SELECT ${COLUMNS} FROM canned_responses WHERE canned_responses.client_id = $1 AND ${VISIBLE} AND ${NAMED}`,
};

export const CREATE_CANNED: Statement = {
  name: 'canned_responses.create',
  text: `
    INSERT INTO canned_responses (client_id, id, owner_id, number, title, content, shortcut, scope, category)
    VALUES ($1, $2, $3, draw_numbers($1, 'canned_responses', 1), $4, $5, $6, $7, $8)
    RETURNING ${COLUMNS}`,
};

/** To title `$5`, content `$6` and scope `$9` where these are not null; to shortcut `$8` and category `$11` where `$7` and `$10` say so. */
export const UPDATE_CANNED: Statement = {
  name: 'canned_responses.update',
  text: `
    UPDATE canned_responses
    SET title = coalesce($5, title), content = coalesce($6, content),
        shortcut = CASE WHEN $7::boolean THEN $8 ELSE shortcut END, scope = coalesce($9, scope),
        category = CASE WHEN $10::boolean THEN $11 ELSE category END
    WHERE canned_responses.client_id = $1 AND ${VISIBLE} AND ${NAMED}
    RETURNING ${COLUMNS}`,
};

export const DELETE_CANNED: Statement = {
  name: 'canned_responses.delete',
  text: `DELETE FROM canned_responses WHERE client_id = $1 AND id = $2 RETURNING id`,
};

/** A reply names it. No row: user `$2` sees no such one. */
export const USE_CANNED: Statement = {
  name: 'canned_responses.use',
  text: `
    UPDATE canned_responses SET usage_count = usage_count + 1
    WHERE canned_responses.client_id = $1 AND ${VISIBLE} AND ${NAMED}
    RETURNING canned_responses.id`,
};

/** What can be said of whom conversation number `$3`, or channel `$4`, is with, and of user `$2`. No row: there is no such conversation. */
export const FIND_ADDRESSEE: Statement = {
  name: 'canned_responses.find_addressee',
  text: `
    SELECT contact.first_name AS "firstName", contact.last_name AS "lastName", contact.email, contact.phone,
           contact.company, contact.job_title AS "jobTitle", contact.city, contact.country,
           coalesce(contact.custom_fields, '{}') AS "customFields",
           (SELECT name FROM clients WHERE id = $1) AS "workspaceName",
           (SELECT name FROM users WHERE id = $2::uuid) AS "agentName"
    FROM conversations conversation
    LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = conversation.contact_id
    WHERE conversation.client_id = $1 AND (conversation.number = $3::bigint OR conversation.channel_id = $4::uuid)`,
};
