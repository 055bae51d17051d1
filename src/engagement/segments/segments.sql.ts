import type { Statement } from '../../platform/database/statement.js';
import { numberedPage } from '../numbered-page.sql.js';

const columns = (
  segment: string,
): string => `${segment}.id, ${segment}.number::float8 AS number, ${segment}.name, ${segment}.type, ${segment}.filter,
    ${segment}.created_at AS "createdAt", CASE WHEN ${segment}.type = 'static' THEN (
      SELECT count(*)::int FROM segment_members member
      WHERE member.client_id = $1 AND member.segment_id = ${segment}.id
    ) END AS "membersCount"`;

/** `$2` id, `$3` name, `$4` type, `$5` filter; of which there may be `$6`. No row: there are as many. */
export const CREATE: Statement = {
  name: 'segments.create',
  text: `
    INSERT INTO contact_segments (client_id, id, name, type, filter, number)
    SELECT $1, $2, $3, $4, $5::jsonb, draw_numbers($1, 'segments', 1)
    WHERE (SELECT count(*) FROM contact_segments segment WHERE segment.client_id = $1) < $6::int
    RETURNING ${columns('contact_segments')}`,
};

export const FIND: Statement = {
  name: 'segments.find',
  text: `
    SELECT ${columns('segment')} FROM contact_segments segment
    WHERE segment.client_id = $1 AND (segment.number = $2 OR segment.id = $3)`,
};

/** Static ones of numbers `$2` and of ids `$3`. */
export const FIND_STATIC: Statement = {
  name: 'segments.find_static',
  text: `
    SELECT segment.id, segment.number::float8 AS number FROM contact_segments segment
    WHERE segment.client_id = $1 AND segment.type = 'static'
      AND (segment.number = ANY($2::bigint[]) OR segment.id = ANY($3::uuid[]))`,
};

/** Tags of numbers `$2`, and segments of numbers `$3`. */
export const FIND_NAMED: Statement = {
  name: 'segments.find_named',
  text: `
    SELECT 'tag' AS kind, tag.number::float8 AS number, tag.id FROM tags tag
    WHERE tag.client_id = $1 AND tag.number = ANY($2::bigint[])
    UNION ALL
    SELECT 'segment', segment.number::float8, segment.id FROM contact_segments segment
    WHERE segment.client_id = $1 AND segment.number = ANY($3::bigint[])`,
};

export const LIST = numberedPage('segments.list', {
  columns: columns('segment'),
  from: 'contact_segments segment',
  alias: 'segment',
  where: 'segment.client_id = $1',
});

/** What of `$4` and `$5` is null stays. */
export const UPDATE: Statement = {
  name: 'segments.update',
  text: `
    UPDATE contact_segments segment SET name = coalesce($4, name), filter = coalesce($5::jsonb, filter)
    WHERE segment.client_id = $1 AND (segment.number = $2 OR segment.id = $3)
    RETURNING ${columns('segment')}`,
};

export const REMOVE: Statement = {
  name: 'segments.remove',
  text: `DELETE FROM contact_segments WHERE client_id = $1 AND (number = $2 OR id = $3) RETURNING id`,
};

/** Contacts `$3` come into segment `$2`; a row of each that was not in it. */
export const ADD_MEMBERS: Statement = {
  name: 'segments.add_members',
  text: `
    INSERT INTO segment_members (client_id, segment_id, customer_id)
    SELECT $1, $2, contact.customer_id FROM contacts contact
    WHERE contact.client_id = $1 AND contact.customer_id = ANY($3::uuid[])
    ORDER BY contact.customer_id
    ON CONFLICT DO NOTHING
    RETURNING customer_id AS id`,
};

export const REMOVE_MEMBERS: Statement = {
  name: 'segments.remove_members',
  text: `DELETE FROM segment_members WHERE client_id = $1 AND segment_id = $2 AND customer_id = ANY($3::uuid[])`,
};

/** Campaigns with numbers `$2`, or with ids `$3`. */
export const FIND_CAMPAIGNS: Statement = {
  name: 'segments.find_campaigns',
  text: `
    SELECT id, number::float8 AS number FROM campaigns
    WHERE client_id = $1 AND (number = ANY($2::bigint[]) OR id = ANY($3::uuid[])) AND deleted_at IS NULL`,
};

/** A row: a campaign that is not sent yet is for segment number `$2`, or id `$3`. */
export const IS_AUDIENCE: Statement = {
  name: 'segments.is_audience',
  text: `
    SELECT true AS found FROM contact_segments segment
    JOIN campaigns campaign ON campaign.client_id = $1 AND campaign.deleted_at IS NULL
      AND campaign.status IN ('draft', 'scheduled', 'sending', 'paused')
      AND (campaign.audience->>'segment')::bigint = segment.number
    WHERE segment.client_id = $1 AND (segment.number = $2::bigint OR segment.id = $3::uuid) LIMIT 1`,
};
