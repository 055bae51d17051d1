import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Only what is asked for is looked into, whatever PostgreSQL takes the tables for. */
export class SubmitAsked1795600203000 implements MigrationInterface {
  name = 'SubmitAsked1795600203000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SUBMIT_DELIVERIES);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FORMER_SUBMIT_DELIVERIES);
  }
}

const SUBMIT_DELIVERIES = `
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
    WITH begun AS (
      UPDATE deliveries one
      SET status = 'sending', submitted_at = now(), attempts = one.attempts + 1, provider_id = carrier.id,
          provider = carrier.kind || ':' || carrier.id, updated_at = now()
      FROM unnest(which, tries) AS asked (id, attempt)
      JOIN delivery_jobs job
        ON job.client_id = tenant AND job.id = asked.id AND job.kind = 'send' AND job.attempts = asked.attempt
      WHERE one.client_id = tenant AND one.id = asked.id AND one.status = 'queued' AND one.submitted_at IS NULL
        AND now() <= coalesce(one.expires_at, one.created_at + interval '4 hours') AND obstacle_to(one, carrier.id) IS NULL
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
