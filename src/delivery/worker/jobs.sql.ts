import { wordsIn } from '../media/media.sql.js';
import type { Statement } from '../../platform/database/statement.js';
import { SMART_ENCODING } from '../deliveries/smart-encoding.js';
import { isSend } from './is-send.js';

/** Jobs that are taken at once, and so of one client: they take turns. Written out, so that PostgreSQL plans for few. */
export const MOST_CLAIMED = 20;

/**
 * Of no client: the worker serves them all. Takes the jobs that have been due longest; none of the clients `$1`, who have as
 * many under way as they may. Of one channel only the first that is to be sent, which holds the others for five minutes at
 * most, but for one that is scheduled. Whoever takes them has `$2` milliseconds; should it die, they are due again. Where a
 * provider is spoken to by one process, that is process `$3`.
 */
export const CLAIM: Statement = {
  name: 'delivery_jobs.claim',
  text: `
    WITH due AS MATERIALIZED (
      SELECT job.client_id, job.id, job.kind FROM delivery_jobs job
      WHERE job.next_attempt_at <= now() AND NOT job.client_id = ANY($1::uuid[])
        AND NOT (job.kind = 'send' AND job.created_at > now() - interval '5 minutes' AND EXISTS (
          SELECT FROM delivery_jobs earlier
          WHERE earlier.client_id = job.client_id AND earlier.channel_id = job.channel_id AND earlier.kind = 'send'
            AND earlier.position < job.position AND NOT (earlier.attempts = 0 AND earlier.next_attempt_at > now())))
        AND NOT EXISTS (
          SELECT FROM messaging_providers carrier
          JOIN clients live ON live.id = carrier.client_id AND live.disabled_at IS NULL
          WHERE carrier.client_id = job.client_id AND carrier.active AND carrier.kind = 'smpp'
            AND carrier.bound_by IS DISTINCT FROM $3::uuid)
      ORDER BY job.next_attempt_at LIMIT ${MOST_CLAIMED} FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE delivery_jobs job
      SET next_attempt_at = now() + make_interval(secs => $2 / 1000.0), attempts = job.attempts + 1
      FROM due
      WHERE job.client_id = due.client_id AND job.id = due.id AND job.kind = due.kind
      RETURNING job.*
    )
    SELECT claimed.client_id AS "clientId", client.livemode, claimed.id, claimed.kind, claimed.attempts, claimed.tries,
           claimed.channel_id AS "channelId", claimed.position, claimed.media
    FROM claimed JOIN clients client ON client.id = claimed.client_id`,
};

/** What delivery `$2` is, for whoever asks its provider about it. No row: there is none. */
export const FIND: Statement = {
  name: 'delivery_jobs.find',
  text: `
    SELECT one.from_text AS "from", one.to_text AS "to", coalesce(${wordsIn('message')}, '') AS body, ${SMART_ENCODING}, one.attempts,
           one.submitted_at AS "submittedAt", one.provider_message_id AS "providerMessageId",
           carrier.id AS "providerId", carrier.kind, carrier.public, carrier.secret
    FROM deliveries one
    LEFT JOIN messaging_providers carrier ON carrier.client_id = $1 AND carrier.id = one.provider_id
    LEFT JOIN messages message ON message.client_id = $1 AND message.id = one.id
    WHERE one.client_id = $1 AND one.id = $2`,
};

export const DROP: Statement = {
  name: 'delivery_jobs.drop',
  text: `DELETE FROM delivery_jobs WHERE client_id = $1 AND id = $2 AND kind = $3`,
};

/** A message that was not called for is due again, before those that came after it; unless somebody else has it by now. */
export const PUT_BACK: Statement = {
  name: 'delivery_jobs.put_back',
  text: `
    UPDATE delivery_jobs SET next_attempt_at = least(created_at, now())
    WHERE client_id = $1 AND id = $2 AND ${isSend('kind')} AND attempts = $3`,
};

/** Nobody knows what came of the call: the provider is to be asked in `$3` seconds. Where it has told since, the job is gone. */
export const DOUBT: Statement = {
  name: 'delivery_jobs.doubt',
  text: `
    UPDATE delivery_jobs SET kind = 'reconcile', tries = 0, next_attempt_at = now() + make_interval(secs => $3)
    WHERE client_id = $1 AND id = $2 AND ${isSend('kind')}`,
};

/** The call surely did nothing, and is to be made again in `$3` seconds. In the order of all locks: the delivery, its job. */
export const CALL_AGAIN: Statement = {
  name: 'delivery_jobs.call_again',
  text: `
    WITH one AS MATERIALIZED (
      SELECT id FROM deliveries WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE
    ), job AS (
      UPDATE delivery_jobs SET tries = tries + 1, next_attempt_at = now() + make_interval(secs => $3)
      FROM one
      WHERE client_id = $1 AND delivery_jobs.id = one.id AND ${isSend('kind')}
      RETURNING delivery_jobs.id
    )
    UPDATE deliveries SET submitted_at = NULL FROM job
    WHERE client_id = $1 AND deliveries.id = job.id AND status = 'sending'`,
};

/** To be looked at again in `$4` seconds. */
export const LOOK_AGAIN: Statement = {
  name: 'delivery_jobs.look_again',
  text: `
    UPDATE delivery_jobs SET tries = tries + 1, next_attempt_at = now() + make_interval(secs => $4)
    WHERE client_id = $1 AND id = $2 AND kind = $3`,
};

/** What is here of the files of delivery `$2`: `$3`. The others are tried again in `$4` seconds. */
export const FETCH_AGAIN: Statement = {
  name: 'delivery_jobs.fetch_again',
  text: `
    UPDATE delivery_jobs SET media = $3::jsonb, tries = tries + 1, next_attempt_at = now() + make_interval(secs => $4)
    WHERE client_id = $1 AND id = $2 AND kind = 'fetch_media'`,
};
