import type { Statement } from '../../platform/database/statement.js';
import { LISTENED } from '../../platform/outbox/raise.js';

/**
 * Of no client: accounts that have mails of campaigns to send now, none of `$1`, whoever waits longest first. One recipient of
 * each campaign is looked for (`LIMIT`): an `EXISTS` would read all of them.
 */
export const DUE_ACCOUNTS: Statement = {
  name: 'campaign_recipients.due_accounts',
  text: `
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
    ORDER BY account.next_send_at NULLS FIRST LIMIT $2`,
};

/** For process `$3`, up to `$4` of what account `$2` sends. */
export const CLAIM: Statement = {
  name: 'campaign_recipients.claim',
  text: `
    SELECT recipient_id AS id, campaign_number::float8 AS campaign, person AS "customerId", mailed AS address,
           tries AS attempts, claim, wait_ms AS "waitMs", letter AS variant
    FROM email_accounts account
    CROSS JOIN LATERAL claim_recipients($1, account.customer_id, $3, $4)
    WHERE account.client_id = $1 AND account.customer_id = $2`,
};

/** What campaign `$2` says, by its variant `$3`; null: it is no A/B test. */
export const CONTENT: Statement = {
  name: 'campaign_recipients.content',
  text: `
    SELECT one.id, coalesce(variant.frozen_subject, one.frozen_subject) AS subject,
           coalesce(variant.frozen_html, one.frozen_html) AS html, coalesce(variant.frozen_text, one.frozen_text) AS text,
           client.name AS workspace, variant.letter AS variant
    FROM campaigns one
    JOIN clients client ON client.id = one.client_id
    LEFT JOIN campaign_variants variant ON variant.client_id = $1 AND variant.campaign = one.number AND variant.letter = $3
    WHERE one.client_id = $1 AND one.number = $2 AND one.frozen_subject IS NOT NULL`,
};

export const TRANSMIT: Statement = {
  name: 'campaign_recipients.transmit',
  text: `
    SELECT transmit_recipient($1, one.id, $3, $4) AS answer FROM campaign_recipients one
    WHERE one.client_id = $1 AND one.id = $2`,
};

/**
 * Their server has the mail of recipient `$2`, taken for the `$3`th time; also where a process that was taken for dead says so.
 * The contact was written to now. It is told to endpoints that ask for that: sockets would drown in them.
 */
export const SENT: Statement = {
  name: 'campaign_recipients.sent',
  text: `
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
    WHERE EXISTS (SELECT FROM webhook_endpoints WHERE client_id = $1 AND events @> '{campaign.delivered}')`,
};

/** Recipient `$2`, taken for the `$3`th time, gets nothing: its server said `$4`. Where there is nobody, `$5`, it never does. */
export const FAIL: Statement = {
  name: 'campaign_recipients.fail',
  text: `
    WITH failed AS (
      UPDATE campaign_recipients SET status = 'failed', claimed_by = NULL, error = $4
      WHERE client_id = $1 AND id = $2 AND claims = $3 AND status IN ('claimed', 'transmitting', 'unknown')
      RETURNING address
    )
    SELECT suppress_address($1, gen_random_uuid(), failed.address, 'bounced', 'bounce') FROM failed
    WHERE $5 AND failed.address IS NOT NULL`,
};

/** The call surely did nothing: recipient `$2`, taken for the `$3`th time, is due in `$4` seconds; `$5` why, `$6` whether it counts. */
export const AGAIN: Statement = {
  name: 'campaign_recipients.again',
  text: `
    UPDATE campaign_recipients
    SET status = 'pending', claimed_by = NULL, next_attempt_at = now() + make_interval(secs => $4), error = $5,
        attempts = attempts + $6::boolean::int
    WHERE client_id = $1 AND id = $2 AND claims = $3 AND status IN ('claimed', 'transmitting', 'unknown')`,
};

/** Nobody knows whether recipient `$2`, taken for the `$3`th time, has its mail, because of `$4`. */
export const DOUBT: Statement = {
  name: 'campaign_recipients.doubt',
  text: `
    UPDATE campaign_recipients SET status = 'unknown', claimed_by = NULL, error = $4
    WHERE client_id = $1 AND id = $2 AND claims = $3 AND status IS NOT DISTINCT FROM 'transmitting'`,
};

/**
 * Account `$2` does not work, because of `$3`: nothing of it goes out until it is changed or tested, or for `$4` seconds where
 * that is not null. Where it was changed since `$5`, this is known of its former settings only.
 */
export const PAUSE_ACCOUNT: Statement = {
  name: 'campaign_recipients.pause_account',
  text: `
    UPDATE email_accounts SET status = 'error', last_error = $3, retry_at = now() + make_interval(secs => $4)
    WHERE client_id = $1 AND customer_id = $2 AND updated_at = $5::timestamptz
    RETURNING ${LISTENED} AS raised`,
};

/** How account `$2` is now, to the microsecond. */
export const ACCOUNT_VERSION: Statement = {
  name: 'campaign_recipients.account_version',
  text: `SELECT updated_at::text AS version FROM email_accounts WHERE client_id = $1 AND customer_id = $2`,
};

/** What is unknown of campaign `$2` goes once more. */
export const RETRY_UNKNOWN: Statement = {
  name: 'campaign_recipients.retry_unknown',
  text: `
    UPDATE campaign_recipients SET status = 'pending', next_attempt_at = now(), attempts = 0, error = NULL
    WHERE client_id = $1 AND campaign = $2 AND status = 'unknown'
    RETURNING number`,
};

/** Nobody has these any more: what was on its way nobody knows, and is not sent again; the rest is due. */
const recovered = (lost: string): string => `
    WITH lost AS MATERIALIZED (
      SELECT client_id, campaign, number FROM campaign_recipients
      WHERE status IN ('claimed', 'transmitting') AND ${lost}
      ORDER BY client_id, campaign, number LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE campaign_recipients recipient
    SET status = CASE recipient.status WHEN 'claimed' THEN 'pending' ELSE 'unknown' END, claimed_by = NULL,
        error = CASE recipient.status WHEN 'claimed' THEN NULL ELSE 'What came of it could not be written down.' END
    FROM lost
    WHERE recipient.client_id = lost.client_id AND recipient.campaign = lost.campaign AND recipient.number = lost.number
    RETURNING recipient.number`;

/** Of no client: up to `$1` of what processes had that died. */
export const RECOVER: Statement = {
  name: 'campaign_recipients.recover',
  text: recovered('claimed_by IS NULL'),
};

/** Of no client: up to `$1` of what process `$2` has, but for the recipients `$3`. */
export const RECOVER_OWN: Statement = {
  name: 'campaign_recipients.recover_own',
  text: recovered('claimed_by = $2 AND NOT id = ANY($3::uuid[])'),
};

/** Of no client: campaigns whose time has come, and whose recipients are still to be made. */
export const TO_PREPARE: Statement = {
  name: 'campaigns.to_prepare',
  text: `
    SELECT one.client_id AS "clientId", client.livemode, one.number::float8 AS number, one.status = 'scheduled' AS "isToStart"
    FROM campaigns one JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
    WHERE one.status = 'scheduled' AND one.scheduled_at <= now() OR one.status = 'sending' AND one.prepared_at IS NULL
    ORDER BY one.prepared_upto, one.client_id, one.number LIMIT $1`,
};

/** Holds campaign `$2`, where nobody else does, and tells how far its recipients are made. */
export const HOLD_PREPARING: Statement = {
  name: 'campaigns.hold_preparing',
  text: `
    SELECT frozen_audience AS audience, prepared_upto::float8 AS "preparedUpto", prepare_to::float8 AS "prepareTo",
           started_at AS "startedAt", type = 'ab_test' AS "isTest"
    FROM campaigns
    WHERE client_id = $1 AND number = $2 AND status = 'sending' AND prepared_at IS NULL
    FOR NO KEY UPDATE SKIP LOCKED`,
};

/** The recipients of campaign `$2` are made up to contact `$3`; `$4`: these were all. */
export const PREPARED: Statement = {
  name: 'campaigns.prepared',
  text: `
    UPDATE campaigns SET prepared_upto = $3, prepared_at = CASE WHEN $4 THEN now() END
    WHERE client_id = $1 AND number = $2
    RETURNING true AS raised`,
};

/** Of no client: campaigns that may have come to their end, or whose account does not work or is gone. */
export const TO_SETTLE: Statement = {
  name: 'campaigns.to_settle',
  text: `
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
    LIMIT $1`,
};

/** Campaign `$2`, which is held, is sent where nothing of it is left to do, and else paused: its account does not work. */
export const SETTLE: Statement = {
  name: 'campaigns.settle',
  text: `
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
    RETURNING ${LISTENED} AS raised`,
};
