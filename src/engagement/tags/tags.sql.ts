import type { Statement } from '../../platform/database/statement.js';
import { LISTENED } from '../../platform/outbox/raise.js';
import { numberedPage } from '../numbered-page.sql.js';

const columns = (
  tag: string,
): string => `${tag}.id, ${tag}.number::float8 AS number, ${tag}.name, ${tag}.color, ${tag}.contacts_count AS "contactsCount",
    ${tag}.created_at AS "createdAt"`;

/** `$2` id, `$3` name, `$4` colour; of which there may be `$5`. Fails where the name is taken. No row: there are as many. */
export const CREATE: Statement = {
  name: 'tags.create',
  text: `
    INSERT INTO tags (client_id, id, name, color, number)
    SELECT $1, $2, $3, $4, draw_numbers($1, 'tags', 1)
    WHERE (SELECT count(*) FROM tags tag WHERE tag.client_id = $1) < $5::int
    RETURNING ${columns('tags')}`,
};

export const FIND: Statement = {
  name: 'tags.find',
  text: `SELECT ${columns('tag')} FROM tags tag WHERE tag.client_id = $1 AND (tag.number = $2 OR tag.id = $3)`,
};

/** Those of numbers `$2` and of ids `$3`. */
export const FIND_MANY: Statement = {
  name: 'tags.find_many',
  text: `
    SELECT ${columns('tag')} FROM tags tag
    WHERE tag.client_id = $1 AND (tag.number = ANY($2::bigint[]) OR tag.id = ANY($3::uuid[]))`,
};

/** `$5` what their names have, as in LIKE, or null. */
export const LIST = numberedPage('tags.list', {
  columns: columns('tag'),
  from: 'tags tag',
  alias: 'tag',
  where: 'tag.client_id = $1 AND ($5::text IS NULL OR searchable(tag.name) LIKE $5)',
});

/** What of `$4` and `$5` is null stays. Fails where the name is taken. */
export const UPDATE: Statement = {
  name: 'tags.update',
  text: `
    UPDATE tags tag SET name = coalesce($4, name), color = coalesce($5, color)
    WHERE tag.client_id = $1 AND (tag.number = $2 OR tag.id = $3)
    RETURNING ${columns('tag')}`,
};

/** Up to `$3` contacts lose tag `$2`: an array, so that they are found once, whatever the plan. */
export const UNTAG_SOME: Statement = {
  name: 'tags.untag_some',
  text: `
    DELETE FROM contact_tags
    WHERE client_id = $1 AND tag_id = $2 AND customer_id = ANY(ARRAY(
      SELECT marked.customer_id FROM contact_tags marked WHERE marked.client_id = $1 AND marked.tag_id = $2
      ORDER BY marked.customer_id LIMIT $3))
    RETURNING customer_id AS id, ${LISTENED} AS raised`,
};

export const REMOVE: Statement = {
  name: 'tags.remove',
  text: `DELETE FROM tags WHERE client_id = $1 AND id = $2`,
};

/** Holds tags `$3` and those of contact `$2`, whose counts are about to move: in one order, so that nobody waits for who waits. */
export const HOLD: Statement = {
  name: 'tags.hold',
  text: `
    SELECT tag.id FROM tags tag
    WHERE tag.client_id = $1 AND (tag.id = ANY($3::uuid[]) OR tag.id IN (
      SELECT marked.tag_id FROM contact_tags marked WHERE marked.client_id = $1 AND marked.customer_id = $2))
    ORDER BY tag.id FOR NO KEY UPDATE OF tag`,
};

/** Contacts `$2` get tags `$3`; a row of each that had not. Rows are made in one order, so that nobody waits for who waits. */
export const TAG: Statement = {
  name: 'tags.tag',
  text: `
    INSERT INTO contact_tags (client_id, tag_id, customer_id)
    SELECT $1, tag.id, contact.customer_id
    FROM contacts contact CROSS JOIN tags tag
    WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[]) AND tag.client_id = $1
      AND tag.id = ANY($3::uuid[])
    ORDER BY tag.id, contact.customer_id
    ON CONFLICT DO NOTHING
    RETURNING customer_id AS id, ${LISTENED} AS raised`,
};

/** Contact `$2` keeps of its tags those of `$3`. */
export const UNTAG_OTHERS: Statement = {
  name: 'tags.untag_others',
  text: `
    DELETE FROM contact_tags WHERE client_id = $1 AND customer_id = $2 AND tag_id <> ALL($3::uuid[])
    RETURNING customer_id AS id, ${LISTENED} AS raised`,
};

/** The ids of those that are called `$2`, in any case. */
export const FIND_BY_NAMES: Statement = {
  name: 'tags.find_by_names',
  text: `
    SELECT asked.name, tag.id FROM unnest($2::text[]) AS asked (name)
    JOIN tags tag ON tag.client_id = $1 AND lower(tag.name) = lower(asked.name)`,
};

/** Contact `$2` gets tag `$3`, and so on. Rows are made in one order, so that nobody waits for who waits. */
export const MARK: Statement = {
  name: 'tags.mark',
  text: `
    INSERT INTO contact_tags (client_id, tag_id, customer_id)
    SELECT $1, mark.tag_id, mark.customer_id FROM unnest($2::uuid[], $3::uuid[]) AS mark (customer_id, tag_id)
    JOIN tags tag ON tag.client_id = $1 AND tag.id = mark.tag_id
    ORDER BY mark.tag_id, mark.customer_id
    ON CONFLICT DO NOTHING`,
};

/** Contacts `$2` lose tags `$3`; a row of each that had one. */
export const UNTAG: Statement = {
  name: 'tags.untag',
  text: `
    DELETE FROM contact_tags
    WHERE client_id = $1 AND customer_id = ANY($2::uuid[]) AND tag_id = ANY($3::uuid[])
    RETURNING customer_id AS id`,
};
