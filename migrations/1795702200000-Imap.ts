import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mailboxes that are read by IMAP, and mails in them that are not taken. */
export class Imap1795702200000 implements MigrationInterface {
  name = 'Imap1795702200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "imap_mailboxes" ("client_id" uuid NOT NULL, "account_id" uuid NOT NULL, "host" text NOT NULL, "port" integer NOT NULL, "secure" boolean NOT NULL, "username" text NOT NULL, "uid_validity" bigint, "last_uid" bigint, "since" TIMESTAMP WITH TIME ZONE, "status" text NOT NULL DEFAULT 'pending', "last_error" text, "held_by" uuid, "set_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_769f7774793b35550d3d83fac0a" PRIMARY KEY ("client_id", "account_id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_a0b187c330eaf0855e86d46b4e" ON "imap_mailboxes" ("held_by") WHERE held_by IS NOT NULL`,
    );
    await queryRunner.query(`ALTER TABLE "inbound_emails" ALTER COLUMN "file_id" DROP NOT NULL`);
    await queryRunner.query(
      `ALTER TABLE "imap_mailboxes" ADD CONSTRAINT "FK_769f7774793b35550d3d83fac0a" FOREIGN KEY ("client_id", "account_id") REFERENCES "email_accounts"("client_id","customer_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "imap_mailboxes" ADD CONSTRAINT "FK_e13b66ebd5e88a12d4c2f7ccee8" FOREIGN KEY ("held_by") REFERENCES "replicas"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION tell_mailbox() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM raise_event(NEW.client_id, 'email_account.error', NULL, NULL,
              jsonb_build_object('id', account.customer_id, 'number', account.number), false)
    FROM email_accounts account
    WHERE account.client_id = NEW.client_id AND account.customer_id = NEW.account_id
      AND EXISTS (SELECT FROM listeners WHERE listeners.client_id = NEW.client_id);
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`CREATE TRIGGER tell_mailbox AFTER UPDATE OF status ON imap_mailboxes
     FOR EACH ROW WHEN (OLD.status <> NEW.status AND NEW.status = 'error') EXECUTE FUNCTION tell_mailbox()`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "imap_mailboxes"`);
    await queryRunner.query(`DROP FUNCTION tell_mailbox()`);
    await queryRunner.query(`DELETE FROM inbound_emails WHERE file_id IS NULL`);
    await queryRunner.query(`ALTER TABLE "inbound_emails" ALTER COLUMN "file_id" SET NOT NULL`);
  }
}
