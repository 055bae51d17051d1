import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts that mails go out by and come in to, what mails say, and those that are not understood yet. */
export class Email1795700800000 implements MigrationInterface {
  name = 'Email1795700800000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "email_accounts" ("client_id" uuid NOT NULL, "customer_id" uuid NOT NULL, "number" bigint NOT NULL, "from_name" text NOT NULL, "host" text NOT NULL, "port" integer NOT NULL, "secure" boolean NOT NULL, "username" text, "secret" bytea NOT NULL, "dkim_domain" text, "dkim_selector" text, "rate_per_minute" integer NOT NULL DEFAULT '60', "inbound_token_sha256" bytea NOT NULL, "inbound_name" text NOT NULL, "status" text NOT NULL DEFAULT 'ok', "last_error" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_88fc86ebd62a89449592c547464" UNIQUE ("client_id", "number"), CONSTRAINT "PK_8a0d0c381dbc9df08309c729c26" PRIMARY KEY ("client_id", "customer_id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_faabdde50268713ef650673d19" ON "email_accounts" ("inbound_name")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_e2882052b2c7f3041f2b24d77f" ON "email_accounts" ("inbound_token_sha256")`,
    );
    await queryRunner.query(
      `CREATE TABLE "inbound_emails" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "account_id" uuid NOT NULL, "file_id" uuid NOT NULL, "envelope_from" text, "envelope_to" text array NOT NULL, "state" text NOT NULL DEFAULT 'pending', "next_attempt_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "attempts" integer NOT NULL DEFAULT '0', "error" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_e5669f5250758c1cdff3c35425e" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_d604f4f9aa7f1ba3ffe97a26fc" ON "inbound_emails" ("created_at")`);
    await queryRunner.query(
      `CREATE INDEX "IDX_7a19cdb832a8ec68867efd5d21" ON "inbound_emails" ("client_id", "account_id", "created_at") WHERE state = 'failed'`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_711dff2e23d291d089b4ab27da" ON "inbound_emails" ("next_attempt_at") WHERE state = 'pending'`,
    );
    await queryRunner.query(
      `CREATE TABLE "email_messages" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "channel_id" uuid NOT NULL, "account_id" uuid NOT NULL, "direction" text NOT NULL, "message_id" text, "message_id_sha256" bytea NOT NULL, "followed_ids" text array NOT NULL DEFAULT '{}', "from" jsonb NOT NULL, "reply_to" jsonb NOT NULL DEFAULT '[]', "to" jsonb NOT NULL DEFAULT '[]', "cc" jsonb NOT NULL DEFAULT '[]', "bcc" jsonb NOT NULL DEFAULT '[]', "subject" text NOT NULL, "text" text NOT NULL, "html" text, "automatic" text NOT NULL DEFAULT 'none', "is_marked" boolean NOT NULL DEFAULT false, "problem" text, "attachments" jsonb NOT NULL DEFAULT '[]', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_70a2fbeba07e3c101fb8342af36" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_c4ffd663625149193ff6e936c0" ON "email_messages" ("client_id", "channel_id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_5966b0a391832484ffbf85a766" ON "email_messages" ("client_id", "message_id_sha256")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_a72c7a44d6b8872d8e5abf2cfd" ON "email_messages" ("client_id", "account_id", "message_id_sha256") WHERE direction = 'inbound'`,
    );
    await queryRunner.query(`ALTER TABLE "addresses" ALTER COLUMN "provider_id" DROP NOT NULL`);
    await queryRunner.query(
      `ALTER TABLE "email_accounts" ADD CONSTRAINT "FK_8a0d0c381dbc9df08309c729c26" FOREIGN KEY ("client_id", "customer_id") REFERENCES "addresses"("client_id","customer_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "inbound_emails" ADD CONSTRAINT "FK_62beceafbe1c3f185579055c61f" FOREIGN KEY ("client_id", "account_id") REFERENCES "email_accounts"("client_id","customer_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "email_messages" ADD CONSTRAINT "FK_c4ffd663625149193ff6e936c0a" FOREIGN KEY ("client_id", "channel_id") REFERENCES "channels"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION follow_conversation(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    said record;
    one conversations;
    was text;
    written_at timestamptz;
    is_automatic boolean := coalesce(current_setting('parlance.automatic', true), '') = tenant::text;
  BEGIN
    IF cardinality(sent) > 1 THEN
      PERFORM FROM conversations
      WHERE client_id = tenant AND channel_id IN (
        SELECT message.channel_id FROM messages message WHERE message.client_id = tenant AND message.id = ANY(sent))
      ORDER BY channel_id FOR NO KEY UPDATE;
    END IF;
    FOR said IN
      SELECT message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             left(message.content, 200) AS preview,
             EXISTS (
               SELECT FROM email_messages mail
               WHERE mail.client_id = tenant AND mail.id = message.id AND mail.automatic <> 'none'
             ) AS is_by_program,
             lead(message.channel_id) OVER (ORDER BY message.channel_id, message.position) AS next_channel
      FROM messages message
      WHERE message.client_id = tenant AND message.id = ANY(sent)
      ORDER BY message.channel_id, message.position
    LOOP
      IF one.channel_id IS DISTINCT FROM said.channel_id THEN
        SELECT * INTO one FROM conversations
        WHERE client_id = tenant AND channel_id = said.channel_id FOR NO KEY UPDATE;
        was := one.status;
        written_at := NULL;
      END IF;
      CONTINUE WHEN one.channel_id IS DISTINCT FROM said.channel_id;
      one.last_message_at := greatest(one.last_message_at, said.created_at);
      one.last_position := said.position;
      one.preview := said.preview;
      one.last_by := CASE WHEN said.sender_id = one.address_id THEN 'team' ELSE 'contact' END;
      IF said.type = 'system' OR said.is_by_program OR one.last_by = 'team' AND is_automatic THEN
        NULL;
      ELSIF one.last_by = 'team' THEN
        written_at := said.created_at;
        IF one.status IN ('pending', 'closed') THEN
          one.status := 'open';
        END IF;
        IF one.waiting_since IS NOT NULL THEN
          one.first_response_at := coalesce(one.first_response_at, said.created_at);
          one.waiting_since := NULL;
        END IF;
      ELSIF one.status <> 'spam' THEN
        one.status := 'open';
        one.waiting_since := coalesce(one.waiting_since, said.created_at);
        one.is_read := false;
      END IF;
      CONTINUE WHEN said.next_channel = said.channel_id;
      IF one.status <> was THEN
        PERFORM hold_conversation_counters(tenant);
        one.resolved_at := NULL;
        one.resolved_by := NULL;
        one.snoozed_until := NULL;
      END IF;
      UPDATE conversations
      SET last_message_at = one.last_message_at, last_position = one.last_position, preview = one.preview,
          last_by = one.last_by, status = one.status, waiting_since = one.waiting_since, is_read = one.is_read,
          first_response_at = one.first_response_at, resolved_at = one.resolved_at, resolved_by = one.resolved_by,
          snoozed_until = one.snoozed_until
      WHERE client_id = tenant AND channel_id = one.channel_id;
      -- Whoever holds it writes to the contact just now as well, or erases it: neither is worth a wait, or a deadlock.
      IF written_at IS NOT NULL AND one.contact_id IS NOT NULL THEN
        UPDATE contact_touches touch SET last_contacted_at = written_at
        FROM (
          SELECT customer_id FROM contact_touches
          WHERE client_id = tenant AND customer_id = one.contact_id
            AND (last_contacted_at IS NULL OR last_contacted_at < written_at)
          FOR NO KEY UPDATE SKIP LOCKED
        ) free
        WHERE touch.client_id = tenant AND touch.customer_id = free.customer_id;
      END IF;
      IF one.status <> was THEN
        PERFORM add_conversation_entry(tenant, one.channel_id, 'activity', NULL, NULL,
          jsonb_build_object('type', 'status', 'from', was, 'to', one.status));
      END IF;
    END LOOP;
    PERFORM tell_said(tenant, sent);
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION follow_conversation(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    said record;
    one conversations;
    was text;
    written_at timestamptz;
    is_automatic boolean := coalesce(current_setting('parlance.automatic', true), '') = tenant::text;
  BEGIN
    IF cardinality(sent) > 1 THEN
      PERFORM FROM conversations
      WHERE client_id = tenant AND channel_id IN (
        SELECT message.channel_id FROM messages message WHERE message.client_id = tenant AND message.id = ANY(sent))
      ORDER BY channel_id FOR NO KEY UPDATE;
    END IF;
    FOR said IN
      SELECT message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             left(message.content, 200) AS preview,
             lead(message.channel_id) OVER (ORDER BY message.channel_id, message.position) AS next_channel
      FROM messages message
      WHERE message.client_id = tenant AND message.id = ANY(sent)
      ORDER BY message.channel_id, message.position
    LOOP
      IF one.channel_id IS DISTINCT FROM said.channel_id THEN
        SELECT * INTO one FROM conversations
        WHERE client_id = tenant AND channel_id = said.channel_id FOR NO KEY UPDATE;
        was := one.status;
        written_at := NULL;
      END IF;
      CONTINUE WHEN one.channel_id IS DISTINCT FROM said.channel_id;
      one.last_message_at := greatest(one.last_message_at, said.created_at);
      one.last_position := said.position;
      one.preview := said.preview;
      one.last_by := CASE WHEN said.sender_id = one.address_id THEN 'team' ELSE 'contact' END;
      IF said.type = 'system' OR one.last_by = 'team' AND is_automatic THEN
        NULL;
      ELSIF one.last_by = 'team' THEN
        written_at := said.created_at;
        IF one.status IN ('pending', 'closed') THEN
          one.status := 'open';
        END IF;
        IF one.waiting_since IS NOT NULL THEN
          one.first_response_at := coalesce(one.first_response_at, said.created_at);
          one.waiting_since := NULL;
        END IF;
      ELSIF one.status <> 'spam' THEN
        one.status := 'open';
        one.waiting_since := coalesce(one.waiting_since, said.created_at);
        one.is_read := false;
      END IF;
      CONTINUE WHEN said.next_channel = said.channel_id;
      IF one.status <> was THEN
        PERFORM hold_conversation_counters(tenant);
        one.resolved_at := NULL;
        one.resolved_by := NULL;
        one.snoozed_until := NULL;
      END IF;
      UPDATE conversations
      SET last_message_at = one.last_message_at, last_position = one.last_position, preview = one.preview,
          last_by = one.last_by, status = one.status, waiting_since = one.waiting_since, is_read = one.is_read,
          first_response_at = one.first_response_at, resolved_at = one.resolved_at, resolved_by = one.resolved_by,
          snoozed_until = one.snoozed_until
      WHERE client_id = tenant AND channel_id = one.channel_id;
      -- Whoever holds it writes to the contact just now as well, or erases it: neither is worth a wait, or a deadlock.
      IF written_at IS NOT NULL AND one.contact_id IS NOT NULL THEN
        UPDATE contact_touches touch SET last_contacted_at = written_at
        FROM (
          SELECT customer_id FROM contact_touches
          WHERE client_id = tenant AND customer_id = one.contact_id
            AND (last_contacted_at IS NULL OR last_contacted_at < written_at)
          FOR NO KEY UPDATE SKIP LOCKED
        ) free
        WHERE touch.client_id = tenant AND touch.customer_id = free.customer_id;
      END IF;
      IF one.status <> was THEN
        PERFORM add_conversation_entry(tenant, one.channel_id, 'activity', NULL, NULL,
          jsonb_build_object('type', 'status', 'from', was, 'to', one.status));
      END IF;
    END LOOP;
    PERFORM tell_said(tenant, sent);
  END
  $function$`);
    await queryRunner.query(`DROP TABLE "email_messages"`);
    await queryRunner.query(`DROP TABLE "inbound_emails"`);
    await queryRunner.query(`DROP TABLE "email_accounts"`);
    await queryRunner.query(`DELETE FROM "addresses" WHERE provider_id IS NULL`);
    await queryRunner.query(`ALTER TABLE "addresses" ALTER COLUMN "provider_id" SET NOT NULL`);
  }
}
