import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What mails say goes with their messages, and whom they name with their contacts. */
export class ForgetMails1795700803000 implements MigrationInterface {
  name = 'ForgetMails1795700803000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "email_messages" ADD "raw_file_id" uuid`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION forget_raw_mails(tenant uuid, raws uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM FROM files WHERE client_id = tenant AND id = ANY(raws) ORDER BY id FOR UPDATE;
    DELETE FROM file_channels WHERE client_id = tenant AND file_id = ANY(raws);
    UPDATE files SET expires_at = now() WHERE client_id = tenant AND id = ANY(raws);
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION forget_mail() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    raw uuid;
  BEGIN
    SELECT raw_file_id INTO raw FROM email_messages WHERE client_id = NEW.client_id AND id = NEW.id;
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
    UPDATE email_messages SET subject = '', text = '', html = NULL, attachments = '[]', raw_file_id = NULL
    WHERE client_id = NEW.client_id AND id = NEW.id;
    PERFORM forget_raw_mails(NEW.client_id, ARRAY[raw]);
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION forget_mails_of(tenant uuid, person uuid, most int) RETURNS int LANGUAGE plpgsql AS $function$
  DECLARE
    few uuid[];
    raws uuid[];
  BEGIN
    SELECT array_agg(mail.id), array_agg(mail.raw_file_id) INTO few, raws FROM (
      SELECT one.id, one.raw_file_id FROM conversations conversation
      JOIN email_messages one ON one.client_id = tenant AND one.channel_id = conversation.channel_id
      WHERE conversation.client_id = tenant AND conversation.contact_id = person
        AND (one."to" <> '[]' OR one.direction = 'inbound' AND one."from"->>'address' <> '')
      ORDER BY one.id LIMIT most
    ) mail;
    UPDATE email_deliveries SET error_text = NULL WHERE client_id = tenant AND id = ANY(few);
    UPDATE email_messages
    SET "from" = CASE direction WHEN 'inbound' THEN '{"address": "", "name": ""}' ELSE "from" END, reply_to = '[]',
        "to" = '[]', cc = '[]', bcc = '[]', text = '', html = NULL, raw_file_id = NULL
    WHERE client_id = tenant AND id = ANY(few);
    PERFORM forget_raw_mails(tenant, raws);
    RETURN coalesce(cardinality(few), 0);
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION forget_person(tenant uuid, person uuid, most int) RETURNS int LANGUAGE plpgsql AS $function$
  DECLARE
    forgotten int;
    mails int;
  BEGIN
    WITH few AS (
      SELECT id FROM deliveries WHERE client_id = tenant AND person_id = person ORDER BY id LIMIT most
      FOR NO KEY UPDATE
    )
    UPDATE deliveries
    SET from_text = CASE WHEN direction = 'outbound' THEN from_text END,
        to_text = CASE WHEN direction = 'inbound' THEN to_text END, error_text = NULL, person_id = NULL
    FROM few
    WHERE client_id = tenant AND deliveries.id = few.id;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    UPDATE opt_outs SET number = NULL, person_id = NULL WHERE client_id = tenant AND person_id = person;
    mails := forget_mails_of(tenant, person, most);
    RETURN greatest(forgotten, mails);
  END
  $function$`);
    await queryRunner.query(`CREATE TRIGGER forget_mail AFTER UPDATE OF deleted_at ON messages
     FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION forget_mail()`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TRIGGER forget_mail ON messages`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION forget_person(tenant uuid, person uuid, most int) RETURNS int LANGUAGE plpgsql AS $function$
  DECLARE
    forgotten int;
  BEGIN
    WITH few AS (
      SELECT id FROM deliveries WHERE client_id = tenant AND person_id = person ORDER BY id LIMIT most
      FOR NO KEY UPDATE
    )
    UPDATE deliveries
    SET from_text = CASE WHEN direction = 'outbound' THEN from_text END,
        to_text = CASE WHEN direction = 'inbound' THEN to_text END, error_text = NULL, person_id = NULL
    FROM few
    WHERE client_id = tenant AND deliveries.id = few.id;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    UPDATE opt_outs SET number = NULL, person_id = NULL WHERE client_id = tenant AND person_id = person;
    RETURN forgotten;
  END
  $function$`);
    await queryRunner.query(`DROP FUNCTION forget_mails_of(uuid, uuid, int)`);
    await queryRunner.query(`DROP FUNCTION forget_mail()`);
    await queryRunner.query(`DROP FUNCTION forget_raw_mails(uuid, uuid[])`);
    await queryRunner.query(`ALTER TABLE "email_messages" DROP COLUMN "raw_file_id"`);
  }
}
