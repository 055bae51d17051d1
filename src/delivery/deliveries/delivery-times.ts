import { isSend } from '../worker/is-send.js';

/**
 * When a delivery is to go out, and until when: functions of the database, as the migrations left them. Locks are those of
 * delivery-functions.ts: delivery, its jobs, counts.
 */

/** What is not with its provider by then was of no use any more, where nobody said otherwise. */
const LONGEST = `interval '4 hours'`;

/**
 * Of delivery `which`, in the transaction that made it: it goes out at `send_at` (null: now), and no later than `validity`
 * seconds after that (null: the longest). Answers whether somebody listens.
 */
export const SCHEDULE_DELIVERY = `
  CREATE OR REPLACE FUNCTION schedule_delivery(tenant uuid, which uuid, send_at timestamptz, validity int)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    was deliveries;
    becomes deliveries;
  BEGIN
    SELECT * INTO STRICT was FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    UPDATE deliveries
    SET status = CASE WHEN send_at IS NULL THEN was.status ELSE 'scheduled' END, scheduled_at = send_at,
        expires_at = coalesce(send_at, was.created_at) + coalesce(make_interval(secs => validity), ${LONGEST})
    WHERE client_id = tenant AND id = which
    RETURNING * INTO becomes;
    IF send_at IS NULL THEN
      RETURN false;
    END IF;
    UPDATE delivery_jobs SET next_attempt_at = send_at WHERE client_id = tenant AND id = which AND ${isSend('kind')};
    PERFORM count_delivery(was, becomes);
    IF NOT EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      RETURN false;
    END IF;
    PERFORM raise_event(tenant, 'delivery.updated', becomes.channel_id, NULL, delivery_data(becomes), true);
    RETURN true;
  END
  $function$`;

/**
 * Before the point of no return of delivery `which`, whose job was taken for the `attempt`th time: one that was scheduled is
 * due now, and one whose time is over fails. Answers the attempt, for submit_delivery, and whether an event was raised.
 */
export const WAKE_DELIVERY = `
  CREATE OR REPLACE FUNCTION wake_delivery(tenant uuid, which uuid, INOUT attempt int, OUT raised boolean)
  LANGUAGE plpgsql AS $function$
  DECLARE
    was deliveries;
    becomes deliveries;
  BEGIN
    raised := false;
    SELECT * INTO was FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF was.status NOT IN ('scheduled', 'queued', 'sending') OR was.submitted_at IS NOT NULL OR NOT EXISTS (
      SELECT FROM delivery_jobs job
      WHERE job.client_id = tenant AND job.id = which AND ${isSend('job.kind')} AND job.attempts = attempt FOR UPDATE
    ) THEN
      RETURN;
    END IF;
    IF now() > coalesce(was.expires_at, was.created_at + ${LONGEST}) THEN
      SELECT ended.raised INTO raised
      FROM move_delivery(tenant, which, 'failed', '{scheduled,queued,sending}', '{"errorCode":"expired"}') ended;
    ELSIF was.status = 'scheduled' THEN
      UPDATE deliveries SET status = 'queued' WHERE client_id = tenant AND id = which RETURNING * INTO becomes;
      PERFORM count_delivery(was, becomes);
    END IF;
  END
  $function$`;
