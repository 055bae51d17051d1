-- contacts.count_by_status
SELECT name, value FROM counters WHERE client_id = $1 AND name LIKE 'contacts.%';

-- contacts.create_customer
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

-- contacts.find
  SELECT
contact.number::float8 AS number, contact.customer_id AS id, contact.first_name AS "firstName",
contact.last_name AS "lastName", customer.name, contact.email, coalesce(contact.phone, customer.phone) AS phone,
contact.company, contact.job_title AS "jobTitle", contact.city, contact.country, contact.timezone,
contact.lead_score AS "leadScore", contact.status, contact.custom_fields AS "customFields",
touch.last_contacted_at AS "lastContactedAt", contact.created_at AS "createdAt", contact.updated_at AS "updatedAt",
coalesce((
  SELECT json_agg(json_build_object('number', tag.number, 'id', tag.id, 'name', tag.name, 'color', tag.color)
           ORDER BY tag.number)
  FROM contact_tags marked JOIN tags tag ON tag.client_id = $1 AND tag.id = marked.tag_id
  WHERE marked.client_id = $1 AND marked.customer_id = contact.customer_id
), '[]') AS tags, (
    SELECT count(*)::int FROM conversations conversation
    WHERE conversation.client_id = $1 AND conversation.contact_id = contact.customer_id
  ) AS "conversationsCount"
  FROM contacts contact
JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
JOIN contact_touches touch ON touch.client_id = $1 AND touch.customer_id = contact.customer_id
  WHERE contact.client_id = $1 AND (contact.number = $2 OR contact.customer_id = $3);

-- contacts.find_email
SELECT EXISTS (SELECT FROM customers WHERE customers.client_id = $1 AND email = $2 AND id IS DISTINCT FROM $3)
         OR nullif(contact_known_by($1, $2, NULL), $3) IS NOT NULL AS taken,
       EXISTS (
         SELECT FROM addresses WHERE addresses.client_id = $1 AND address = $2 AND released_at IS NULL) AS own;

-- contacts.find_ids
SELECT contact.number::float8 AS number, contact.customer_id AS id FROM contacts contact
WHERE contact.client_id = $1 AND (contact.number = ANY($2::bigint[]) OR contact.customer_id = ANY($3::uuid[]));

-- contacts.find_listed
  SELECT
contact.number::float8 AS number, contact.customer_id AS id, contact.first_name AS "firstName",
contact.last_name AS "lastName", customer.name, contact.email, coalesce(contact.phone, customer.phone) AS phone,
contact.company, contact.job_title AS "jobTitle", contact.city, contact.country, contact.timezone,
contact.lead_score AS "leadScore", contact.status, contact.custom_fields AS "customFields",
touch.last_contacted_at AS "lastContactedAt", contact.created_at AS "createdAt", contact.updated_at AS "updatedAt",
coalesce((
  SELECT json_agg(json_build_object('number', tag.number, 'id', tag.id, 'name', tag.name, 'color', tag.color)
           ORDER BY tag.number)
  FROM contact_tags marked JOIN tags tag ON tag.client_id = $1 AND tag.id = marked.tag_id
  WHERE marked.client_id = $1 AND marked.customer_id = contact.customer_id
), '[]') AS tags
  FROM unnest($2::bigint[]) WITH ORDINALITY AS page (number, place)
  JOIN contacts contact ON contact.client_id = $1 AND contact.number = page.number
JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
JOIN contact_touches touch ON touch.client_id = $1 AND touch.customer_id = contact.customer_id
  ORDER BY page.place;

-- contacts.find_many
  SELECT
contact.number::float8 AS number, contact.customer_id AS id, contact.first_name AS "firstName",
contact.last_name AS "lastName", customer.name, contact.email, coalesce(contact.phone, customer.phone) AS phone,
contact.company, contact.job_title AS "jobTitle", contact.city, contact.country, contact.timezone,
contact.lead_score AS "leadScore", contact.status, contact.custom_fields AS "customFields",
touch.last_contacted_at AS "lastContactedAt", contact.created_at AS "createdAt", contact.updated_at AS "updatedAt",
coalesce((
  SELECT json_agg(json_build_object('number', tag.number, 'id', tag.id, 'name', tag.name, 'color', tag.color)
           ORDER BY tag.number)
  FROM contact_tags marked JOIN tags tag ON tag.client_id = $1 AND tag.id = marked.tag_id
  WHERE marked.client_id = $1 AND marked.customer_id = contact.customer_id
), '[]') AS tags FROM contacts contact
JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
JOIN contact_touches touch ON touch.client_id = $1 AND touch.customer_id = contact.customer_id
  WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[]);

-- contacts.lock
SELECT contact.customer_id AS id, contact.first_name AS "firstName", contact.last_name AS "lastName", customer.name,
       customer.profile, contact.email, contact.phone, contact.company,
       contact.job_title AS "jobTitle", contact.city, contact.country, contact.timezone,
       contact.lead_score AS "leadScore", contact.status, contact.custom_fields AS "customFields"
FROM contacts contact
JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
WHERE contact.client_id = $1 AND (contact.number = $2 OR contact.customer_id = $3)
FOR NO KEY UPDATE OF customer, contact;

-- contacts.update
UPDATE contacts
SET first_name = $3, last_name = $4, email = $5, phone = $6, company = $7, job_title = $8, city = $9, country = $10,
    timezone = $11, lead_score = $12, status = $13, custom_fields = $14, updated_at = now()
WHERE client_id = $1 AND customer_id = $2
  AND (first_name, last_name, email, phone, company, job_title, city, country, timezone, lead_score, status, custom_fields)
    IS DISTINCT FROM ($3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text,
      $12::smallint, $13::text, $14::jsonb)
RETURNING customer_id AS id, EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- contacts.update_customer
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
