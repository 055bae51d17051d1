-- contact_upserts.create
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
),
occurred AS (
  SELECT 'customer.created' AS type, NULL::uuid AS channel_id, id AS customer_id,
         jsonb_build_object('id', id) AS data
  FROM created), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT created.id, (SELECT count(*) FROM event) > 0 AS raised FROM created;

-- contact_upserts.find
SELECT customer.id, contact.number::float8 AS number, known.asked AS email, known.is_former AS "isFormer",
       customer.name, customer.profile, customer.phone AS "customerPhone", contact.first_name AS "firstName", contact.last_name AS "lastName",
       contact.phone, contact.company, contact.job_title AS "jobTitle", contact.city, contact.country,
       contact.timezone, contact.lead_score AS "leadScore", contact.status, contact.custom_fields AS "customFields"
FROM (
  SELECT one.id, one.email AS asked, false AS is_former FROM customers one
  WHERE one.client_id = $1 AND one.email = ANY($2::text[])
  UNION ALL
  SELECT alias.customer_id, alias.email, true FROM contact_aliases alias
  WHERE alias.client_id = $1 AND alias.email = ANY($2::text[])) known
JOIN customers customer ON customer.client_id = $1 AND customer.id = known.id
LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = customer.id;

-- contact_upserts.find_own
SELECT one.address AS email FROM addresses one
WHERE one.client_id = $1 AND one.address = ANY($2::text[]) AND one.released_at IS NULL;

-- contact_upserts.hold
SELECT customer.id FROM customers customer
WHERE customer.client_id = $1 AND customer.id IN (SELECT known.id FROM (
  SELECT one.id, one.email AS asked, false AS is_former FROM customers one
  WHERE one.client_id = $1 AND one.email = ANY($2::text[])
  UNION ALL
  SELECT alias.customer_id, alias.email, true FROM contact_aliases alias
  WHERE alias.client_id = $1 AND alias.email = ANY($2::text[])) known)
ORDER BY customer.id FOR NO KEY UPDATE OF customer;

-- contact_upserts.update
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
       one.country, one.timezone, one.lead_score, one.custom_fields);

-- contact_upserts.update_customers
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
