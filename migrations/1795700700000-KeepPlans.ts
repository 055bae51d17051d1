import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What follows a send is planned once a connection: to plan it took longer than to run it. What hands messages over looks for a
 * job by its whole key: it read all jobs of a client for each, where many had come since PostgreSQL counted them.
 */
export class KeepPlans1795700700000 implements MigrationInterface {
  name = 'KeepPlans1795700700000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER FUNCTION ${FOLLOW_SEND} SET plan_cache_mode = force_generic_plan`);
    for (const text of [SCHEDULE_DELIVERY, WAKE_DELIVERY, SUBMIT_DELIVERY, SUBMIT_DELIVERIES]) {
      await queryRunner.query(text);
    }
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const text of [
      FORMER_SCHEDULE_DELIVERY,
      FORMER_WAKE_DELIVERY,
      FORMER_SUBMIT_DELIVERY,
      FORMER_SUBMIT_DELIVERIES,
    ]) {
      await queryRunner.query(text);
    }
    await queryRunner.query(`ALTER FUNCTION ${FOLLOW_SEND} RESET plan_cache_mode`);
  }
}

const FOLLOW_SEND = 'follow_send(uuid, uuid, uuid, uuid)';

const SCHEDULE_DELIVERY = `
  CREATE OR REPLACE FUNCTION schedule_delivery(tenant uuid, which uuid, send_at timestamptz, validity int)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    was deliveries;
    becomes deliveries;
  BEGIN
    SELECT * INTO STRICT was FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    UPDATE deliveries
    SET status = CASE WHEN send_at IS NULL THEN was.status ELSE 'scheduled' END, scheduled_at = send_at,
        expires_at = coalesce(send_at, was.created_at) + coalesce(make_interval(secs => validity), interval '4 hours')
    WHERE client_id = tenant AND id = which
    RETURNING * INTO becomes;
    IF send_at IS NULL THEN
      RETURN false;
    END IF;
    UPDATE delivery_jobs SET next_attempt_at = send_at WHERE client_id = tenant AND id = which AND kind || '' = 'send';
    PERFORM count_delivery(was, becomes);
    IF NOT EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      RETURN false;
    END IF;
    PERFORM raise_event(tenant, 'delivery.updated', becomes.channel_id, NULL, delivery_data(becomes), true);
    RETURN true;
  END
  $function$`;

const WAKE_DELIVERY = `
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
      WHERE job.client_id = tenant AND job.id = which AND job.kind || '' = 'send' AND job.attempts = attempt FOR UPDATE
    ) THEN
      RETURN;
    END IF;
    IF now() > coalesce(was.expires_at, was.created_at + interval '4 hours') THEN
      SELECT ended.raised INTO raised
      FROM move_delivery(tenant, which, 'failed', '{scheduled,queued,sending}', '{"errorCode":"expired"}') ended;
    ELSIF was.status = 'scheduled' THEN
      UPDATE deliveries SET status = 'queued' WHERE client_id = tenant AND id = which RETURNING * INTO becomes;
      PERFORM count_delivery(was, becomes);
    END IF;
  END
  $function$`;

const SUBMIT_DELIVERY = `
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
      WHERE job.client_id = tenant AND job.id = which AND job.kind || '' = 'send' AND job.attempts = attempt FOR UPDATE
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

const SUBMIT_DELIVERIES = `
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

const FORMER_SCHEDULE_DELIVERY = `
  CREATE OR REPLACE FUNCTION schedule_delivery(tenant uuid, which uuid, send_at timestamptz, validity int)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    was deliveries;
    becomes deliveries;
  BEGIN
    SELECT * INTO STRICT was FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    UPDATE deliveries
    SET status = CASE WHEN send_at IS NULL THEN was.status ELSE 'scheduled' END, scheduled_at = send_at,
        expires_at = coalesce(send_at, was.created_at) + coalesce(make_interval(secs => validity), interval '4 hours')
    WHERE client_id = tenant AND id = which
    RETURNING * INTO becomes;
    IF send_at IS NULL THEN
      RETURN false;
    END IF;
    UPDATE delivery_jobs SET next_attempt_at = send_at WHERE client_id = tenant AND id = which AND kind = 'send';
    PERFORM count_delivery(was, becomes);
    IF NOT EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      RETURN false;
    END IF;
    PERFORM raise_event(tenant, 'delivery.updated', becomes.channel_id, NULL, delivery_data(becomes), true);
    RETURN true;
  END
  $function$`;

const FORMER_WAKE_DELIVERY = `
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
      WHERE job.client_id = tenant AND job.id = which AND job.kind = 'send' AND job.attempts = attempt FOR UPDATE
    ) THEN
      RETURN;
    END IF;
    IF now() > coalesce(was.expires_at, was.created_at + interval '4 hours') THEN
      SELECT ended.raised INTO raised
      FROM move_delivery(tenant, which, 'failed', '{scheduled,queued,sending}', '{"errorCode":"expired"}') ended;
    ELSIF was.status = 'scheduled' THEN
      UPDATE deliveries SET status = 'queued' WHERE client_id = tenant AND id = which RETURNING * INTO becomes;
      PERFORM count_delivery(was, becomes);
    END IF;
  END
  $function$`;

const FORMER_SUBMIT_DELIVERY = `
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
      WHERE job.client_id = tenant AND job.id = which AND job.kind = 'send' AND job.attempts = attempt FOR UPDATE
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

const FORMER_SUBMIT_DELIVERIES = `
  CREATE OR REPLACE FUNCTION submit_deliveries(tenant uuid, which uuid[], tries int[])
  RETURNS TABLE (id uuid, carrier_id uuid, raised boolean) LANGUAGE plpgsql AS $function$
  #variable_conflict use_column
  DECLARE
    carrier messaging_providers;
  BEGIN
    PERFORM FROM deliveries one WHERE one.client_id = tenant AND one.id = ANY(which) ORDER BY one.id FOR NO KEY UPDATE;
    PERFORM FROM delivery_jobs job
    WHERE job.client_id = tenant AND job.id = ANY(which) AND job.kind = 'send' ORDER BY job.id FOR UPDATE;
    SELECT active.* INTO carrier FROM messaging_providers active WHERE active.client_id = tenant AND active.active;
    IF carrier.kind = 'smpp' THEN
      RETURN;
    END IF;
    RETURN QUERY
    WITH asked AS MATERIALIZED (
      SELECT one FROM deliveries one WHERE one.client_id = tenant AND one.id = ANY(which)
    ), begun AS (
      UPDATE deliveries one
      SET status = 'sending', submitted_at = now(), attempts = one.attempts + 1, provider_id = carrier.id,
          provider = carrier.kind || ':' || carrier.id, updated_at = now()
      FROM unnest(which, tries) AS asked (id, attempt)
      JOIN delivery_jobs job
        ON job.client_id = tenant AND job.id = asked.id AND job.kind = 'send' AND job.attempts = asked.attempt
      WHERE one.client_id = tenant AND one.id = asked.id AND one.status = 'queued' AND one.submitted_at IS NULL
        AND now() <= coalesce(one.expires_at, one.created_at + interval '4 hours')
        AND one.id = ANY(ARRAY(SELECT (asked.one).id FROM asked WHERE obstacle_to(asked.one, carrier.id) IS NULL))
      RETURNING one.*
    ), counted AS (
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
      SELECT tenant, (created_at AT TIME ZONE 'UTC')::date, address_id, direction, moved.status, (get_byte(uuid_send(id), 15) & 7),
             coalesce(currency, ''), sum(moved.n), sum(moved.n * coalesce(segments, 0)), sum(moved.n * coalesce(price, 0))
      FROM begun CROSS JOIN (VALUES ('queued', -1), ('sending', 1)) AS moved (status, n)
      GROUP BY 2, 3, 4, 5, 6, 7 ORDER BY 2, 3, 4, 5, 6, 7
      ON CONFLICT (client_id, day, address_id, direction, status, shard, currency) DO UPDATE
      SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
          price = delivery_counts.price + excluded.price
    ), told AS MATERIALIZED (
      SELECT raise_event(tenant, 'delivery.updated', begun.channel_id, NULL, delivery_data(begun), true)
      FROM begun
      WHERE EXISTS (SELECT FROM listeners WHERE client_id = tenant)
    )
    SELECT begun.id, carrier.id, (SELECT count(*) FROM told) > 0 FROM begun;
  END
  $function$`;
