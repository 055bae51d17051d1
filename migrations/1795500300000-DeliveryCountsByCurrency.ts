import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deliveries are counted by the currency of their price, too. Numbers of those who opted out are hashed with a salt of the
 * workspace; where there are opt-outs the salt is what they were hashed with, so that each still holds.
 */
export class DeliveryCountsByCurrency1795500300000 implements MigrationInterface {
  name = 'DeliveryCountsByCurrency1795500300000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "delivery_counts" ADD "currency" text NOT NULL DEFAULT ''`);
    await queryRunner.query(
      `ALTER TABLE "delivery_counts" DROP CONSTRAINT "PK_f816dd0b1dcc5aafe2b009f89f3", ADD CONSTRAINT "PK_eb0662ce55a1aa0d140f78607ea" PRIMARY KEY ("client_id", "day", "address_id", "direction", "status", "shard", "currency")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_26b014aed158f6fcc996c9bd42" ON "delivery_counts" ("day") WHERE shard > 0`,
    );
    // What is priced is counted anew: sums of several currencies can't be told apart.
    await queryRunner.query(`
      WITH priced AS (
        DELETE FROM delivery_counts WHERE (client_id, day) IN (SELECT client_id, day FROM delivery_counts WHERE price <> 0)
        RETURNING client_id, day
      )
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
      SELECT priced.client_id, priced.day, one.address_id, one.direction, one.status, 0, coalesce(one.currency, ''),
             count(*), coalesce(sum(one.segments), 0), coalesce(sum(one.price), 0)
      FROM (SELECT DISTINCT client_id, day FROM priced) priced
      JOIN deliveries one ON one.client_id = priced.client_id
        AND one.created_at >= priced.day::timestamp AT TIME ZONE 'UTC'
        AND one.created_at < (priced.day + 1)::timestamp AT TIME ZONE 'UTC'
      GROUP BY 1, 2, 3, 4, 5, 7`);
    await queryRunner.query(`
      INSERT INTO workspace_settings (client_id, opt_out_salt)
      SELECT id, realtime_secret FROM clients WHERE EXISTS (SELECT FROM opt_outs WHERE opt_outs.client_id = clients.id)
      ON CONFLICT (client_id) DO UPDATE SET opt_out_salt = excluded.opt_out_salt`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_delivery(was deliveries, becomes deliveries) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
    SELECT becomes.client_id, (becomes.created_at AT TIME ZONE 'UTC')::date, becomes.address_id, becomes.direction, moved.status,
           get_byte(uuid_send(becomes.id), 15) & 7, moved.currency, sum(moved.n), sum(moved.segments), sum(moved.price)
    FROM (VALUES
      (was.status, coalesce(was.currency, ''), -1, -coalesce(was.segments, 0), -coalesce(was.price, 0)),
      (becomes.status, coalesce(becomes.currency, ''), 1, coalesce(becomes.segments, 0), coalesce(becomes.price, 0))
    ) AS moved (status, currency, n, segments, price)
    WHERE moved.status IS NOT NULL
    GROUP BY moved.status, moved.currency
    HAVING sum(moved.n) <> 0 OR sum(moved.segments) <> 0 OR sum(moved.price) <> 0
    ORDER BY moved.status, moved.currency
    ON CONFLICT (client_id, day, address_id, direction, status, shard, currency) DO UPDATE
    SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
        price = delivery_counts.price + excluded.price;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_deliveries(tenant uuid, sent uuid[]) RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    is_any boolean;
  BEGIN
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             jsonb_array_length(jsonb_path_query_array(message.parts, '$[*].fileId')) AS media_count,
             conversation.address_id, conversation.person_id
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
      WHERE message.client_id = tenant AND message.id = ANY(sent)
    ), touched AS (
      UPDATE conversations SET last_message_at = greatest(last_message_at, said.at)
      FROM (SELECT channel_id, max(created_at) AS at FROM spoken GROUP BY channel_id) said
      WHERE conversations.client_id = tenant AND conversations.channel_id = said.channel_id
    ), made AS (
      INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, person_id, from_text, to_text,
                              status, media_count, created_at, updated_at)
      SELECT tenant, spoken.id, 'outbound', CASE WHEN spoken.media_count > 0 THEN 'mms' ELSE 'sms' END,
             spoken.channel_id, spoken.address_id, spoken.person_id, address.address, person.phone,
             'queued', coalesce(spoken.media_count, 0), spoken.created_at, spoken.created_at
      FROM spoken
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = spoken.address_id
      LEFT JOIN customers person ON person.client_id = tenant AND person.id = spoken.person_id
      WHERE spoken.sender_id = spoken.address_id AND spoken.type <> 'system'
      RETURNING *
    ), queued AS (
      INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position)
      SELECT tenant, made.id, 'send', made.channel_id, spoken.position FROM made JOIN spoken ON spoken.id = made.id
    ), counted AS (
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, n)
      SELECT tenant, (created_at AT TIME ZONE 'UTC')::date, address_id, direction, status, (get_byte(uuid_send(id), 15) & 7), count(*)
      FROM made GROUP BY 2, 3, 4, 5, 6 ORDER BY 2, 3, 4, 5, 6
      ON CONFLICT (client_id, day, address_id, direction, status, shard, currency)
        DO UPDATE SET n = delivery_counts.n + excluded.n
    ), raised AS MATERIALIZED (
      SELECT raise_event(tenant, 'delivery.created', made.channel_id, NULL, delivery_data(made), true)
      FROM made
      WHERE EXISTS (SELECT FROM listeners WHERE client_id = tenant)
    )
    SELECT count(*) > 0 AND (SELECT count(*) FROM raised) >= 0 INTO is_any FROM made;
    RETURN is_any;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION opt_out_hash(tenant uuid, number text) RETURNS bytea LANGUAGE sql STABLE AS $function$
    SELECT sha256(convert_to('opt-out', 'UTF8') || opt_out_salt || convert_to($2, 'UTF8'))
    FROM workspace_settings WHERE client_id = tenant
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      WITH told AS (
        DELETE FROM delivery_counts WHERE currency <> '' RETURNING *
      )
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, n, segments, price)
      SELECT client_id, day, address_id, direction, status, shard, sum(n), sum(segments), sum(price)
      FROM told GROUP BY 1, 2, 3, 4, 5, 6
      ON CONFLICT (client_id, day, address_id, direction, status, shard, currency) DO UPDATE
      SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
          price = delivery_counts.price + excluded.price`);
    await queryRunner.query(`DROP INDEX "IDX_26b014aed158f6fcc996c9bd42"`);
    await queryRunner.query(
      `ALTER TABLE "delivery_counts" DROP CONSTRAINT "PK_eb0662ce55a1aa0d140f78607ea", ADD CONSTRAINT "PK_f816dd0b1dcc5aafe2b009f89f3" PRIMARY KEY ("client_id", "day", "address_id", "direction", "status", "shard")`,
    );
    await queryRunner.query(`ALTER TABLE "delivery_counts" DROP COLUMN "currency"`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_delivery(was deliveries, becomes deliveries) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, n, segments, price)
    SELECT becomes.client_id, (becomes.created_at AT TIME ZONE 'UTC')::date, becomes.address_id, becomes.direction, moved.status,
           get_byte(uuid_send(becomes.id), 15) & 7, sum(moved.n), sum(moved.segments), sum(moved.price)
    FROM (VALUES
      (was.status, -1, -coalesce(was.segments, 0), -coalesce(was.price, 0)),
      (becomes.status, 1, coalesce(becomes.segments, 0), coalesce(becomes.price, 0))
    ) AS moved (status, n, segments, price)
    WHERE moved.status IS NOT NULL
    GROUP BY moved.status
    HAVING sum(moved.n) <> 0 OR sum(moved.segments) <> 0 OR sum(moved.price) <> 0
    ORDER BY moved.status
    ON CONFLICT (client_id, day, address_id, direction, status, shard) DO UPDATE
    SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
        price = delivery_counts.price + excluded.price;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_deliveries(tenant uuid, sent uuid[]) RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    is_any boolean;
  BEGIN
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             jsonb_array_length(jsonb_path_query_array(message.parts, '$[*].fileId')) AS media_count,
             conversation.address_id, conversation.person_id
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
      WHERE message.client_id = tenant AND message.id = ANY(sent)
    ), touched AS (
      UPDATE conversations SET last_message_at = greatest(last_message_at, said.at)
      FROM (SELECT channel_id, max(created_at) AS at FROM spoken GROUP BY channel_id) said
      WHERE conversations.client_id = tenant AND conversations.channel_id = said.channel_id
    ), made AS (
      INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, person_id, from_text, to_text,
                              status, media_count, created_at, updated_at)
      SELECT tenant, spoken.id, 'outbound', CASE WHEN spoken.media_count > 0 THEN 'mms' ELSE 'sms' END,
             spoken.channel_id, spoken.address_id, spoken.person_id, address.address, person.phone,
             'queued', coalesce(spoken.media_count, 0), spoken.created_at, spoken.created_at
      FROM spoken
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = spoken.address_id
      LEFT JOIN customers person ON person.client_id = tenant AND person.id = spoken.person_id
      WHERE spoken.sender_id = spoken.address_id AND spoken.type <> 'system'
      RETURNING *
    ), queued AS (
      INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position)
      SELECT tenant, made.id, 'send', made.channel_id, spoken.position FROM made JOIN spoken ON spoken.id = made.id
    ), counted AS (
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, n)
      SELECT tenant, (created_at AT TIME ZONE 'UTC')::date, address_id, direction, status, (get_byte(uuid_send(id), 15) & 7), count(*)
      FROM made GROUP BY 2, 3, 4, 5, 6 ORDER BY 2, 3, 4, 5, 6
      ON CONFLICT (client_id, day, address_id, direction, status, shard)
        DO UPDATE SET n = delivery_counts.n + excluded.n
    ), raised AS MATERIALIZED (
      SELECT raise_event(tenant, 'delivery.created', made.channel_id, NULL, delivery_data(made), true)
      FROM made
      WHERE EXISTS (SELECT FROM listeners WHERE client_id = tenant)
    )
    SELECT count(*) > 0 AND (SELECT count(*) FROM raised) >= 0 INTO is_any FROM made;
    RETURN is_any;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION opt_out_hash(tenant uuid, number text) RETURNS bytea LANGUAGE sql STABLE AS $function$
    SELECT sha256(convert_to('opt-out', 'UTF8') || realtime_secret || convert_to($2, 'UTF8'))
    FROM clients WHERE id = tenant
  $function$`);
  }
}
