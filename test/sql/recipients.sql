-- campaign_recipients.account_version
SELECT updated_at::text AS version FROM email_accounts WHERE client_id = $1 AND customer_id = $2;

-- campaign_recipients.again
UPDATE campaign_recipients
SET status = 'pending', claimed_by = NULL, next_attempt_at = now() + make_interval(secs => $4), error = $5,
    attempts = attempts + $6::boolean::int
WHERE client_id = $1 AND id = $2 AND claims = $3 AND status IN ('claimed', 'transmitting', 'unknown');

-- campaign_recipients.claim
SELECT recipient_id AS id, campaign_number::float8 AS campaign, person AS "customerId", mailed AS address,
       tries AS attempts, claim, wait_ms AS "waitMs", letter AS variant
FROM email_accounts account
CROSS JOIN LATERAL claim_recipients($1, account.customer_id, $3, $4)
WHERE account.client_id = $1 AND account.customer_id = $2;

-- campaign_recipients.content
SELECT one.id, coalesce(variant.frozen_subject, one.frozen_subject) AS subject,
       coalesce(variant.frozen_html, one.frozen_html) AS html, coalesce(variant.frozen_text, one.frozen_text) AS text,
       client.name AS workspace, variant.letter AS variant
FROM campaigns one
JOIN clients client ON client.id = one.client_id
LEFT JOIN campaign_variants variant ON variant.client_id = $1 AND variant.campaign = one.number AND variant.letter = $3
WHERE one.client_id = $1 AND one.number = $2 AND one.frozen_subject IS NOT NULL;

-- campaign_recipients.doubt
UPDATE campaign_recipients SET status = 'unknown', claimed_by = NULL, error = $4
WHERE client_id = $1 AND id = $2 AND claims = $3 AND status IS NOT DISTINCT FROM 'transmitting';

-- campaign_recipients.due_accounts
SELECT account.client_id AS "clientId", client.livemode, account.customer_id AS "accountId"
FROM email_accounts account
JOIN clients client ON client.id = account.client_id AND client.disabled_at IS NULL
WHERE (account.status = 'ok' OR account.retry_at <= now()) AND NOT account.customer_id = ANY($1::uuid[])
  AND (account.next_send_at IS NULL OR account.next_send_at <= now() + interval '1 second')
  AND EXISTS (
    SELECT FROM campaigns campaign
    WHERE campaign.client_id = account.client_id AND campaign.email_account_id = account.customer_id
      AND campaign.status = 'sending' AND (
        SELECT true FROM campaign_recipients due
        WHERE due.client_id = campaign.client_id AND due.campaign = campaign.number AND due.status = 'pending'
          AND due.next_attempt_at <= now() LIMIT 1))
ORDER BY account.next_send_at NULLS FIRST LIMIT $2;

-- campaign_recipients.fail
WITH failed AS (
  UPDATE campaign_recipients SET status = 'failed', claimed_by = NULL, error = $4
  WHERE client_id = $1 AND id = $2 AND claims = $3 AND status IN ('claimed', 'transmitting', 'unknown')
  RETURNING address
)
SELECT suppress_address($1, gen_random_uuid(), failed.address, 'bounced', 'bounce') FROM failed
WHERE $5 AND failed.address IS NOT NULL;

-- campaigns.hold_preparing
SELECT frozen_audience AS audience, prepared_upto::float8 AS "preparedUpto", prepare_to::float8 AS "prepareTo",
       started_at AS "startedAt", type = 'ab_test' AS "isTest"
FROM campaigns
WHERE client_id = $1 AND number = $2 AND status = 'sending' AND prepared_at IS NULL
FOR NO KEY UPDATE SKIP LOCKED;

-- campaign_recipients.pause_account
UPDATE email_accounts SET status = 'error', last_error = $3, retry_at = now() + make_interval(secs => $4)
WHERE client_id = $1 AND customer_id = $2 AND updated_at = $5::timestamptz
RETURNING EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- campaigns.prepared
UPDATE campaigns SET prepared_upto = $3, prepared_at = CASE WHEN $4 THEN now() END
WHERE client_id = $1 AND number = $2
RETURNING true AS raised;

-- campaign_recipients.recover
WITH lost AS MATERIALIZED (
  SELECT client_id, campaign, number FROM campaign_recipients
  WHERE status IN ('claimed', 'transmitting') AND claimed_by IS NULL
  ORDER BY client_id, campaign, number LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE campaign_recipients recipient
SET status = CASE recipient.status WHEN 'claimed' THEN 'pending' ELSE 'unknown' END, claimed_by = NULL,
    error = CASE recipient.status WHEN 'claimed' THEN NULL ELSE 'What came of it could not be written down.' END
FROM lost
WHERE recipient.client_id = lost.client_id AND recipient.campaign = lost.campaign AND recipient.number = lost.number
RETURNING recipient.number;

-- campaign_recipients.recover_own
WITH lost AS MATERIALIZED (
  SELECT client_id, campaign, number FROM campaign_recipients
  WHERE status IN ('claimed', 'transmitting') AND claimed_by = $2 AND NOT id = ANY($3::uuid[])
  ORDER BY client_id, campaign, number LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE campaign_recipients recipient
SET status = CASE recipient.status WHEN 'claimed' THEN 'pending' ELSE 'unknown' END, claimed_by = NULL,
    error = CASE recipient.status WHEN 'claimed' THEN NULL ELSE 'What came of it could not be written down.' END
FROM lost
WHERE recipient.client_id = lost.client_id AND recipient.campaign = lost.campaign AND recipient.number = lost.number
RETURNING recipient.number;

-- campaign_recipients.retry_unknown
UPDATE campaign_recipients SET status = 'pending', next_attempt_at = now(), attempts = 0, error = NULL
WHERE client_id = $1 AND campaign = $2 AND status = 'unknown'
RETURNING number;

-- campaign_recipients.sent
WITH touched AS MATERIALIZED (
  SELECT touch.customer_id FROM contact_touches touch
  WHERE touch.client_id = $1
    AND touch.customer_id = (SELECT one.customer_id FROM campaign_recipients one WHERE one.client_id = $1 AND one.id = $2)
  FOR NO KEY UPDATE
), moved AS (
  UPDATE contact_touches touch SET last_contacted_at = greatest(touch.last_contacted_at, now())
  FROM touched WHERE touch.client_id = $1 AND touch.customer_id = touched.customer_id
), sent AS (
  UPDATE campaign_recipients recipient SET status = 'sent', sent_at = now(), claimed_by = NULL, error = NULL
  WHERE recipient.client_id = $1 AND recipient.id = $2 AND recipient.claims = $3
    AND recipient.status IN ('transmitting', 'unknown')
  RETURNING recipient.id, recipient.campaign
)
SELECT raise_event($1, 'campaign.delivered', NULL, NULL, jsonb_build_object('id', id, 'number', campaign), false),
       true AS raised
FROM sent
WHERE EXISTS (SELECT FROM webhook_endpoints WHERE client_id = $1 AND events @> '{campaign.delivered}');

-- campaigns.settle
WITH judged AS MATERIALIZED (
  SELECT one.number, one.prepared_at IS NOT NULL AND NOT EXISTS (
           SELECT FROM campaign_recipients unfinished
           WHERE unfinished.client_id = $1 AND unfinished.campaign = $2
             AND unfinished.status IN ('pending', 'held', 'claimed', 'transmitting')
         ) AS is_sent, NOT EXISTS (
           SELECT FROM email_accounts account
           JOIN addresses address ON address.client_id = $1 AND address.customer_id = account.customer_id
             AND address.released_at IS NULL
           WHERE account.client_id = $1 AND account.customer_id = one.email_account_id
             AND (account.status = 'ok' OR account.retry_at IS NOT NULL)
         ) AS is_stuck
  FROM campaigns one WHERE one.client_id = $1 AND one.number = $2 AND one.status = 'sending'
)
UPDATE campaigns one
SET status = CASE WHEN is_sent THEN 'sent' ELSE 'paused' END,
    status_reason = CASE WHEN NOT is_sent THEN 'account_error' END,
    sent_at = CASE WHEN is_sent THEN now() ELSE one.sent_at END
FROM judged
WHERE one.client_id = $1 AND one.number = judged.number AND (judged.is_sent OR judged.is_stuck)
RETURNING EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- campaigns.to_prepare
SELECT one.client_id AS "clientId", client.livemode, one.number::float8 AS number, one.status = 'scheduled' AS "isToStart"
FROM campaigns one JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
WHERE one.status = 'scheduled' AND one.scheduled_at <= now() OR one.status = 'sending' AND one.prepared_at IS NULL
ORDER BY one.prepared_upto, one.client_id, one.number LIMIT $1;

-- campaigns.to_settle
SELECT one.client_id AS "clientId", client.livemode, one.number::float8 AS number
FROM campaigns one
JOIN clients client ON client.id = one.client_id
LEFT JOIN email_accounts account
  ON account.client_id = one.client_id AND account.customer_id = one.email_account_id
LEFT JOIN addresses address
  ON address.client_id = one.client_id AND address.customer_id = one.email_account_id AND address.released_at IS NULL
WHERE one.status = 'sending' AND (
  one.prepared_at IS NOT NULL AND (
    SELECT true FROM campaign_recipients unfinished
    WHERE unfinished.client_id = one.client_id AND unfinished.campaign = one.number
      AND unfinished.status IN ('pending', 'held', 'claimed', 'transmitting') LIMIT 1) IS NULL
  OR address.customer_id IS NULL OR account.customer_id IS NULL
  OR account.status <> 'ok' AND account.retry_at IS NULL)
LIMIT $1;

-- campaign_recipients.transmit
SELECT transmit_recipient($1, one.id, $3, $4) AS answer FROM campaign_recipients one
WHERE one.client_id = $1 AND one.id = $2;
