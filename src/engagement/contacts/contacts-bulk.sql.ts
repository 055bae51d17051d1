import type { Statement } from '../../platform/database/statement.js';
import { RAISED, raise } from '../../platform/outbox/raise.js';

/** Holds customers `$2` until the commit: in one order, so that nobody waits for who waits. */
export const HOLD: Statement = {
  name: 'contacts_bulk.hold',
  text: `
    SELECT customer.id FROM customers customer WHERE customer.client_id = $1 AND customer.id = ANY($2::uuid[])
    ORDER BY customer.id FOR NO KEY UPDATE`,
};

/** What may change of those who are held. */
export const FIND: Statement = {
  name: 'contacts_bulk.find',
  text: `
    SELECT contact.customer_id AS id, contact.email, contact.status, contact.custom_fields AS "customFields"
    FROM contacts contact WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[])`,
};

/** Contacts `$2` get status `$3`, score `$4` and, besides theirs, custom fields `$5`; what is null stays. A row of each that changed. */
export const UPDATE: Statement = {
  name: 'contacts_bulk.update',
  text: `
    UPDATE contacts contact
    SET status = coalesce($3, status), lead_score = coalesce($4::smallint, lead_score),
        custom_fields = custom_fields || coalesce($5::jsonb, '{}'), updated_at = now()
    WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[])
      AND (status, lead_score, custom_fields)
        IS DISTINCT FROM (coalesce($3, status), coalesce($4::smallint, lead_score),
          custom_fields || coalesce($5::jsonb, '{}'))
    RETURNING customer_id AS id`,
};

/** Customers `$2` get metadata `$3` besides theirs. */
export const UPDATE_CUSTOMERS: Statement = {
  name: 'contacts_bulk.update_customers',
  text: `
    WITH changed AS (
      UPDATE customers customer SET metadata = coalesce(metadata, '{}') || $3::jsonb
      WHERE customer.client_id = $1 AND customer.id = ANY($2::uuid[])
        AND coalesce(metadata, '{}') IS DISTINCT FROM coalesce(metadata, '{}') || $3::jsonb
      RETURNING customer.id
    ), ${raise(`
      SELECT 'customer.updated' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM changed`)}
    SELECT changed.id, ${RAISED} FROM changed`,
};
