import { RAISED, raise } from '../../platform/outbox/raise.js';
import type { Statement } from '../../platform/database/statement.js';

/** Holds customer `$2`: it sends nothing and joins nothing until the commit. No row: there is no such customer. */
export const LOCK: Statement = {
  name: 'erasure.lock',
  text: `SELECT kind FROM customers WHERE client_id = $1 AND id = $2 FOR UPDATE`,
};

/** Up to `$3` messages of customer `$2` become nobody's, the oldest first. The channels' counters say what they did. */
export const FORGET: Statement = {
  name: 'erasure.forget',
  text: `
    WITH said AS (
      SELECT channel_id, position FROM messages WHERE client_id = $1 AND sender_id = $2
      ORDER BY created_at, id LIMIT $3
    ), forgotten AS (
      UPDATE messages SET sender_id = NULL FROM said
      WHERE client_id = $1 AND messages.channel_id = said.channel_id AND messages.position = said.position
      RETURNING deleted_at
    ), counted AS (
      SELECT count(*)::int AS forgotten, count(*) FILTER (WHERE deleted_at IS NULL)::int AS shown FROM forgotten
    ), customer AS (
      UPDATE customers
      SET message_count = message_count - counted.shown,
          latest_message_at = CASE WHEN message_count > counted.shown THEN latest_message_at END
      FROM counted
      WHERE client_id = $1 AND customers.id = $2 AND counted.shown > 0
      RETURNING message_count
    ), silent AS (
      UPDATE counters SET value = value - 1
      WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM customer WHERE message_count = 0)
    )
    SELECT forgotten FROM counted`,
};

/** What is known of up to `$3` messages between customer `$2` and its phone: see forget_person in src/delivery. */
export const FORGET_PHONE: Statement = {
  name: 'erasure.forget_phone',
  text: `SELECT forget_person($1, id, $3) AS forgotten FROM customers WHERE client_id = $1 AND id = $2`,
};

/** No row: it is in a channel again, which it joined meanwhile. */
export const REMOVE: Statement = {
  name: 'erasure.remove',
  text: `
    WITH gone AS (
      DELETE FROM customers
      WHERE client_id = $1 AND id = $2 AND NOT EXISTS (
        SELECT FROM channel_members member WHERE member.client_id = $1 AND member.customer_id = $2)
      RETURNING id
    ), counted AS (
      UPDATE counters SET value = value - 1
      WHERE client_id = $1 AND name = 'customers' AND EXISTS (SELECT FROM gone)
    ), ${raise(`
      SELECT 'customer.deleted' AS type, NULL::uuid AS channel_id, id AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM gone`)}
    SELECT gone.id, ${RAISED} FROM gone`,
};
