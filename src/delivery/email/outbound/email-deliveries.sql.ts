import { filesIn } from '../../media/media.sql.js';
import type { Statement } from '../../../platform/database/statement.js';
import { LISTENED } from '../../../platform/outbox/raise.js';

/**
 * Of no client: the worker serves them all. Takes up to `$2` that have been due longest, none of the clients `$1`. Whoever
 * takes them has `$3` milliseconds.
 */
export const CLAIM: Statement = {
  name: 'email_deliveries.claim',
  text: `
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
    FROM claimed JOIN clients client ON client.id = claimed.client_id`,
};

export const SUBMIT: Statement = {
  name: 'email_deliveries.submit',
  text: `
    SELECT submitted.answer, submitted.answer = 'ended' AND ${LISTENED} AS raised
    FROM email_deliveries one CROSS JOIN LATERAL submit_mail($1, one.id, $3) AS submitted (answer)
    WHERE one.client_id = $1 AND one.id = $2`,
};

/** All that goes out of mail `$2`, and by what. */
export const FIND: Statement = {
  name: 'email_deliveries.find',
  text: `
    SELECT mail.message_id AS "messageId", mail.followed_ids AS follows, mail."from", mail."to", mail.cc, mail.bcc,
           mail.subject, mail.text, mail.html, mail.automatic, ${filesIn('message')} AS files,
           one.created_at AS "createdAt", conversation.number::float8 AS "conversationNumber",
           account.customer_id AS "accountId", account.host, account.port, account.secure, account.username, account.secret,
           account.dkim_domain AS "dkimDomain", account.dkim_selector AS "dkimSelector",
           account.inbound_name AS "inboundName", account.updated_at::text AS "accountUpdatedAt"
    FROM email_deliveries one
    JOIN email_messages mail ON mail.client_id = $1 AND mail.id = one.id
    JOIN email_accounts account ON account.client_id = $1 AND account.customer_id = one.account_id
    JOIN conversations conversation ON conversation.client_id = $1 AND conversation.channel_id = mail.channel_id
    JOIN messages message ON message.client_id = $1 AND message.id = one.id
    WHERE one.client_id = $1 AND one.id = $2`,
};

/** The server has mail `$2`. A row: its account was paused, and is to go on. */
export const SENT: Statement = {
  name: 'email_deliveries.sent',
  text: `
    WITH one AS MATERIALIZED (
      UPDATE email_deliveries
      SET status = 'sent', sent_at = now(), next_attempt_at = NULL, error_code = NULL, provider_code = NULL, error_text = NULL
      WHERE client_id = $1 AND id = $2 AND status IN ('queued', 'sending')
      RETURNING account_id
    )
    SELECT account.customer_id AS id FROM one
    JOIN email_accounts account ON account.client_id = $1 AND account.customer_id = one.account_id AND account.status <> 'ok'`,
};

/** Mail `$2` does not go out, because of `$3`; its server said `$4`, `$5`. */
export const FAIL: Statement = {
  name: 'email_deliveries.fail',
  text: `
    UPDATE email_deliveries
    SET status = 'failed', error_code = $3, provider_code = $4, error_text = $5, next_attempt_at = NULL, done_at = now()
    WHERE client_id = $1 AND id = $2 AND status IN ('queued', 'sending')`,
};

/** The call surely did nothing: mail `$2`, taken for the `$3`th time, is due again in `$4` seconds; its server said `$5`, `$6`. */
export const AGAIN: Statement = {
  name: 'email_deliveries.again',
  text: `
    UPDATE email_deliveries
    SET submitted_at = NULL, tries = tries + 1, next_attempt_at = now() + make_interval(secs => $4),
        provider_code = $5, error_text = $6
    WHERE client_id = $1 AND id = $2 AND claims = $3 AND next_attempt_at IS NOT NULL`,
};

/** Nobody knows what came of the call of mail `$2`, taken for the `$3`th time: it is looked at again in `$4` seconds. */
export const DOUBT: Statement = {
  name: 'email_deliveries.doubt',
  text: `
    UPDATE email_deliveries SET next_attempt_at = now() + make_interval(secs => $4), error_text = $5
    WHERE client_id = $1 AND id = $2 AND claims = $3 AND next_attempt_at IS NOT NULL`,
};

/** Nobody knows what came of mail `$2`, and somebody wants it to go all the same. No row: that is no such mail. */
export const SEND_AGAIN: Statement = {
  name: 'email_deliveries.send_again',
  text: `
    UPDATE email_deliveries
    SET status = 'queued', error_code = NULL, provider_code = NULL, error_text = NULL, submitted_at = NULL, tries = 0,
        doubts = 0, done_at = NULL, next_attempt_at = now()
    WHERE client_id = $1 AND id = $2 AND status = 'failed' AND error_code = 'outcome_unknown'
    RETURNING true AS raised`,
};

/**
 * The account of mail `$2` does not work, because of `$4`: nothing of it goes out until it is changed or tested, or for `$5`
 * seconds where that is not null. Where it was changed since `$6`, this is known of its former settings only. Nothing of the
 * mail is used up.
 */
export const PAUSE: Statement = {
  name: 'email_deliveries.pause',
  text: `
    WITH one AS MATERIALIZED (
      UPDATE email_deliveries SET submitted_at = NULL, status = 'queued', next_attempt_at = now()
      WHERE client_id = $1 AND id = $2 AND claims = $3 AND next_attempt_at IS NOT NULL
      RETURNING account_id
    )
    UPDATE email_accounts account
    SET status = 'error', last_error = $4, retry_at = now() + make_interval(secs => $5)
    FROM one
    WHERE account.client_id = $1 AND account.customer_id = one.account_id AND account.updated_at = $6::timestamptz
    RETURNING ${LISTENED} AS raised`,
};

/** Account `$2` works again. */
export const RESUME: Statement = {
  name: 'email_deliveries.resume',
  text: `
    UPDATE email_accounts SET status = 'ok', last_error = NULL, retry_at = NULL
    WHERE client_id = $1 AND customer_id = $2`,
};

/** What waits for account `$2` is due. After it works again, in its transaction: until then more may come to wait. */
export const RELEASE: Statement = {
  name: 'email_deliveries.release',
  text: `
    UPDATE email_deliveries SET next_attempt_at = now()
    WHERE client_id = $1 AND account_id = $2 AND next_attempt_at = 'infinity'
    RETURNING true AS raised`,
};
