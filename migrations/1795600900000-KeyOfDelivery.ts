import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which API key a message was sent. */
export class KeyOfDelivery1795600900000 implements MigrationInterface {
  name = 'KeyOfDelivery1795600900000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "deliveries" ADD "key_id" uuid`);
    await queryRunner.query(`DROP FUNCTION make_deliveries(uuid, uuid[])`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_deliveries(tenant uuid, sent uuid[], keys uuid[] DEFAULT NULL)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    is_any boolean;
  BEGIN
    PERFORM follow_conversation(tenant, sent);
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             jsonb_array_length(jsonb_path_query_array(message.parts, '$[*].fileId')) AS media_count,
             conversation.address_id, conversation.person_id
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
      WHERE message.client_id = tenant AND message.id = ANY(sent)
    ), made AS (
      INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, person_id, from_text, to_text,
                              status, media_count, key_id, created_at, updated_at)
      SELECT tenant, spoken.id, 'outbound', CASE WHEN spoken.media_count > 0 THEN 'mms' ELSE 'sms' END,
             spoken.channel_id, spoken.address_id, spoken.person_id, address.address, person.phone,
             'queued', coalesce(spoken.media_count, 0), keys[array_position(sent, spoken.id)],
             spoken.created_at, spoken.created_at
      FROM spoken
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = spoken.address_id
      LEFT JOIN customers person ON person.client_id = tenant AND person.id = spoken.person_id
      WHERE spoken.sender_id = spoken.address_id AND spoken.type <> 'system' AND address.medium = 'sms'
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
    await queryRunner.query(`DROP FUNCTION follow_send(uuid, uuid, uuid)`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION follow_send(tenant uuid, sent uuid, speaker uuid, key uuid DEFAULT NULL)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE counters SET value = value + 1
    WHERE client_id = tenant AND name = 'active_customers' AND EXISTS (
      SELECT FROM customers WHERE client_id = tenant AND id = speaker AND message_count = 1);
    RETURN make_deliveries(tenant, ARRAY[sent], ARRAY[key]);
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION follow_send(uuid, uuid, uuid, uuid)`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION follow_send(tenant uuid, sent uuid, speaker uuid) RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE counters SET value = value + 1
    WHERE client_id = tenant AND name = 'active_customers' AND EXISTS (
      SELECT FROM customers WHERE client_id = tenant AND id = speaker AND message_count = 1);
    RETURN make_deliveries(tenant, ARRAY[sent]);
  END
  $function$`);
    await queryRunner.query(`DROP FUNCTION make_deliveries(uuid, uuid[], uuid[])`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_deliveries(tenant uuid, sent uuid[]) RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    is_any boolean;
  BEGIN
    PERFORM follow_conversation(tenant, sent);
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             jsonb_array_length(jsonb_path_query_array(message.parts, '$[*].fileId')) AS media_count,
             conversation.address_id, conversation.person_id
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
      WHERE message.client_id = tenant AND message.id = ANY(sent)
    ), made AS (
      INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, person_id, from_text, to_text,
                              status, media_count, created_at, updated_at)
      SELECT tenant, spoken.id, 'outbound', CASE WHEN spoken.media_count > 0 THEN 'mms' ELSE 'sms' END,
             spoken.channel_id, spoken.address_id, spoken.person_id, address.address, person.phone,
             'queued', coalesce(spoken.media_count, 0), spoken.created_at, spoken.created_at
      FROM spoken
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = spoken.address_id
      LEFT JOIN customers person ON person.client_id = tenant AND person.id = spoken.person_id
      WHERE spoken.sender_id = spoken.address_id AND spoken.type <> 'system' AND address.medium = 'sms'
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
    await queryRunner.query(`ALTER TABLE "deliveries" DROP COLUMN "key_id"`);
  }
}
