-- inbound_emails.accept
INSERT INTO inbound_emails (client_id, id, account_id, file_id, envelope_from, envelope_to, error, state)
VALUES ($1, $2, $3, $4, $5, $6, $7::text, CASE WHEN $7::text IS NULL THEN 'pending' ELSE 'failed' END)
RETURNING true AS raised;

-- inbound_emails.claim
WITH due AS MATERIALIZED (
  SELECT client_id, id FROM inbound_emails
  WHERE state = 'pending' AND next_attempt_at <= now() AND NOT client_id = ANY($1::uuid[])
  ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE inbound_emails mail
  SET next_attempt_at = now() + make_interval(secs => $3 / 1000.0), attempts = mail.attempts + 1
  FROM due
  WHERE mail.client_id = due.client_id AND mail.id = due.id
  RETURNING mail.*
)
SELECT claimed.client_id AS "clientId", client.livemode, claimed.id, claimed.account_id AS "accountId",
       claimed.file_id AS "fileId", claimed.envelope_from AS "envelopeFrom", claimed.envelope_to AS "envelopeTo",
       claimed.attempts
FROM claimed JOIN clients client ON client.id = claimed.client_id;

-- inbound_emails.fail
UPDATE inbound_emails SET state = 'failed', error = $3 WHERE client_id = $1 AND id = $2;

-- inbound_emails.list_failed
SELECT id, coalesce(error, '') AS error, created_at AS "createdAt" FROM inbound_emails
WHERE client_id = $1 AND account_id = $2 AND state = 'failed'
ORDER BY created_at DESC, id DESC LIMIT $3;

-- housekeeping.purge_inbound_emails
WITH purged AS (
  DELETE FROM inbound_emails WHERE ctid = ANY (ARRAY(SELECT ctid FROM inbound_emails WHERE created_at < now() - interval '30 days' LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;

-- inbound_emails.remove
DELETE FROM inbound_emails WHERE client_id = $1 AND id = $2;

-- inbound_emails.retry
UPDATE inbound_emails SET state = 'pending', error = NULL, attempts = 0, next_attempt_at = now()
WHERE client_id = $1 AND account_id = $2 AND id = $3 AND state = 'failed' AND file_id IS NOT NULL
RETURNING true AS raised;
