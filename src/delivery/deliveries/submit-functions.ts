import { isSend } from '../worker/is-send.js';

/** The point of no return: functions of the database, as the migrations left them. Locks are those of delivery-functions.ts. */

/** What forbids that delivery `one` is handed to provider `carrier_id` now; null: nothing does. */
export const OBSTACLE_TO = `
  CREATE OR REPLACE FUNCTION obstacle_to(one deliveries, carrier_id uuid) RETURNS text LANGUAGE plpgsql STABLE AS $function$
  BEGIN
    IF NOT EXISTS (
      SELECT FROM messages message
      WHERE message.client_id = one.client_id AND message.id = one.id AND message.deleted_at IS NULL
    ) THEN
      RETURN 'canceled';
    ELSIF EXISTS (SELECT FROM clients client WHERE client.id = one.client_id AND client.disabled_at IS NOT NULL) THEN
      RETURN 'workspace_disabled';
    ELSIF NOT EXISTS (
      SELECT FROM addresses address
      WHERE address.client_id = one.client_id AND address.customer_id = one.address_id AND address.verified_at IS NOT NULL
        AND address.released_at IS NULL AND address.provider_id = carrier_id
    ) THEN
      RETURN 'invalid_from';
    ELSIF one.to_text IS NULL OR one.to_text !~ '^\\+[1-9][0-9]{1,14}$' THEN
      RETURN 'invalid_number';
    ELSIF NOT one.may_reach_opted_out AND EXISTS (
      SELECT FROM opt_outs
      WHERE client_id = one.client_id AND scope_id = ANY(opt_out_scopes(one.client_id, one.address_id))
        AND number_sha256 = opt_out_hash(one.client_id, one.to_text) AND ended_at IS NULL
    ) THEN
      RETURN 'recipient_opted_out';
    END IF;
    RETURN NULL;
  END
  $function$`;

/**
 * The point of no return: delivery `which`, whose job was taken for the `attempt`th time, is about to be handed to its
 * provider. Whatever forbids it now ends it, and says so. Answers 'go' once for each call of the provider; 'unknown' where a
 * call was begun and nobody wrote down what came of it; 'ended'; or 'gone' where it is somebody else's. The former two say
 * whose call it is.
 */
export const SUBMIT_DELIVERY = `
  CREATE OR REPLACE FUNCTION submit_delivery(tenant uuid, which uuid, attempt int)
  RETURNS TABLE (answer text, raised boolean, carrier_id uuid) LANGUAGE plpgsql AS $function$
  #variable_conflict use_column
  DECLARE
    one deliveries;
    carrier messaging_providers;
    why text;
  BEGIN
    raised := false;
    SELECT * INTO one FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF NOT FOUND OR one.status NOT IN ('queued', 'sending') OR NOT EXISTS (
      SELECT FROM delivery_jobs job
      WHERE job.client_id = tenant AND job.id = which AND ${isSend('job.kind')} AND job.attempts = attempt FOR UPDATE
    ) THEN
      answer := 'gone';
      RETURN NEXT;
      RETURN;
    END IF;
    IF one.submitted_at IS NOT NULL THEN
      answer := 'unknown';
      carrier_id := one.provider_id;
      RETURN NEXT;
      RETURN;
    END IF;
    SELECT active.* INTO carrier FROM messaging_providers active WHERE active.client_id = tenant AND active.active;
    why := obstacle_to(one, carrier.id);
    IF why IS NOT NULL THEN
      answer := 'ended';
      SELECT end_of.raised INTO raised
      FROM move_delivery(tenant, which, CASE why WHEN 'canceled' THEN why ELSE 'failed' END, '{queued,sending}',
        jsonb_build_object('errorCode', why)) end_of;
      RETURN NEXT;
      RETURN;
    END IF;
    UPDATE deliveries
    SET submitted_at = now(), attempts = one.attempts + 1, provider_id = carrier.id,
        provider = carrier.kind || ':' || carrier.id
    WHERE client_id = tenant AND id = which;
    answer := 'go';
    carrier_id := carrier.id;
    SELECT begun.raised INTO raised FROM move_delivery(tenant, which, 'sending', '{queued}', '{}') begun;
    RETURN NEXT;
  END
  $function$`;

/**
 * The point of no return of all those of deliveries `which`, whose jobs were taken for the attempts `tries`, that nothing is
 * the matter with, in one commit; to be called for by `carrier_id`, each at once. Of the others nothing is changed: they pass it
 * alone, as all do that wait for their turn at an SMPP server. All rows are locked before the next kind of row is, or two of
 * these would wait for each other.
 *
 * Each row is looked for by its whole key, for the reason that isSend() gives.
 */
export const SUBMIT_DELIVERIES = `
  CREATE OR REPLACE FUNCTION submit_deliveries(tenant uuid, which uuid[], tries int[])
  RETURNS TABLE (id uuid, carrier_id uuid, raised boolean)
  LANGUAGE plpgsql ROWS 20 SET plan_cache_mode = force_generic_plan AS $function$
  #variable_conflict use_column
  DECLARE
    carrier messaging_providers;
    asked record;
    job delivery_jobs;
    one deliveries;
    taken uuid[] := '{}';
    begun deliveries[] := '{}';
  BEGIN
    FOR asked IN SELECT asked.id FROM unnest(which) AS asked (id) ORDER BY asked.id LOOP
      PERFORM FROM deliveries WHERE client_id = tenant AND id = asked.id FOR NO KEY UPDATE;
    END LOOP;
    FOR asked IN SELECT * FROM unnest(which, tries) AS asked (id, attempt) ORDER BY asked.id LOOP
      FOR job IN SELECT * FROM delivery_jobs WHERE client_id = tenant AND id = asked.id ORDER BY kind FOR UPDATE LOOP
        IF job.kind = 'send' AND job.attempts = asked.attempt THEN
          taken := taken || job.id;
        END IF;
      END LOOP;
    END LOOP;
    SELECT active.* INTO carrier FROM messaging_providers active WHERE active.client_id = tenant AND active.active;
    IF carrier.kind = 'smpp' THEN
      RETURN;
    END IF;
    FOR asked IN SELECT * FROM unnest(taken) AS asked (id) LOOP
      SELECT * INTO one FROM deliveries WHERE client_id = tenant AND id = asked.id;
      CONTINUE WHEN one.status <> 'queued' OR one.submitted_at IS NOT NULL
        OR now() > coalesce(one.expires_at, one.created_at + interval '4 hours') OR obstacle_to(one, carrier.id) IS NOT NULL;
      UPDATE deliveries
      SET status = 'sending', submitted_at = now(), attempts = one.attempts + 1, provider_id = carrier.id,
          provider = carrier.kind || ':' || carrier.id, updated_at = now()
      WHERE client_id = tenant AND id = asked.id
      RETURNING * INTO one;
      begun := begun || one;
    END LOOP;
    INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
    SELECT tenant, (created_at AT TIME ZONE 'UTC')::date, address_id, direction, moved.status, (get_byte(uuid_send(id), 15) & 7),
           coalesce(currency, ''), sum(moved.n), sum(moved.n * coalesce(segments, 0)), sum(moved.n * coalesce(price, 0))
    FROM unnest(begun) CROSS JOIN (VALUES ('queued', -1), ('sending', 1)) AS moved (status, n)
    GROUP BY 2, 3, 4, 5, 6, 7 ORDER BY 2, 3, 4, 5, 6, 7
    ON CONFLICT (client_id, day, address_id, direction, status, shard, currency) DO UPDATE
    SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
        price = delivery_counts.price + excluded.price;
    carrier_id := carrier.id;
    raised := EXISTS (SELECT FROM listeners WHERE client_id = tenant);
    FOREACH one IN ARRAY begun LOOP
      id := one.id;
      IF raised THEN
        PERFORM raise_event(tenant, 'delivery.updated', one.channel_id, NULL, delivery_data(one), true);
      END IF;
      RETURN NEXT;
    END LOOP;
  END
  $function$`;
