-- email_accounts.choose_default
UPDATE addresses one SET is_default = true
WHERE one.client_id = $1 AND one.customer_id = (
  SELECT oldest.customer_id FROM addresses oldest
  WHERE oldest.client_id = $1 AND oldest.medium = 'email' AND oldest.released_at IS NULL
  ORDER BY oldest.is_default DESC, oldest.created_at, oldest.customer_id LIMIT 1);

-- email_accounts.close
WITH closed AS (
  UPDATE addresses SET released_at = now(), is_default = false WHERE client_id = $1 AND customer_id = $2
  RETURNING customer_id
)
UPDATE email_accounts account SET secret = '', updated_at = now()
FROM closed
WHERE account.client_id = $1 AND account.customer_id = closed.customer_id;

-- email_accounts.count
SELECT count(*)::int AS total FROM addresses
WHERE client_id = $1 AND medium = 'email' AND released_at IS NULL;

-- email_accounts.create
INSERT INTO email_accounts (client_id, customer_id, number, from_name, host, port, secure, username, secret,
                            dkim_domain, dkim_selector, rate_per_minute, inbound_token_sha256, inbound_name)
VALUES ($1, $2, draw_numbers($1, 'email_accounts', 1), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- email_accounts.create_address
INSERT INTO addresses (client_id, customer_id, medium, kind, address, name, capabilities, verified_at, is_default)
SELECT $1, $2, 'email', 'email', $3, $4, '{}', now(), NOT EXISTS (
  SELECT FROM addresses other WHERE other.client_id = $1 AND other.medium = 'email' AND other.is_default)
ON CONFLICT DO NOTHING
RETURNING customer_id;

-- email_accounts.find
SELECT account.customer_id AS id, account.number::float8 AS number, address.address AS email,
  account.from_name AS "fromName", address.name, address.is_default AS "isDefault", account.host, account.port,
  account.secure, account.username, account.secret, account.dkim_domain AS "dkimDomain",
  account.dkim_selector AS "dkimSelector", account.rate_per_minute AS "ratePerMinute",
  account.inbound_name AS "inboundName", account.status, account.last_error AS "lastError",
  CASE WHEN mailbox.account_id IS NOT NULL THEN jsonb_build_object(
    'host', mailbox.host, 'port', mailbox.port, 'secure', mailbox.secure, 'username', mailbox.username,
    'status', mailbox.status, 'lastError', mailbox.last_error) END AS imap FROM email_accounts account
  JOIN addresses address ON address.client_id = $1 AND address.customer_id = account.customer_id
    AND address.released_at IS NULL
  LEFT JOIN imap_mailboxes mailbox ON mailbox.client_id = $1 AND mailbox.account_id = account.customer_id
WHERE account.client_id = $1 AND (account.number = $2::bigint OR account.customer_id = $3::uuid);

-- email_accounts.find_by_inbound_name
SELECT account.client_id AS "clientId", client.livemode, account.customer_id AS id
FROM email_accounts account
JOIN addresses address ON address.client_id = account.client_id AND address.customer_id = account.customer_id
  AND address.released_at IS NULL
JOIN clients client ON client.id = account.client_id AND client.disabled_at IS NULL WHERE account.inbound_name = $1;

-- email_accounts.find_by_token
SELECT account.client_id AS "clientId", client.livemode, account.customer_id AS id
FROM email_accounts account
JOIN addresses address ON address.client_id = account.client_id AND address.customer_id = account.customer_id
  AND address.released_at IS NULL
JOIN clients client ON client.id = account.client_id AND client.disabled_at IS NULL WHERE account.inbound_token_sha256 = $1;

-- email_accounts.find_sealed_before
SELECT client_id AS "clientId", customer_id AS id, secret FROM email_accounts
WHERE substring(secret FROM 1 FOR 4) <> $1 AND secret <> '' AND (client_id, customer_id) > ($2::uuid, $3::uuid)
ORDER BY client_id, customer_id LIMIT $4;

-- email_accounts.list
SELECT account.customer_id AS id, account.number::float8 AS number, address.address AS email,
account.from_name AS "fromName", address.name, address.is_default AS "isDefault", account.host, account.port,
account.secure, account.username, account.secret, account.dkim_domain AS "dkimDomain",
account.dkim_selector AS "dkimSelector", account.rate_per_minute AS "ratePerMinute",
account.inbound_name AS "inboundName", account.status, account.last_error AS "lastError",
CASE WHEN mailbox.account_id IS NOT NULL THEN jsonb_build_object(
  'host', mailbox.host, 'port', mailbox.port, 'secure', mailbox.secure, 'username', mailbox.username,
  'status', mailbox.status, 'lastError', mailbox.last_error) END AS imap FROM email_accounts account
JOIN addresses address ON address.client_id = $1 AND address.customer_id = account.customer_id
  AND address.released_at IS NULL
LEFT JOIN imap_mailboxes mailbox ON mailbox.client_id = $1 AND mailbox.account_id = account.customer_id WHERE account.client_id = $1 ORDER BY account.number;

-- email_accounts.lock
SELECT name FROM counters WHERE client_id = $1 AND name = 'email_accounts' FOR NO KEY UPDATE;

-- email_accounts.lose_default
UPDATE addresses SET is_default = false
WHERE client_id = $1 AND medium = 'email' AND is_default AND customer_id <> $2;

-- email_accounts.make_default
UPDATE addresses SET is_default = true WHERE client_id = $1 AND customer_id = $2 AND released_at IS NULL;

-- email_accounts.rename
UPDATE addresses SET name = $3 WHERE client_id = $1 AND customer_id = $2;

-- email_accounts.seal_anew
UPDATE email_accounts SET secret = $4 WHERE client_id = $1 AND customer_id = $2 AND secret = $3;

-- email_accounts.update
UPDATE email_accounts
SET from_name = $3, host = $4, port = $5, secure = $6, username = $7, secret = $8, dkim_domain = $9, dkim_selector = $10,
    rate_per_minute = $11, inbound_token_sha256 = $12, updated_at = now()
WHERE client_id = $1 AND customer_id = $2;
