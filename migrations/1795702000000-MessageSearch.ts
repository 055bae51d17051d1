import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is said in the inbox is searched. The words of what was said before are written by the worker, those of the newest
 * conversations first: here are its jobs, each of a few messages.
 */
export class MessageSearch1795702000000 implements MigrationInterface {
  name = 'MessageSearch1795702000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "message_words" ("client_id" uuid NOT NULL, "channel_id" uuid NOT NULL, "position" integer NOT NULL, "words" text NOT NULL, CONSTRAINT "PK_a5d608f7e94aa13fca5865c52f6" PRIMARY KEY ("client_id", "channel_id", "position"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "search_jobs" ("client_id" uuid NOT NULL, "id" BIGSERIAL NOT NULL, "channel_id" uuid NOT NULL, "first_position" integer NOT NULL, "last_position" integer NOT NULL, CONSTRAINT "PK_43ed5ba9a96398d3c55e4964010" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX message_words_search ON message_words USING gin (client_id, words gin_trgm_ops)`,
    );
    for (const text of [FORGET_WORDS, BEGIN_CONVERSATION, FOLLOW_CONVERSATION]) {
      await queryRunner.query(text);
    }
    await queryRunner.query(`CREATE TRIGGER forget_words AFTER UPDATE OF deleted_at, sender_id ON messages
   FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL OR OLD.sender_id IS NOT NULL AND NEW.sender_id IS NULL)
   EXECUTE FUNCTION forget_words()`);
    await queryRunner.query(`CREATE TRIGGER forget_words AFTER UPDATE OF text ON email_messages
   FOR EACH ROW WHEN (OLD.text <> NEW.text) EXECUTE FUNCTION forget_words()`);
    await queryRunner.query(
      `CREATE TRIGGER forget_words AFTER DELETE ON conversations FOR EACH ROW EXECUTE FUNCTION forget_words()`,
    );
    await queryRunner.query(BACKFILL);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['messages', 'email_messages', 'conversations']) {
      await queryRunner.query(`DROP TRIGGER forget_words ON ${table}`);
    }
    for (const text of [FORMER_FOLLOW_CONVERSATION, FORMER_BEGIN_CONVERSATION]) {
      await queryRunner.query(text);
    }
    await queryRunner.query(`DROP FUNCTION forget_words()`);
    await queryRunner.query(`DROP TABLE "search_jobs"`);
    await queryRunner.query(`DROP TABLE "message_words"`);
  }
}

export const BACKFILL = `
  INSERT INTO search_jobs (client_id, channel_id, first_position, last_position)
  SELECT conversation.client_id, conversation.channel_id, first, first + 9
  FROM conversations conversation
  JOIN channels channel ON channel.client_id = conversation.client_id AND channel.id = conversation.channel_id
  CROSS JOIN generate_series(1, channel.last_position, 10) first
  ORDER BY conversation.last_message_at, first`;

const FORGET_WORDS = `
  CREATE OR REPLACE FUNCTION forget_words() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    first int := 0;
    last int := 2147483647;
  BEGIN
    IF TG_TABLE_NAME = 'messages' THEN
      IF NOT EXISTS (SELECT FROM conversations WHERE client_id = OLD.client_id AND channel_id = OLD.channel_id) THEN
        RETURN NULL;
      END IF;
      first := OLD.position;
      last := OLD.position;
    ELSIF TG_TABLE_NAME = 'email_messages' THEN
      SELECT position, position INTO first, last FROM messages WHERE client_id = OLD.client_id AND id = OLD.id;
      IF NOT FOUND THEN
        RETURN NULL;
      END IF;
      INSERT INTO search_jobs (client_id, channel_id, first_position, last_position)
      VALUES (OLD.client_id, OLD.channel_id, first, last);
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(OLD.client_id::text, 2));
    DELETE FROM message_words
    WHERE client_id = OLD.client_id AND channel_id = OLD.channel_id AND position BETWEEN first AND last;
    RETURN NULL;
  END
  $function$`;

const BEGIN_CONVERSATION = `
  CREATE OR REPLACE FUNCTION begin_conversation() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    NEW.number := draw_numbers(NEW.client_id, 'conversations', 1);
    SELECT medium INTO STRICT NEW.medium FROM addresses
    WHERE client_id = NEW.client_id AND customer_id = NEW.address_id;
    SELECT concat_ws(' ', name, email) INTO NEW.contact_words FROM customers
    WHERE client_id = NEW.client_id AND id = NEW.contact_id;
    NEW.contact_words := coalesce(NEW.contact_words, '');
    INSERT INTO search_jobs (client_id, channel_id, first_position, last_position)
    SELECT NEW.client_id, NEW.channel_id, first, first + 9
    FROM channels, generate_series(1, channels.last_position, 10) first
    WHERE channels.client_id = NEW.client_id AND channels.id = NEW.channel_id;
    RETURN NEW;
  END
  $function$`;

const FOLLOW_CONVERSATION = `
  CREATE OR REPLACE FUNCTION follow_conversation(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    said record;
    one conversations;
    was text;
    first int;
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
        first := said.position;
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
      INSERT INTO search_jobs (client_id, channel_id, first_position, last_position)
      VALUES (tenant, one.channel_id, first, said.position);
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
  $function$`;

const FORMER_BEGIN_CONVERSATION = `
  CREATE OR REPLACE FUNCTION begin_conversation() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    NEW.number := draw_numbers(NEW.client_id, 'conversations', 1);
    SELECT medium INTO STRICT NEW.medium FROM addresses
    WHERE client_id = NEW.client_id AND customer_id = NEW.address_id;
    SELECT concat_ws(' ', name, email) INTO NEW.contact_words FROM customers
    WHERE client_id = NEW.client_id AND id = NEW.contact_id;
    NEW.contact_words := coalesce(NEW.contact_words, '');
    RETURN NEW;
  END
  $function$`;

const FORMER_FOLLOW_CONVERSATION = `
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
  $function$`;
