-- bounces.delay
UPDATE email_deliveries SET provider_code = $3, error_text = $4
WHERE client_id = $1 AND id = $2 AND status = 'sent';

-- bounces.find_bounced
SELECT mail.id, ARRAY(
  SELECT lower(named->>'address') FROM jsonb_array_elements(mail."to" || mail.cc || mail.bcc) named
) AS recipients
FROM email_messages mail
WHERE mail.client_id = $1 AND mail.account_id = $2 AND mail.direction = 'outbound'
  AND (mail.id = $3::uuid OR mail.message_id_sha256 = $4::bytea);

-- bounces.return
UPDATE email_deliveries
SET status = 'undelivered', error_code = $3, provider_code = $4, error_text = $5, next_attempt_at = NULL, done_at = now()
WHERE client_id = $1 AND id = $2 AND status IN ('queued', 'sending', 'sent')
RETURNING id, EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- bounces.suppress
SELECT suppress_address($1, $2, $3, 'bounced', 'bounce') FROM email_deliveries one
WHERE one.client_id = $1 AND one.id = $4 AND count_returned($1, $3) >= $5;
