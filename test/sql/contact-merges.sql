-- contact_merges.find
SELECT contact.customer_id AS id, contact.number::float8 AS number, contact.first_name AS "firstName",
       contact.last_name AS "lastName", customer.name, customer.profile, contact.email, contact.phone,
       customer.phone AS "customerPhone", contact.company, contact.job_title AS "jobTitle", contact.city,
       contact.country, contact.timezone, contact.lead_score AS "leadScore", contact.status,
       contact.custom_fields AS "customFields"
FROM contacts contact
JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
WHERE contact.client_id = $1 AND contact.customer_id = ANY($2::uuid[])
FOR NO KEY UPDATE OF contact;

-- contact_merges.find_merged
SELECT contact.customer_id AS id, contact.number::float8 AS number FROM merged_contacts merged
JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = merged.into_id
WHERE merged.client_id = $1 AND (merged.number = $2::bigint OR merged.id = $3::uuid)
  AND merged.merged_at > now() - interval '30 days';

-- contact_merges.hold
SELECT hold_merged($1, contact.customer_id, $3, $4) AS outcome FROM contacts contact
WHERE contact.client_id = $1 AND contact.customer_id = $2;

-- contact_merges.merge
SELECT merge_contact($1, $2, $3), EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- housekeeping.purge_merged_contacts
WITH purged AS (
  DELETE FROM merged_contacts WHERE ctid = ANY (ARRAY(SELECT ctid FROM merged_contacts WHERE merged_at < now() - interval '30 days' LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- contact_merges.remember
SELECT remember_merged($1, $2, $3, $4, $5, $6, $7), EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;
