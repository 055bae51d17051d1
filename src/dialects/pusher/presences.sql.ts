import type { Statement } from '../../platform/database/statement.js';

/**
 * Customer `$3` is in channel `$2` at replica `$4`; `isMember` false: it is no member. A replica that was taken for dead
 * inserts nothing: it will join again all that it holds when it has registered.
 */
export const JOIN: Statement = {
  name: 'presences.join',
  text: `
    WITH member AS (
      SELECT channel_id, customer_id FROM channel_members
      WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3
      FOR KEY SHARE
    ), replica AS (
      SELECT id FROM replicas WHERE id = $4 FOR KEY SHARE
    ), joined AS (
      INSERT INTO presences (client_id, channel_id, customer_id, replica_id)
      SELECT $1, member.channel_id, member.customer_id, replica.id FROM member, replica
      ON CONFLICT DO NOTHING
    )
    SELECT EXISTS (SELECT FROM member) AS "isMember"`,
};

export const LEAVE: Statement = {
  name: 'presences.leave',
  text: `
    DELETE FROM presences WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 AND replica_id = $4`,
};

/** Whoever is in channel `$2`, at any replica: each once. */
export const LIST: Statement = {
  name: 'presences.list',
  text: `
    SELECT customer.id AS "customerId", customer.name
    FROM customers customer
    WHERE customer.client_id = $1 AND customer.id IN (
      SELECT presence.customer_id FROM presences presence
      WHERE presence.client_id = $1 AND presence.channel_id = $2)
    ORDER BY customer.id`,
};
