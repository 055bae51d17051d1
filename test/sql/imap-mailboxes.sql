-- imap_mailboxes.fail
UPDATE imap_mailboxes SET status = 'error', last_error = $5
WHERE client_id = $1 AND account_id = $2 AND held_by = $3 AND set_at = $4::timestamptz
RETURNING EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- imap_mailboxes.find_position
SELECT uid_validity::text AS "uidValidity", last_uid::float8 AS "lastUid", since FROM imap_mailboxes
WHERE client_id = $1 AND account_id = $2 AND held_by = $3;

-- imap_mailboxes.hold
WITH usable AS MATERIALIZED (
  SELECT one.client_id, one.account_id, one.held_by, client.livemode FROM imap_mailboxes one
  JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
), free AS (
  SELECT one.client_id, one.account_id FROM imap_mailboxes one
  WHERE (one.client_id, one.account_id) IN (SELECT client_id, account_id FROM usable WHERE held_by IS NULL)
    AND one.held_by IS NULL
  LIMIT greatest(0, least($2::int, $3::int - (SELECT count(*) FROM usable WHERE held_by = $1)))
  FOR UPDATE OF one SKIP LOCKED
), let_go AS (
  UPDATE imap_mailboxes SET held_by = NULL
  WHERE held_by = $1 AND (client_id, account_id) NOT IN (SELECT client_id, account_id FROM usable)
), taken AS (
  UPDATE imap_mailboxes mailbox SET held_by = $1 FROM free
  WHERE mailbox.client_id = free.client_id AND mailbox.account_id = free.account_id
  RETURNING mailbox.client_id, mailbox.account_id
)
SELECT mailbox.client_id AS "clientId", usable.livemode, mailbox.account_id AS id, mailbox.host, mailbox.port,
       mailbox.secure, mailbox.username, account.secret, mailbox.set_at::text AS "setAt"
FROM (
  SELECT client_id, account_id FROM usable WHERE held_by = $1 UNION ALL SELECT client_id, account_id FROM taken
) held
JOIN usable ON usable.client_id = held.client_id AND usable.account_id = held.account_id
JOIN imap_mailboxes mailbox ON mailbox.client_id = held.client_id AND mailbox.account_id = held.account_id
JOIN email_accounts account ON account.client_id = held.client_id AND account.customer_id = held.account_id;

-- imap_mailboxes.hurry
UPDATE imap_mailboxes SET set_at = now() WHERE client_id = $1 AND account_id = $2 AND status <> 'ok';

-- imap_mailboxes.move
UPDATE imap_mailboxes
SET uid_validity = $6::bigint, last_uid = $7::bigint, since = greatest(since, least($8::timestamptz, now()))
WHERE client_id = $1 AND account_id = $2 AND held_by = $3
  AND uid_validity IS NOT DISTINCT FROM $4::bigint AND last_uid IS NOT DISTINCT FROM $5::bigint
RETURNING account_id AS id;

-- imap_mailboxes.remove
DELETE FROM imap_mailboxes WHERE client_id = $1 AND account_id = $2;

-- imap_mailboxes.set
INSERT INTO imap_mailboxes (client_id, account_id, host, port, secure, username)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (client_id, account_id) DO UPDATE
SET host = $3, port = $4, secure = $5, username = $6, set_at = now(),
    uid_validity = CASE WHEN imap_mailboxes.username <> $6 THEN NULL
                        WHEN imap_mailboxes.host <> $3 AND imap_mailboxes.uid_validity IS NOT NULL THEN 0
                        ELSE imap_mailboxes.uid_validity END,
    last_uid = CASE WHEN imap_mailboxes.username = $6 THEN imap_mailboxes.last_uid END,
    since = CASE WHEN imap_mailboxes.username = $6 THEN imap_mailboxes.since END,
    status = CASE WHEN imap_mailboxes.username = $6 THEN imap_mailboxes.status ELSE 'pending' END,
    last_error = CASE WHEN imap_mailboxes.username = $6 THEN imap_mailboxes.last_error END;

-- imap_mailboxes.works
UPDATE imap_mailboxes SET status = 'ok', last_error = NULL
WHERE client_id = $1 AND account_id = $2 AND held_by = $3 AND status <> 'ok';
