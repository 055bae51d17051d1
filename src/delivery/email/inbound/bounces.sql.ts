import type { Statement } from '../../../platform/database/statement.js';
import { LISTENED } from '../../../platform/outbox/raise.js';

/** The mail that account `$2` sent as delivery `$3`, or whose Message-ID hashes to `$4`, and to whom. */
export const FIND_BOUNCED: Statement = {
  name: 'bounces.find_bounced',
  text: `
    SELECT mail.id, ARRAY(
      SELECT lower(named->>'address') FROM jsonb_array_elements(mail."to" || mail.cc || mail.bcc) named
    ) AS recipients
    FROM email_messages mail
    WHERE mail.client_id = $1 AND mail.account_id = $2 AND mail.direction = 'outbound'
      AND (mail.id = $3::uuid OR mail.message_id_sha256 = $4::bytea)`,
};

/** Mail `$2` did not arrive: `$3`, in its server's words `$4`, `$5`. No row: that is known. */
export const RETURN: Statement = {
  name: 'bounces.return',
  text: `
    UPDATE email_deliveries
    SET status = 'undelivered', error_code = $3, provider_code = $4, error_text = $5, next_attempt_at = NULL, done_at = now()
    WHERE client_id = $1 AND id = $2 AND status IN ('queued', 'sending', 'sent')
    RETURNING id, ${LISTENED} AS raised`,
};

/** Mail `$2` is still on its way: its server said `$3`, `$4`. */
export const DELAY: Statement = {
  name: 'bounces.delay',
  text: `
    UPDATE email_deliveries SET provider_code = $3, error_text = $4
    WHERE client_id = $1 AND id = $2 AND status = 'sent'`,
};

/**
 * Address `$3`, from which mail `$4` came back, gets nothing unasked from now on, if at least `$5` came back within thirty days;
 * `$2` is the id where it was not so before. See suppress_address and count_returned in src/engagement.
 */
export const SUPPRESS: Statement = {
  name: 'bounces.suppress',
  text: `
    SELECT suppress_address($1, $2, $3, 'bounced', 'bounce') FROM email_deliveries one
    WHERE one.client_id = $1 AND one.id = $4 AND count_returned($1, $3) >= $5`,
};
