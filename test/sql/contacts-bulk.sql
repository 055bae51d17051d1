-- contacts_bulk.find
SELECT contact.customer_id AS id, contact.email, contact.status, contact.custom_fields AS "customFields"
FROM contacts contact WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[]);

-- contacts_bulk.hold
SELECT customer.id FROM customers customer WHERE customer.client_id = $1 AND customer.id = ANY($2::uuid[])
ORDER BY customer.id FOR NO KEY UPDATE;

-- contacts_bulk.update
UPDATE contacts contact
SET status = coalesce($3, status), lead_score = coalesce($4::smallint, lead_score),
    custom_fields = custom_fields || coalesce($5::jsonb, '{}'), updated_at = now()
WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[])
  AND (status, lead_score, custom_fields)
    IS DISTINCT FROM (coalesce($3, status), coalesce($4::smallint, lead_score),
      custom_fields || coalesce($5::jsonb, '{}'))
RETURNING customer_id AS id;

-- contacts_bulk.update_customers
WITH changed AS (
  UPDATE customers customer SET metadata = coalesce(metadata, '{}') || $3::jsonb
  WHERE customer.client_id = $1 AND customer.id = ANY($2::uuid[])
    AND coalesce(metadata, '{}') IS DISTINCT FROM coalesce(metadata, '{}') || $3::jsonb
  RETURNING customer.id
),
occurred AS (
  SELECT 'customer.updated' AS type, NULL::uuid AS channel_id, id AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM changed), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT changed.id, (SELECT count(*) FROM event) > 0 AS raised FROM changed;
