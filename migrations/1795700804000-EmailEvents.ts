import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of mails that come back or go round in circles, and of accounts that do not work. */
export class EmailEvents1795700804000 implements MigrationInterface {
  name = 'EmailEvents1795700804000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION tell_mail() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM raise_event(NEW.client_id, CASE NEW.status WHEN 'undelivered' THEN 'email.bounced' ELSE 'email.loop_stopped' END,
              NULL, NULL,
              jsonb_build_object('id', NEW.id, 'number', message.position, 'conversation', conversation.number), false)
    FROM messages message
    JOIN conversations conversation
      ON conversation.client_id = NEW.client_id AND conversation.channel_id = message.channel_id
    WHERE message.client_id = NEW.client_id AND message.id = NEW.id
      AND EXISTS (SELECT FROM listeners WHERE listeners.client_id = NEW.client_id);
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION tell_account() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF EXISTS (SELECT FROM listeners WHERE client_id = NEW.client_id) THEN
      PERFORM raise_event(NEW.client_id, 'email_account.error', NULL, NULL,
                jsonb_build_object('id', NEW.customer_id, 'number', NEW.number), false);
    END IF;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`CREATE TRIGGER tell_mail AFTER UPDATE OF status ON email_deliveries
     FOR EACH ROW WHEN (OLD.status <> NEW.status AND (NEW.status = 'undelivered' OR NEW.error_code = 'loop_stopped'))
     EXECUTE FUNCTION tell_mail()`);
    await queryRunner.query(`CREATE TRIGGER tell_account AFTER UPDATE OF status ON email_accounts
     FOR EACH ROW WHEN (OLD.status <> NEW.status AND NEW.status = 'error') EXECUTE FUNCTION tell_account()`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TRIGGER tell_account ON email_accounts`);
    await queryRunner.query(`DROP TRIGGER tell_mail ON email_deliveries`);
    await queryRunner.query(`DROP FUNCTION tell_account()`);
    await queryRunner.query(`DROP FUNCTION tell_mail()`);
  }
}
