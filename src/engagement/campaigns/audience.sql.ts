import type { Binding } from '../binding.js';
import { compileFilter } from '../segments/compile-filter.sql.js';
import type { FilterIds } from '../segments/filter-ids.js';
import type { Filter } from '../segments/filter.js';
import type { Audience } from './campaign.entity.js';

/** An audience, with the ids of what it names. A segment that a filter makes has to be its filter by now. */
export interface KnownAudience {
  readonly audience: Audience;
  readonly ids: FilterIds | undefined;
}

/** The filter that an audience is; null where it is none. */
export function filterIn(audience: Audience): Filter | null {
  switch (audience.type) {
    case 'segment':
    case 'list':
      return { field: 'segment', op: 'in', value: [audience.segment] };
    case 'tags':
      return { field: 'tag', op: 'in', value: audience.tags };
    case 'filter':
      return audience.filter;
    default:
      return null;
  }
}

/** The condition on `contacts contact` that an audience is. */
function conditionOf({ audience, ids }: KnownAudience, binding: Binding, at: Date): string {
  const filter = filterIn(audience);
  if (filter) {
    return compileFilter(filter, binding, at, ids);
  }
  return audience.type === 'contacts' ? `contact.number = ANY(${binding.bind(audience.contacts, 'bigint[]')})` : 'true';
}

/** As suppression_hash() makes it, which would look the client up for each address. */
const HASH = `sha256(convert_to('suppression', 'UTF8') || client.realtime_secret || convert_to(contact.email, 'UTF8'))`;

/**
 * Whom an audience would reach, and why not the others. No two contacts of a client have one address: see Customer. Run without
 * a name.
 */
export function countOfAudience(audience: KnownAudience, binding: Binding, at: Date): string {
  return `
    WITH one AS (
      SELECT contact.email IS NULL AS nowhere, contact.status = 'unsubscribed' AS unsubscribed,
             suppression.address_hash IS NOT NULL AS suppressed
      FROM contacts contact
      JOIN clients client ON client.id = contact.client_id
      LEFT JOIN suppressions suppression ON suppression.client_id = $1 AND suppression.address_hash = ${HASH}
      WHERE contact.client_id = $1 AND ${conditionOf(audience, binding, at)}
    )
    SELECT count(*)::float8 AS matching, (count(*) FILTER (WHERE nowhere))::float8 AS "withoutEmail",
           (count(*) FILTER (WHERE NOT nowhere AND unsubscribed))::float8 AS unsubscribed,
           (count(*) FILTER (WHERE NOT nowhere AND NOT unsubscribed AND suppressed))::float8 AS suppressed,
           (count(*) FILTER (WHERE NOT nowhere AND NOT unsubscribed AND NOT suppressed))::float8 AS "willReceive"
    FROM one`;
}

interface Batch {
  readonly campaign: number;
  /** Numbers of contacts: behind the first, up to the second. */
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
}

/**
 * Makes the next recipients of a campaign, which is held; who may get nothing is skipped from the start. Answers how many and
 * up to which contact. Run without a name.
 */
export function makeRecipients(
  audience: KnownAudience,
  { campaign, after, upTo, limit }: Batch,
  binding: Binding,
  at: Date,
): string {
  const place = binding.bind(campaign, 'bigint');
  const columns = 'client_id, campaign, number, id, customer_id, address, address_hash, status, error';
  return `
    WITH few AS MATERIALIZED (
      SELECT contact.number, contact.customer_id, contact.email, contact.status, ${HASH} AS hash
      FROM contacts contact
      JOIN clients client ON client.id = contact.client_id
      WHERE contact.client_id = $1 AND contact.number > ${binding.bind(after, 'bigint')}
        AND contact.number <= ${binding.bind(upTo, 'bigint')} AND ${conditionOf(audience, binding, at)}
      ORDER BY contact.number LIMIT ${binding.bind(limit, 'int')}
    ), judged AS MATERIALIZED (
      SELECT few.*, CASE
               WHEN few.email IS NULL THEN 'no_address'
               WHEN few.status = 'unsubscribed' THEN 'unsubscribed'
               WHEN suppression.is_known THEN 'suppressed'
             END AS obstacle
      FROM few
      LEFT JOIN LATERAL (
        SELECT true AS is_known FROM suppressions one
        WHERE one.client_id = $1 AND one.address_hash = few.hash LIMIT 1
      ) suppression ON true
    ), made AS (
      INSERT INTO campaign_recipients (${columns})
      SELECT $1, ${place}, number, gen_random_uuid(), customer_id, email, hash,
             CASE WHEN obstacle IS NULL THEN 'pending' ELSE 'skipped' END, obstacle
      FROM judged ORDER BY number
      ON CONFLICT (client_id, campaign, address_hash) DO NOTHING
      RETURNING number
    ), doubled AS (
      INSERT INTO campaign_recipients (${columns})
      SELECT $1, ${place}, number, gen_random_uuid(), customer_id, NULL, NULL, 'skipped', 'duplicate'
      FROM judged WHERE number NOT IN (SELECT number FROM made)
    )
    SELECT count(*)::int AS n, max(number)::float8 AS last FROM few`;
}
