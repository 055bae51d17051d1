import { purge } from '../../platform/database/purge.js';
import type { Statement } from '../../platform/database/statement.js';
import { LISTENED } from '../../platform/outbox/raise.js';

/** See merge-functions.ts: contacts `$2`, which stays, and `$3`, of which no more than `$4` of anything is moved. No row: gone. */
export const HOLD: Statement = {
  name: 'contact_merges.hold',
  text: `
    SELECT hold_merged($1, contact.customer_id, $3, $4) AS outcome FROM contacts contact
    WHERE contact.client_id = $1 AND contact.customer_id = $2`,
};

/** What contacts `$2`, whose customers are held, say of themselves; until the commit nobody else says anything else of them. */
export const FIND: Statement = {
  name: 'contact_merges.find',
  text: `
    SELECT contact.customer_id AS id, contact.number::float8 AS number, contact.first_name AS "firstName",
           contact.last_name AS "lastName", customer.name, customer.profile, contact.email, contact.phone,
           customer.phone AS "customerPhone", contact.company, contact.job_title AS "jobTitle", contact.city,
           contact.country, contact.timezone, contact.lead_score AS "leadScore", contact.status,
           contact.custom_fields AS "customFields"
    FROM contacts contact
    JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
    WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[])
    FOR NO KEY UPDATE OF contact`,
};

export const MERGE: Statement = {
  name: 'contact_merges.merge',
  text: `SELECT merge_contact($1, $2, $3), ${LISTENED} AS raised`,
};

/** Contact `$3`, number `$4`, was merged into `$2` and is known by e-mail `$5`, phone number `$6` and phone as typed `$7` no more. */
export const REMEMBER: Statement = {
  name: 'contact_merges.remember',
  text: `SELECT remember_merged($1, $2, $3, $4, $5, $6, $7), ${LISTENED} AS raised`,
};

/** The contact that the one of number `$2` or id `$3` was merged into. */
export const FIND_MERGED: Statement = {
  name: 'contact_merges.find_merged',
  text: `
    SELECT contact.customer_id AS id, contact.number::float8 AS number FROM merged_contacts merged
    JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = merged.into_id
    WHERE merged.client_id = $1 AND (merged.number = $2::bigint OR merged.id = $3::uuid)
      AND merged.merged_at > now() - interval '30 days'`,
};

export const PURGE_MERGED_CONTACTS = purge(
  'merged_contacts',
  `SELECT ctid FROM merged_contacts WHERE merged_at < now() - interval '30 days' LIMIT $1`,
);
