import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of messages to and from phones. */
export class Media1795500200000 implements MigrationInterface {
  name = 'Media1795500200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "addresses" ALTER COLUMN "capabilities" SET DEFAULT '{sms,mms}'`);
    // Nobody has said of any number so far what it can do.
    await queryRunner.query(`UPDATE addresses SET capabilities = '{sms,mms}' WHERE capabilities = '{sms}'`);
    await queryRunner.query(`ALTER TABLE "delivery_jobs" ADD "media" jsonb`);
    await queryRunner.query(DELIVERY_DATA);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FORMER_DELIVERY_DATA);
    await queryRunner.query(`ALTER TABLE "delivery_jobs" DROP COLUMN "media"`);
    await queryRunner.query(`ALTER TABLE "addresses" ALTER COLUMN "capabilities" SET DEFAULT '{sms}'`);
  }
}

const DELIVERY_DATA = `
  CREATE OR REPLACE FUNCTION delivery_data(one deliveries) RETURNS jsonb LANGUAGE sql STABLE AS $function$
    SELECT jsonb_build_object('id', one.id, 'channelId', one.channel_id, 'direction', one.direction,
      'medium', one.medium, 'status', one.status, 'from', one.from_text, 'to', one.to_text,
      'errorCode', one.error_code, 'segments', one.segments, 'price', one.price::text, 'currency', one.currency,
      'provider', split_part(one.provider, ':', 1), 'createdAt', one.created_at,
      'body', message.words, 'media', coalesce(message.files, '[]'))
    FROM (VALUES (1)) AS single
    LEFT JOIN LATERAL (
      SELECT CASE WHEN content = parts->0->>'mimeType' THEN '' ELSE content END AS words,
             jsonb_path_query_array(parts, '$[*] ? (exists(@.fileId))') AS files
      FROM messages said WHERE said.client_id = one.client_id AND said.id = one.id
    ) message ON true
  $function$`;

const FORMER_DELIVERY_DATA = `
  CREATE OR REPLACE FUNCTION delivery_data(one deliveries) RETURNS jsonb LANGUAGE sql STABLE AS $function$
    SELECT jsonb_build_object('id', one.id, 'channelId', one.channel_id, 'direction', one.direction,
      'medium', one.medium, 'status', one.status, 'from', one.from_text, 'to', one.to_text,
      'errorCode', one.error_code, 'segments', one.segments, 'price', one.price::text, 'currency', one.currency,
      'provider', split_part(one.provider, ':', 1), 'createdAt', one.created_at,
      'body', (SELECT content FROM messages message WHERE message.client_id = one.client_id AND message.id = one.id))
  $function$`;
