-- email_deliveries.again
UPDATE email_deliveries
SET submitted_at = NULL, tries = tries + 1, next_attempt_at = now() + make_interval(secs => $4),
    provider_code = $5, error_text = $6
WHERE client_id = $1 AND id = $2 AND claims = $3 AND next_attempt_at IS NOT NULL;

-- email_deliveries.claim
WITH due AS MATERIALIZED (
  SELECT client_id, id FROM email_deliveries
  WHERE next_attempt_at <= now() AND NOT client_id = ANY($1::uuid[])
  ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE email_deliveries one
  SET next_attempt_at = now() + make_interval(secs => $3 / 1000.0), claims = one.claims + 1
  FROM due
  WHERE one.client_id = due.client_id AND one.id = due.id
  RETURNING one.*
)
SELECT claimed.client_id AS "clientId", client.livemode, claimed.id, claimed.claims, claimed.tries
FROM claimed JOIN clients client ON client.id = claimed.client_id;

-- email_deliveries.doubt
UPDATE email_deliveries SET next_attempt_at = now() + make_interval(secs => $4), error_text = $5
WHERE client_id = $1 AND id = $2 AND claims = $3 AND next_attempt_at IS NOT NULL;

-- email_deliveries.fail
UPDATE email_deliveries
SET status = 'failed', error_code = $3, provider_code = $4, error_text = $5, next_attempt_at = NULL, done_at = now()
WHERE client_id = $1 AND id = $2 AND status IN ('queued', 'sending');

-- email_deliveries.find
SELECT mail.message_id AS "messageId", mail.followed_ids AS follows, mail."from", mail."to", mail.cc, mail.bcc,
       mail.subject, mail.text, mail.html, mail.automatic, coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') AS files,
       one.created_at AS "createdAt", conversation.number::float8 AS "conversationNumber",
       account.customer_id AS "accountId", account.host, account.port, account.secure, account.username, account.secret,
       account.dkim_domain AS "dkimDomain", account.dkim_selector AS "dkimSelector",
       account.inbound_name AS "inboundName", account.updated_at::text AS "accountUpdatedAt"
FROM email_deliveries one
JOIN email_messages mail ON mail.client_id = $1 AND mail.id = one.id
JOIN email_accounts account ON account.client_id = $1 AND account.customer_id = one.account_id
JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = mail.channel_id
JOIN messages message ON message.client_id = $1 AND message.id = one.id
WHERE one.client_id = $1 AND one.id = $2;

-- email_deliveries.pause
WITH one AS MATERIALIZED (
  UPDATE email_deliveries SET submitted_at = NULL, status = 'queued', next_attempt_at = now()
  WHERE client_id = $1 AND id = $2 AND claims = $3 AND next_attempt_at IS NOT NULL
  RETURNING account_id
)
UPDATE email_accounts account
SET status = 'error', last_error = $4, retry_at = now() + make_interval(secs => $5)
FROM one
WHERE account.client_id = $1 AND account.customer_id = one.account_id AND account.updated_at = $6::timestamptz
RETURNING EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- email_deliveries.release
UPDATE email_deliveries SET next_attempt_at = now()
WHERE client_id = $1 AND account_id = $2 AND next_attempt_at = 'infinity'
RETURNING true AS raised;

-- email_deliveries.resume
UPDATE email_accounts SET status = 'ok', last_error = NULL, retry_at = NULL
WHERE client_id = $1 AND customer_id = $2;

-- email_deliveries.send_again
UPDATE email_deliveries
SET status = 'queued', error_code = NULL, provider_code = NULL, error_text = NULL, submitted_at = NULL, tries = 0,
    doubts = 0, done_at = NULL, next_attempt_at = now()
WHERE client_id = $1 AND id = $2 AND status = 'failed' AND error_code = 'outcome_unknown'
RETURNING true AS raised;

-- email_deliveries.sent
WITH one AS MATERIALIZED (
  UPDATE email_deliveries
  SET status = 'sent', sent_at = now(), next_attempt_at = NULL, error_code = NULL, provider_code = NULL, error_text = NULL
  WHERE client_id = $1 AND id = $2 AND status IN ('queued', 'sending')
  RETURNING account_id
)
SELECT account.customer_id AS id FROM one
JOIN email_accounts account ON account.client_id = $1 AND account.customer_id = one.account_id AND account.status <> 'ok';

-- email_deliveries.submit
SELECT submitted.answer, submitted.answer = 'ended' AND EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised
FROM email_deliveries one CROSS JOIN LATERAL submit_mail($1, one.id, $3) AS submitted (answer)
WHERE one.client_id = $1 AND one.id = $2;
