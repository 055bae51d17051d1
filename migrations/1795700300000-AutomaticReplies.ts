import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What answers a keyword by itself answers nobody, and a contact knows when it was written to last. That of what was said before
 * is found out here.
 */
export class AutomaticReplies1795700300000 implements MigrationInterface {
  name = 'AutomaticReplies1795700300000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FOLLOW_CONVERSATION);
    await queryRunner.query(`
      UPDATE contact_touches touch SET last_contacted_at = written.at
      FROM (
        SELECT conversation.client_id, conversation.contact_id, max(newest.created_at) AS at
        FROM conversations conversation CROSS JOIN LATERAL (
          SELECT message.created_at FROM messages message
          WHERE message.client_id = conversation.client_id AND message.channel_id = conversation.channel_id
            AND message.sender_id = conversation.address_id AND message.type <> 'system' AND NOT EXISTS (
              SELECT FROM deliveries delivery
              WHERE delivery.client_id = message.client_id AND delivery.id = message.id AND delivery.may_reach_opted_out)
          ORDER BY message.position DESC LIMIT 1
        ) newest
        GROUP BY conversation.client_id, conversation.contact_id
      ) written
      WHERE touch.client_id = written.client_id AND touch.customer_id = written.contact_id`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FORMER_FOLLOW_CONVERSATION);
  }
}

const FOLLOW_CONVERSATION = `
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
  $function$`;

const FORMER_FOLLOW_CONVERSATION = `
  CREATE OR REPLACE FUNCTION follow_conversation(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    said record;
    one conversations;
    was text;
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
      END IF;
      CONTINUE WHEN one.channel_id IS DISTINCT FROM said.channel_id;
      one.last_message_at := greatest(one.last_message_at, said.created_at);
      one.last_position := said.position;
      one.preview := said.preview;
      one.last_by := CASE WHEN said.sender_id = one.address_id THEN 'team' ELSE 'contact' END;
      IF said.type <> 'system' AND one.last_by = 'team' THEN
        IF one.status IN ('pending', 'closed') THEN
          one.status := 'open';
        END IF;
        IF one.waiting_since IS NOT NULL THEN
          one.first_response_at := coalesce(one.first_response_at, said.created_at);
          one.waiting_since := NULL;
        END IF;
      ELSIF said.type <> 'system' AND one.status <> 'spam' THEN
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
      IF one.status <> was THEN
        PERFORM add_conversation_entry(tenant, one.channel_id, 'activity', NULL, NULL,
          jsonb_build_object('type', 'status', 'from', was, 'to', one.status));
      END IF;
    END LOOP;
    PERFORM tell_said(tenant, sent);
  END
  $function$`;
