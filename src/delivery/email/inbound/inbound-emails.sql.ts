import { purge } from '../../../platform/database/purge.js';
import type { Statement } from '../../../platform/database/statement.js';

/** Mail `$2` for account `$3`, in file `$4`; its envelope is from `$5` to `$6`. Nothing comes of it where `$7` says why. */
export const ACCEPT: Statement = {
  name: 'inbound_emails.accept',
  text: `
    INSERT INTO inbound_emails (client_id, id, account_id, file_id, envelope_from, envelope_to, error, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7::text, CASE WHEN $7::text IS NULL THEN 'pending' ELSE 'failed' END)
    RETURNING true AS raised`,
};

/**
 * Of no client: the worker serves them all. Takes up to `$2` that have been due longest, none of the clients `$1`. Whoever
 * takes them has `$3` milliseconds.
 */
export const CLAIM: Statement = {
  name: 'inbound_emails.claim',
  text: `
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
    FROM claimed JOIN clients client ON client.id = claimed.client_id`,
};

/** It is understood: in the transaction of its message. */
export const REMOVE: Statement = {
  name: 'inbound_emails.remove',
  text: `DELETE FROM inbound_emails WHERE client_id = $1 AND id = $2`,
};

/** Nothing more is tried with mail `$2`, because of `$3`. */
export const FAIL: Statement = {
  name: 'inbound_emails.fail',
  text: `UPDATE inbound_emails SET state = 'failed', error = $3 WHERE client_id = $1 AND id = $2`,
};

/** The newest `$3` of account `$2` that nothing came of. */
export const LIST_FAILED: Statement = {
  name: 'inbound_emails.list_failed',
  text: `
    SELECT id, coalesce(error, '') AS error, created_at AS "createdAt" FROM inbound_emails
    WHERE client_id = $1 AND account_id = $2 AND state = 'failed'
    ORDER BY created_at DESC, id DESC LIMIT $3`,
};

/** Mail `$3` of account `$2`, of which nothing came, is tried again. No row: there is none that was kept. */
export const RETRY: Statement = {
  name: 'inbound_emails.retry',
  text: `
    UPDATE inbound_emails SET state = 'pending', error = NULL, attempts = 0, next_attempt_at = now()
    WHERE client_id = $1 AND account_id = $2 AND id = $3 AND state = 'failed' AND file_id IS NOT NULL
    RETURNING true AS raised`,
};

/** As long as the files that hold them live. */
export const PURGE_INBOUND_EMAILS = purge(
  'inbound_emails',
  `SELECT ctid FROM inbound_emails WHERE created_at < now() - interval '30 days' LIMIT $1`,
);
