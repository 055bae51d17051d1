import { purge } from '../../platform/database/purge.js';
import type { Statement } from '../../platform/database/statement.js';

/** All of these are of no client: so are users. */

/**
 * One in two minutes, five a day: for an address that nobody has as well, so that how long it takes says nothing. No row:
 * that was enough.
 */
export const QUEUE: Statement = {
  name: 'mails.queue',
  text: `
    INSERT INTO mails (kind, email, about, data) VALUES ($1, $2, $3, $4)
    ON CONFLICT (kind, email, about) DO UPDATE SET
      data = excluded.data, version = mails.version + 1, attempts = 0, next_attempt_at = now(), asked_at = now(),
      day_at = CASE WHEN mails.day_at <= now() - interval '1 day' THEN now() ELSE mails.day_at END,
      asked = CASE WHEN mails.day_at <= now() - interval '1 day' THEN 1 ELSE mails.asked + 1 END
    WHERE mails.asked_at <= now() - interval '2 minutes'
      AND (mails.asked < 5 OR mails.day_at <= now() - interval '1 day')
    RETURNING kind`,
};

/** Up to `$1` that are due. Should whoever claims them not come back, they are due again in two minutes. */
export const CLAIM: Statement = {
  name: 'mails.claim',
  text: `
    UPDATE mails SET next_attempt_at = now() + interval '2 minutes', attempts = mails.attempts + 1
    FROM (
      SELECT kind, email, about FROM mails
      WHERE next_attempt_at <= now() ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE mails.kind = due.kind AND mails.email = due.email AND mails.about = due.about
    RETURNING mails.kind, mails.email, mails.about, mails.data, mails.version, mails.attempts`,
};

/** It was sent, or never will be. Not where it was asked for again meanwhile. */
export const DONE: Statement = {
  name: 'mails.done',
  text: `
    UPDATE mails SET next_attempt_at = NULL, data = '{}'
    WHERE kind = $1 AND email = $2 AND about = $3 AND version = $4`,
};

/** In `$5` seconds. */
export const LATER: Statement = {
  name: 'mails.later',
  text: `
    UPDATE mails SET next_attempt_at = now() + make_interval(secs => $5)
    WHERE kind = $1 AND email = $2 AND about = $3 AND version = $4`,
};

export const PURGE_MAILS = purge(
  'mails',
  `SELECT ctid FROM mails WHERE asked_at <= now() - interval '1 day' AND next_attempt_at IS NULL ORDER BY asked_at LIMIT $1`,
);
