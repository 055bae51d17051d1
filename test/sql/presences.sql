-- presences.join
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
SELECT EXISTS (SELECT FROM member) AS "isMember";

-- presences.leave
DELETE FROM presences WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 AND replica_id = $4;

-- presences.list
SELECT customer.id AS "customerId", customer.name
FROM customers customer
WHERE customer.client_id = $1 AND customer.id IN (
  SELECT presence.customer_id FROM presences presence
  WHERE presence.client_id = $1 AND presence.channel_id = $2)
ORDER BY customer.id;
