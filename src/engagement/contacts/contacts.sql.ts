import { LISTENED, RAISED, raise } from '../../platform/outbox/raise.js';
import type { Statement } from '../../platform/database/statement.js';
import { contactColumns, contactJoins } from './contact-list.sql.js';

export const FIND: Statement = {
  name: 'contacts.find',
  text: `
    SELECT ${contactColumns()}, (
      SELECT count(*)::int FROM conversations conversation
      WHERE conversation.client_id = $1 AND conversation.contact_id = contact.customer_id
    ) AS "conversationsCount"
    FROM contacts contact ${contactJoins()}
    WHERE contact.client_id = $1 AND (contact.number = $2 OR contact.customer_id = $3)`,
};

/** Those of numbers `$2` and of ids `$3`, which of them are there. */
export const FIND_IDS: Statement = {
  name: 'contacts.find_ids',
  text: `
    SELECT contact.number::float8 AS number, contact.customer_id AS id FROM contacts contact
    WHERE contact.client_id = $1 AND (contact.number = ANY($2::bigint[]) OR contact.customer_id = ANY($3::uuid[]))`,
};

/** Those of ids `$2`. */
export const FIND_MANY: Statement = {
  name: 'contacts.find_many',
  text: `
    SELECT ${contactColumns()} FROM contacts contact ${contactJoins()}
    WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[])`,
};

/** Those of numbers `$2`, in that order. */
export const FIND_LISTED: Statement = {
  name: 'contacts.find_listed',
  text: `
    SELECT ${contactColumns()}
    FROM unnest($2::bigint[]) WITH ORDINALITY AS page (number, place)
    JOIN contacts contact ON contact.client_id = $1 AND contact.number = page.number ${contactJoins()}
    ORDER BY page.place`,
};

/** How many there are, by status. */
export const COUNT_BY_STATUS: Statement = {
  name: 'contacts.count_by_status',
  text: `SELECT name, value FROM counters WHERE client_id = $1 AND name LIKE 'contacts.%'`,
};

/**
 * Holds contact `$2` (number) or `$3` (id), its customer first, until the commit. Both: of a row that is not held, this would
 * tell what it was before the other's commit that was waited for.
 */
export const LOCK: Statement = {
  name: 'contacts.lock',
  text: `
    SELECT contact.customer_id AS id, contact.first_name AS "firstName", contact.last_name AS "lastName", customer.name,
           customer.profile, contact.email, contact.phone, contact.company,
           contact.job_title AS "jobTitle", contact.city, contact.country, contact.timezone,
           contact.lead_score AS "leadScore", contact.status, contact.custom_fields AS "customFields"
    FROM contacts contact
    JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
    WHERE contact.client_id = $1 AND (contact.number = $2 OR contact.customer_id = $3)
    FOR NO KEY UPDATE OF customer, contact`,
};

/** A person of id `$2`, name `$3`, e-mail `$4`, profile `$5`, metadata `$6` and phone `$7`, if that is nobody's. No row: the e-mail is taken. */
export const CREATE_CUSTOMER: Statement = {
  name: 'contacts.create_customer',
  text: `
    WITH created AS (
      INSERT INTO customers (client_id, id, name, email, profile, metadata, phone)
      SELECT $1, $2, $3, $4, $5::jsonb, $6::jsonb, CASE WHEN NOT EXISTS (
        SELECT FROM customers other WHERE other.client_id = $1 AND other.phone = $7
      ) AND contact_known_by($1, NULL, $7) IS NULL THEN $7::text END
      ON CONFLICT DO NOTHING
      RETURNING id
    ), counted AS (
      UPDATE counters SET value = value + 1
      WHERE client_id = $1 AND name = 'customers' AND EXISTS (SELECT FROM created)
    ), ${raise(`
      SELECT 'customer.created' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM created`)}
    SELECT created.id, ${RAISED} FROM created`,
};

/**
 * Whether somebody else than contact `$3` has e-mail `$2`, or had it before it was merged, or it is one that the workspace itself
 * speaks as.
 */
export const FIND_EMAIL: Statement = {
  name: 'contacts.find_email',
  text: `
    SELECT EXISTS (SELECT FROM customers WHERE customers.client_id = $1 AND email = $2 AND id IS DISTINCT FROM $3)
             OR nullif(contact_known_by($1, $2, NULL), $3) IS NOT NULL AS taken,
           EXISTS (
             SELECT FROM addresses WHERE addresses.client_id = $1 AND address = $2 AND released_at IS NULL) AS own`,
};

/** Everything of contact `$2`; whoever has the customer changes that first. */
export const UPDATE: Statement = {
  name: 'contacts.update',
  text: `
    UPDATE contacts
    SET first_name = $3, last_name = $4, email = $5, phone = $6, company = $7, job_title = $8, city = $9, country = $10,
        timezone = $11, lead_score = $12, status = $13, custom_fields = $14, updated_at = now()
    WHERE client_id = $1 AND customer_id = $2
      AND (first_name, last_name, email, phone, company, job_title, city, country, timezone, lead_score, status, custom_fields)
        IS DISTINCT FROM ($3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text,
          $12::smallint, $13::text, $14::jsonb)
    RETURNING customer_id AS id, ${LISTENED} AS raised`,
};

/**
 * What the customer of contact `$2` has of it: name `$3`, e-mail `$4`, profile `$5`, metadata `$6`; and phone `$8` where
 * `$7`, if that is nobody's else. Fails where the e-mail is taken.
 */
export const UPDATE_CUSTOMER: Statement = {
  name: 'contacts.update_customer',
  text: `
    WITH changed AS (
      UPDATE customers customer
      SET name = $3, email = $4, profile = $5::jsonb, metadata = $6::jsonb,
          phone = CASE WHEN NOT $7 OR EXISTS (
            SELECT FROM customers other WHERE other.client_id = $1 AND other.phone = $8 AND other.id <> $2
          ) OR contact_known_by($1, NULL, $8) <> $2 THEN phone ELSE $8::text END
      WHERE customer.client_id = $1 AND customer.id = $2
        AND ($7 AND phone IS DISTINCT FROM $8
          OR (name, email, profile, metadata) IS DISTINCT FROM ($3::text, $4::text, $5::jsonb, $6::jsonb))
      RETURNING customer.id
    ), ${raise(`
      SELECT 'customer.updated' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM changed`)}
    SELECT changed.id, ${RAISED} FROM changed`,
};
