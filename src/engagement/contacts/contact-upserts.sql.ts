import type { Statement } from '../../platform/database/statement.js';
import { RAISED, raise } from '../../platform/outbox/raise.js';

/** Who has which of e-mails `$2`, or had it before it was merged. */
const KNOWN = `
      SELECT one.id, one.email AS asked, false AS is_former FROM customers one
      WHERE one.client_id = $1 AND one.email = ANY($2::text[])
      UNION ALL
      SELECT alias.customer_id, alias.email, true FROM contact_aliases alias
      WHERE alias.client_id = $1 AND alias.email = ANY($2::text[])`;

/** Holds those who are known by e-mails `$2` until the commit: in one order, so that nobody waits for who waits. */
export const HOLD: Statement = {
  name: 'contact_upserts.hold',
  text: `
    SELECT customer.id FROM customers customer
    WHERE customer.client_id = $1 AND customer.id IN (SELECT known.id FROM (${KNOWN}) known)
    ORDER BY customer.id FOR NO KEY UPDATE OF customer`,
};

/** What there is of those who are held. One without a number is no person. */
export const FIND: Statement = {
  name: 'contact_upserts.find',
  text: `
    SELECT customer.id, contact.number::float8 AS number, known.asked AS email, known.is_former AS "isFormer",
           customer.name, customer.profile, customer.phone AS "customerPhone", contact.first_name AS "firstName", contact.last_name AS "lastName",
           contact.phone, contact.company, contact.job_title AS "jobTitle", contact.city, contact.country,
           contact.timezone, contact.lead_score AS "leadScore", contact.status, contact.custom_fields AS "customFields"
    FROM (${KNOWN}) known
    JOIN customers customer ON customer.client_id = $1 AND customer.id = known.id
    LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = customer.id`,
};

/** Which of e-mails `$2` the workspace itself speaks as. */
export const FIND_OWN: Statement = {
  name: 'contact_upserts.find_own',
  text: `
    SELECT one.address AS email FROM addresses one
    WHERE one.client_id = $1 AND one.address = ANY($2::text[]) AND one.released_at IS NULL`,
};

/** Persons, as `$2` lists them, each with its phone where that is nobody's. Whose e-mail or phone is just taken is not made. */
export const CREATE: Statement = {
  name: 'contact_upserts.create',
  text: `
    WITH created AS (
      INSERT INTO customers (client_id, id, name, email, profile, metadata, phone)
      SELECT $1, one.id, one.name, one.email, one.profile, one.metadata, CASE WHEN NOT EXISTS (
        SELECT FROM customers other WHERE other.client_id = $1 AND other.phone = one.phone
      ) AND contact_known_by($1, NULL, one.phone) IS NULL THEN one.phone END
      FROM jsonb_to_recordset($2::jsonb)
        AS one (id uuid, name text, email text, profile jsonb, metadata jsonb, phone text)
      ORDER BY one.email
      ON CONFLICT DO NOTHING
      RETURNING id
    ), counted AS (
      UPDATE counters SET value = value + (SELECT count(*) FROM created)
      WHERE client_id = $1 AND name = 'customers' AND EXISTS (SELECT FROM created)
    ), ${raise(`
      SELECT 'customer.created' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM created`)}
    SELECT created.id, ${RAISED} FROM created`,
};

/** Contacts, as `$2` lists them, whose customers are held. */
export const UPDATE: Statement = {
  name: 'contact_upserts.update',
  text: `
    UPDATE contacts contact
    SET first_name = one.first_name, last_name = one.last_name, phone = one.phone, company = one.company,
        job_title = one.job_title, city = one.city, country = one.country, timezone = one.timezone,
        lead_score = one.lead_score, custom_fields = one.custom_fields, updated_at = now()
    FROM jsonb_to_recordset($2::jsonb) AS one (
      id uuid, first_name text, last_name text, phone text, company text, job_title text, city text, country text,
      timezone text, lead_score smallint, custom_fields jsonb)
    WHERE contact.client_id = $1 AND contact.customer_id = one.id
      AND (contact.first_name, contact.last_name, contact.phone, contact.company, contact.job_title, contact.city,
           contact.country, contact.timezone, contact.lead_score, contact.custom_fields)
        IS DISTINCT FROM (one.first_name, one.last_name, one.phone, one.company, one.job_title, one.city,
           one.country, one.timezone, one.lead_score, one.custom_fields)`,
};

/** The customers of such contacts, which are held; each with the phone that `$2` has for it, where that is nobody's. */
export const UPDATE_CUSTOMERS: Statement = {
  name: 'contact_upserts.update_customers',
  text: `
    WITH changed AS (
      UPDATE customers customer
      SET name = one.name, profile = one.profile, metadata = one.metadata,
          phone = CASE WHEN one.phone IS NULL OR EXISTS (
            SELECT FROM customers other WHERE other.client_id = $1 AND other.phone = one.phone AND other.id <> one.id
          ) OR contact_known_by($1, NULL, one.phone) <> one.id THEN customer.phone ELSE one.phone END
      FROM jsonb_to_recordset($2::jsonb) AS one (id uuid, name text, profile jsonb, metadata jsonb, phone text)
      WHERE customer.client_id = $1 AND customer.id = one.id
        AND (one.phone IS NOT NULL AND customer.phone IS DISTINCT FROM one.phone
          OR (customer.name, customer.profile, customer.metadata) IS DISTINCT FROM (one.name, one.profile, one.metadata))
      RETURNING customer.id
    ), ${raise(`
      SELECT 'customer.updated' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM changed`)}
    SELECT changed.id, ${RAISED} FROM changed`,
};
