import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails that go out: what an account says is one, and waits until its server has it. */
export class OutboundEmail1795700801000 implements MigrationInterface {
  name = 'OutboundEmail1795700801000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "email_accounts" ADD "retry_at" TIMESTAMP WITH TIME ZONE`);
    await queryRunner.query(`ALTER TABLE "email_accounts" ADD "next_send_at" TIMESTAMP WITH TIME ZONE`);
    await queryRunner.query(
      `CREATE TABLE "email_deliveries" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "account_id" uuid NOT NULL, "status" text NOT NULL DEFAULT 'queued', "next_attempt_at" TIMESTAMP WITH TIME ZONE DEFAULT now(), "claims" integer NOT NULL DEFAULT '0', "turn_at" TIMESTAMP WITH TIME ZONE, "submitted_at" TIMESTAMP WITH TIME ZONE, "attempts" integer NOT NULL DEFAULT '0', "tries" integer NOT NULL DEFAULT '0', "doubts" integer NOT NULL DEFAULT '0', "error_code" text, "provider_code" text, "error_text" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "sent_at" TIMESTAMP WITH TIME ZONE, "done_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_a9dc45c20d6b5abde281f01a8c1" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_5baab4774360327a0cea25e3f6" ON "email_deliveries" ("client_id", "account_id", "next_attempt_at") WHERE next_attempt_at IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_f0c99ade2a36ee7e7644b82f5b" ON "email_deliveries" ("next_attempt_at") WHERE next_attempt_at IS NOT NULL`,
    );
    await queryRunner.query(
      `ALTER TABLE "email_deliveries" ADD CONSTRAINT "FK_a9dc45c20d6b5abde281f01a8c1" FOREIGN KEY ("client_id", "id") REFERENCES "email_messages"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_mails(tenant uuid, sent uuid[]) RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.created_at, conversation.subject, account.customer_id AS account_id,
             jsonb_build_object('address', address.address, 'name', account.from_name) AS sender,
             message.id || '@' || split_part(address.address, '@', 2) AS message_id,
             CASE WHEN message.content = message.parts->0->>'mimeType' THEN '' ELSE message.content END AS words,
             CASE WHEN contact.email IS NOT NULL
               THEN jsonb_build_array(jsonb_build_object('address', contact.email, 'name', coalesce(contact.name, '')))
               ELSE '[]' END AS contact
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id AND conversation.medium = 'email'
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = conversation.address_id
      JOIN email_accounts account ON account.client_id = tenant AND account.customer_id = conversation.address_id
      LEFT JOIN customers contact ON contact.client_id = tenant AND contact.id = conversation.contact_id
      WHERE message.client_id = tenant AND message.id = ANY(sent) AND message.sender_id = conversation.address_id
        AND message.type <> 'system'
        AND NOT EXISTS (SELECT FROM email_messages known WHERE known.client_id = tenant AND known.id = message.id)
    ), written AS (
      INSERT INTO email_messages (client_id, id, channel_id, account_id, direction, message_id, message_id_sha256,
                                  followed_ids, "from", "to", cc, subject, text)
      SELECT tenant, spoken.id, spoken.channel_id, spoken.account_id, 'outbound', spoken.message_id,
             sha256(convert_to(spoken.message_id, 'UTF8')),
             (array_remove(answered.message_id || answered.followed_ids, NULL))[1:20],
             spoken.sender,
             CASE WHEN answered.id IS NULL THEN spoken.contact
                  WHEN answered.direction = 'outbound' THEN answered."to"
                  WHEN jsonb_array_length(answered.reply_to) > 0 THEN answered.reply_to
                  ELSE jsonb_build_array(answered."from") END,
             CASE WHEN answered.direction = 'inbound'
                    AND lower(answered."from"->>'address') <> lower(spoken.contact->0->>'address')
               THEN spoken.contact ELSE '[]' END,
             CASE WHEN answered.id IS NULL THEN coalesce(spoken.subject, '')
                  WHEN answered.subject ~* '^\\s*re\\s*:' THEN btrim(answered.subject)
                  ELSE btrim('Re: ' || btrim(answered.subject)) END,
             spoken.words
      FROM spoken
      LEFT JOIN LATERAL (
        SELECT * FROM email_messages mail
        WHERE mail.client_id = tenant AND mail.channel_id = spoken.channel_id AND mail.automatic <> 'bounce'
          AND mail."from"->>'address' <> ''
        ORDER BY mail.direction = 'inbound' DESC, mail.created_at DESC, mail.id DESC LIMIT 1
      ) answered ON true
    )
    INSERT INTO email_deliveries (client_id, id, account_id, created_at)
    SELECT tenant, spoken.id, spoken.account_id, spoken.created_at FROM spoken;
    RETURN FOUND;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION submit_mail(tenant uuid, which uuid, claim int) RETURNS text LANGUAGE plpgsql AS $function$
  DECLARE
    one email_deliveries;
    account email_accounts;
    mail email_messages;
    why text;
    turn timestamptz;
    lately int;
    today int;
  BEGIN
    SELECT * INTO one FROM email_deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF NOT FOUND OR one.next_attempt_at IS NULL OR one.claims <> claim THEN
      RETURN 'gone';
    END IF;
    SELECT * INTO account FROM email_accounts
    WHERE client_id = tenant AND customer_id = one.account_id FOR NO KEY UPDATE;
    SELECT * INTO mail FROM email_messages WHERE client_id = tenant AND id = which;
    IF NOT EXISTS (SELECT FROM messages WHERE client_id = tenant AND id = which AND deleted_at IS NULL) THEN
      why := 'canceled';
    ELSIF EXISTS (SELECT FROM clients WHERE id = tenant AND disabled_at IS NOT NULL) THEN
      why := 'workspace_disabled';
    ELSIF account.customer_id IS NULL OR NOT EXISTS (
      SELECT FROM addresses WHERE client_id = tenant AND customer_id = one.account_id AND released_at IS NULL
    ) THEN
      why := 'invalid_from';
    ELSIF mail."to" = '[]' THEN
      why := 'unreachable';
    ELSIF one.submitted_at IS NOT NULL AND one.doubts > 0 THEN
      why := 'outcome_unknown';
    ELSIF mail.automatic = 'replied' OR NOT EXISTS (
      SELECT FROM message_authors WHERE client_id = tenant AND message_id = which
    ) AND EXISTS (
      SELECT FROM email_messages answered
      WHERE answered.client_id = tenant AND answered.channel_id = mail.channel_id AND answered.direction = 'inbound'
        AND answered.message_id = mail.followed_ids[1] AND (answered.automatic <> 'none' OR answered.is_marked)
    ) THEN
      UPDATE email_messages SET automatic = 'replied' WHERE client_id = tenant AND id = which AND automatic = 'none';
      SELECT count(*) FILTER (WHERE sent.submitted_at > now() - interval '1 hour'), count(*) INTO lately, today
      FROM conversations conversation
      JOIN conversations other ON other.client_id = tenant AND other.contact_id = conversation.contact_id
      JOIN email_messages said ON said.client_id = tenant AND said.channel_id = other.channel_id
        AND said.direction = 'outbound' AND said.automatic = 'replied'
      JOIN email_deliveries sent ON sent.client_id = tenant AND sent.id = said.id
        AND sent.submitted_at > now() - interval '1 day'
      WHERE conversation.client_id = tenant AND conversation.channel_id = mail.channel_id AND said.id <> which;
      IF lately >= 5 OR today >= 20 THEN
        why := 'loop_stopped';
      END IF;
    END IF;
    IF why IS NOT NULL THEN
      UPDATE email_deliveries
      SET status = CASE why WHEN 'canceled' THEN why ELSE 'failed' END, error_code = why, next_attempt_at = NULL,
          done_at = now()
      WHERE client_id = tenant AND id = which;
      RETURN 'ended';
    END IF;
    IF account.status <> 'ok' THEN
      IF account.retry_at IS NULL OR account.retry_at > now() THEN
        UPDATE email_deliveries SET next_attempt_at = coalesce(account.retry_at, 'infinity'), turn_at = NULL
        WHERE client_id = tenant AND id = which;
        RETURN 'held';
      END IF;
      UPDATE email_accounts SET retry_at = now() + interval '5 minutes'
      WHERE client_id = tenant AND customer_id = one.account_id;
    ELSE
      turn := coalesce(one.turn_at, greatest(account.next_send_at, now()));
      IF one.turn_at IS NULL THEN
        UPDATE email_accounts SET next_send_at = turn + make_interval(secs => 60.0 / account.rate_per_minute)
        WHERE client_id = tenant AND customer_id = one.account_id;
      END IF;
      IF turn > now() THEN
        UPDATE email_deliveries SET next_attempt_at = turn, turn_at = turn WHERE client_id = tenant AND id = which;
        RETURN 'held';
      END IF;
    END IF;
    UPDATE email_deliveries
    SET status = 'sending', submitted_at = now(), turn_at = NULL, attempts = one.attempts + 1,
        doubts = one.doubts + (one.submitted_at IS NOT NULL)::int
    WHERE client_id = tenant AND id = which;
    RETURN 'go';
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_deliveries(tenant uuid, sent uuid[], keys uuid[] DEFAULT NULL)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    is_any boolean;
    is_mail boolean;
  BEGIN
    PERFORM follow_conversation(tenant, sent);
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             jsonb_array_length(jsonb_path_query_array(message.parts, '$[*].fileId')) AS media_count,
             conversation.address_id, conversation.person_id, conversation.medium
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
    SELECT count(*) > 0 AND (SELECT count(*) FROM raised) >= 0, (SELECT bool_or(medium = 'email') FROM spoken)
    INTO is_any, is_mail FROM made;
    IF is_mail THEN
      is_any := make_mails(tenant, sent) OR is_any;
    END IF;
    RETURN is_any;
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
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
    await queryRunner.query(`DROP FUNCTION submit_mail(uuid, uuid, int)`);
    await queryRunner.query(`DROP FUNCTION make_mails(uuid, uuid[])`);
    await queryRunner.query(`DROP TABLE "email_deliveries"`);
    await queryRunner.query(`ALTER TABLE "email_accounts" DROP COLUMN "next_send_at"`);
    await queryRunner.query(`ALTER TABLE "email_accounts" DROP COLUMN "retry_at"`);
  }
}
