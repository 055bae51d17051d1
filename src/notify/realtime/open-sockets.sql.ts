import type { Statement } from '../../platform/database/statement.js';

/**
 * Sockets `$2`, each of the customer beside it in `$3`, are open at replica `$4`. A replica that was taken for dead
 * writes nothing: it closes all it holds.
 */
export const OPEN: Statement = {
  name: 'open_sockets.open',
  text: `
    WITH customer AS (
      SELECT customers.id FROM customers WHERE client_id = $1 AND id = ANY($3::uuid[]) ORDER BY id FOR KEY SHARE
    ), replica AS (
      SELECT id FROM replicas WHERE id = $4 FOR KEY SHARE
    )
    INSERT INTO open_sockets (client_id, customer_id, id, replica_id)
    SELECT $1, customer.id, opened.id, replica.id
    FROM unnest($2::uuid[], $3::uuid[]) AS opened (id, customer_id)
    JOIN customer ON customer.id = opened.customer_id
    CROSS JOIN replica
    ON CONFLICT DO NOTHING`,
};

/**
 * Sockets `$2`, each of the customer beside it in `$3`, are closed; that is when their customers were last seen, but
 * for who is invisible.
 */
export const CLOSE: Statement = {
  name: 'open_sockets.close',
  text: `
    WITH closed AS (
      DELETE FROM open_sockets socket USING unnest($2::uuid[], $3::uuid[]) AS gone (id, customer_id)
      WHERE socket.client_id = $1 AND socket.customer_id = gone.customer_id AND socket.id = gone.id
    ), seen AS (
      SELECT id FROM customers WHERE client_id = $1 AND id = ANY($3::uuid[]) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE customers SET last_seen_at = now() FROM seen
    WHERE client_id = $1 AND customers.id = seen.id AND presence_status IS DISTINCT FROM 'invisible'`,
};

/** Customer `$2` has status `$3` while it has a socket open. */
export const SET_STATUS: Statement = {
  name: 'open_sockets.set_status',
  text: `UPDATE customers SET presence_status = $3 WHERE client_id = $1 AND id = $2`,
};

/** Which of the customers `$2` have a socket open, at any process, and the status each has chosen. */
export const FIND_STATUSES: Statement = {
  name: 'open_sockets.find_statuses',
  text: `
    SELECT customer.id AS "customerId", coalesce(customer.presence_status, 'available') AS status
    FROM customers customer
    WHERE customer.client_id = $1 AND customer.id = ANY($2::uuid[]) AND EXISTS (
      SELECT FROM open_sockets WHERE client_id = $1 AND customer_id = customer.id)`,
};
