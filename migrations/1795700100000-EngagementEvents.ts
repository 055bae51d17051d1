import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of contacts, conversations and notes; and a webhook endpoint hears by its name of what `*` does not mean. */
export class EngagementEvents1795700100000 implements MigrationInterface {
  name = 'EngagementEvents1795700100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION raise_event(
    tenant uuid, event_type text, event_channel uuid, event_customer uuid, event_data jsonb, event_is_public boolean
  ) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    WITH event AS (
      INSERT INTO events (client_id, id, type, channel_id, customer_id, data, is_public)
      VALUES (tenant, gen_random_uuid(), event_type, event_channel, event_customer, event_data, event_is_public)
      RETURNING id, seq
    )
    INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
    SELECT tenant, gen_random_uuid(), endpoint.id, event.id, event.seq
    FROM event
    JOIN webhook_endpoints endpoint ON endpoint.client_id = tenant
      AND (endpoint.events @> ARRAY[event_type] OR event_is_public AND endpoint.events @> '{*}')
    FOR KEY SHARE OF endpoint;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION tell_contacts() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      PERFORM raise_event(contact.client_id, 'contact.created', NULL, NULL,
                jsonb_build_object('id', contact.customer_id, 'number', contact.number), false)
      FROM (
        SELECT client_id, customer_id, number FROM becomes
        WHERE EXISTS (SELECT FROM listeners WHERE listeners.client_id = becomes.client_id)
        ORDER BY client_id, number
      ) contact;
    ELSIF TG_OP = 'DELETE' THEN
      PERFORM raise_event(contact.client_id, 'contact.deleted', NULL, NULL,
                jsonb_build_object('id', contact.customer_id, 'number', contact.number), false)
      FROM (
        SELECT client_id, customer_id, number FROM was
        WHERE EXISTS (SELECT FROM listeners WHERE listeners.client_id = was.client_id)
        ORDER BY client_id, number
      ) contact;
    ELSIF EXISTS (SELECT FROM listeners WHERE client_id IN (SELECT client_id FROM becomes)) THEN
      PERFORM raise_event(contact.client_id, fact.type, NULL, NULL,
                jsonb_build_object('id', contact.customer_id, 'number', contact.number) || fact.more, false)
      FROM (
        SELECT becomes.client_id, becomes.customer_id, becomes.number, becomes.status, was.status AS former_status,
               was.created_at = now() AS is_new, (
                 SELECT jsonb_agg(field.key ORDER BY field.key)
                 FROM jsonb_each(to_jsonb(becomes)) field
                 WHERE field.value IS DISTINCT FROM to_jsonb(was)->field.key
                   AND field.key NOT IN ('search_text', 'updated_at')
               ) AS changed
        FROM becomes JOIN was ON was.client_id = becomes.client_id AND was.customer_id = becomes.customer_id
        WHERE EXISTS (SELECT FROM listeners WHERE listeners.client_id = becomes.client_id)
        ORDER BY becomes.client_id, becomes.number
      ) contact
      CROSS JOIN LATERAL (
        SELECT 'contact.updated' AS type, jsonb_build_object('changed', contact.changed) AS more
        WHERE contact.changed IS NOT NULL AND NOT contact.is_new
        UNION ALL
        SELECT 'contact.unsubscribed', '{}'
        WHERE contact.status = 'unsubscribed' AND contact.former_status <> 'unsubscribed'
        UNION ALL
        SELECT 'contact.resubscribed', '{}'
        WHERE contact.status = 'active' AND contact.former_status = 'unsubscribed'
      ) fact;
    END IF;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION tell_tagged() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM raise_event(contact.client_id, CASE TG_OP WHEN 'INSERT' THEN 'contact.tagged' ELSE 'contact.untagged' END,
              NULL, NULL,
              jsonb_build_object('id', contact.customer_id, 'number', contact.number, 'tag_ids', contact.tags), false)
    FROM (
      SELECT one.client_id, one.customer_id, one.number, jsonb_agg(tag.number ORDER BY tag.number) AS tags
      FROM touched
      JOIN contacts one ON one.client_id = touched.client_id AND one.customer_id = touched.customer_id
      JOIN tags tag ON tag.client_id = touched.client_id AND tag.id = touched.tag_id
      WHERE EXISTS (SELECT FROM listeners WHERE listeners.client_id = touched.client_id)
      GROUP BY one.client_id, one.customer_id, one.number
      ORDER BY one.client_id, one.number
    ) contact;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION tell_conversation() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    one conversations;
    fact text;
  BEGIN
    IF TG_OP = 'DELETE' THEN
      one := OLD;
    ELSE
      one := NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM listeners WHERE client_id = one.client_id) THEN
      RETURN NULL;
    END IF;
    FOREACH fact IN ARRAY CASE
      WHEN TG_OP = 'INSERT' THEN '{created}'::text[]
      WHEN TG_OP = 'DELETE' THEN '{deleted}'::text[]
      ELSE array_remove(ARRAY[
        CASE WHEN OLD.created_at <> now() THEN 'updated' END,
        CASE WHEN NEW.assignee_id IS DISTINCT FROM OLD.assignee_id THEN 'assigned' END,
        CASE WHEN NEW.status <> OLD.status AND NEW.status = 'closed' THEN 'closed' END,
        CASE WHEN NEW.status <> OLD.status AND OLD.status = 'closed' THEN 'reopened' END,
        CASE WHEN NEW.status <> OLD.status AND NEW.status = 'snoozed' THEN 'snoozed' END,
        CASE WHEN NEW.status <> OLD.status AND OLD.status = 'snoozed' THEN 'unsnoozed' END
      ], NULL)
    END
    LOOP
      PERFORM raise_event(one.client_id, 'conversation.' || fact, NULL, NULL,
        jsonb_build_object('id', one.channel_id, 'number', one.number), false);
    END LOOP;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION tell_said(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      PERFORM raise_event(tenant, 'message.' || CASE WHEN said.is_ours THEN 'replied' ELSE 'received' END, NULL, NULL,
                jsonb_build_object('id', said.id, 'number', said.position, 'conversation', said.number), false)
      FROM (
        SELECT message.id, message.position, conversation.number, message.sender_id = conversation.address_id AS is_ours
        FROM messages message
        JOIN conversations conversation
          ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
        WHERE message.client_id = tenant AND message.id = ANY(sent) AND message.type <> 'system'
          AND (conversation.status <> 'spam' OR message.sender_id = conversation.address_id)
        ORDER BY message.channel_id, message.position
      ) said;
    END IF;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION tell_note() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    note conversation_entries;
    fact text;
  BEGIN
    IF TG_OP = 'DELETE' THEN
      note := OLD;
      fact := 'deleted';
    ELSE
      note := NEW;
      fact := CASE TG_OP WHEN 'INSERT' THEN 'created' ELSE 'updated' END;
    END IF;
    PERFORM raise_event(note.client_id, 'note.' || fact, NULL, NULL,
              jsonb_build_object('id', note.id, 'number', note.number, 'conversation', conversation.number), false)
    FROM conversations conversation
    WHERE conversation.client_id = note.client_id AND conversation.channel_id = note.channel_id
      AND EXISTS (SELECT FROM listeners WHERE listeners.client_id = note.client_id);
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
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
  $function$`);
    for (const [event, tables] of [
      ['INSERT', 'NEW TABLE AS becomes'],
      ['UPDATE', 'OLD TABLE AS was NEW TABLE AS becomes'],
      ['DELETE', 'OLD TABLE AS was'],
    ]) {
      await queryRunner.query(
        `CREATE TRIGGER tell_contacts_on_${event!.toLowerCase()} AFTER ${event} ON contacts
         REFERENCING ${tables} FOR EACH STATEMENT EXECUTE FUNCTION tell_contacts()`,
      );
    }
    await queryRunner.query(
      `CREATE TRIGGER tell_tagged_on_insert AFTER INSERT ON contact_tags
       REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION tell_tagged()`,
    );
    await queryRunner.query(
      `CREATE TRIGGER tell_tagged_on_delete AFTER DELETE ON contact_tags
       REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION tell_tagged()`,
    );
    await queryRunner.query(
      `CREATE TRIGGER tell_conversation AFTER INSERT OR DELETE ON conversations
       FOR EACH ROW EXECUTE FUNCTION tell_conversation()`,
    );
    await queryRunner.query(
      `CREATE TRIGGER tell_conversation_changed
       AFTER UPDATE OF subject, status, priority, assignee_id, is_starred, is_pinned, is_read, is_ai_handled, snoozed_until
       ON conversations FOR EACH ROW
       WHEN ((OLD.subject, OLD.status, OLD.priority, OLD.assignee_id, OLD.is_starred, OLD.is_pinned, OLD.is_ai_handled, OLD.snoozed_until)
         IS DISTINCT FROM (NEW.subject, NEW.status, NEW.priority, NEW.assignee_id, NEW.is_starred, NEW.is_pinned, NEW.is_ai_handled, NEW.snoozed_until)
         OR OLD.is_read <> NEW.is_read AND OLD.last_position = NEW.last_position)
       EXECUTE FUNCTION tell_conversation()`,
    );
    for (const [trigger, event] of [
      ['tell_note_written', `INSERT ON conversation_entries FOR EACH ROW WHEN (NEW.kind = 'note')`],
      [
        'tell_note_changed',
        `UPDATE OF body ON conversation_entries FOR EACH ROW WHEN (NEW.kind = 'note' AND OLD.body IS DISTINCT FROM NEW.body)`,
      ],
      ['tell_note_deleted', `DELETE ON conversation_entries FOR EACH ROW WHEN (OLD.kind = 'note')`],
    ]) {
      await queryRunner.query(`CREATE TRIGGER ${trigger} AFTER ${event} EXECUTE FUNCTION tell_note()`);
    }
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
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
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION raise_event(
    tenant uuid, event_type text, event_channel uuid, event_customer uuid, event_data jsonb, event_is_public boolean
  ) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    WITH event AS (
      INSERT INTO events (client_id, id, type, channel_id, customer_id, data, is_public)
      VALUES (tenant, gen_random_uuid(), event_type, event_channel, event_customer, event_data, event_is_public)
      RETURNING id, seq
    )
    INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
    SELECT tenant, gen_random_uuid(), endpoint.id, event.id, event.seq
    FROM event
    JOIN webhook_endpoints endpoint ON endpoint.client_id = tenant AND event_is_public
      AND (endpoint.events @> ARRAY[event_type] OR endpoint.events @> '{*}')
    FOR KEY SHARE OF endpoint;
  END
  $function$`);
    for (const [trigger, table] of [
      ...['tell_note_written', 'tell_note_changed', 'tell_note_deleted'].map((one) => [one, 'conversation_entries']),
      ...['tell_conversation', 'tell_conversation_changed'].map((one) => [one, 'conversations']),
      ...['tell_tagged_on_insert', 'tell_tagged_on_delete'].map((one) => [one, 'contact_tags']),
      ...['insert', 'update', 'delete'].map((one) => [`tell_contacts_on_${one}`, 'contacts']),
    ]) {
      await queryRunner.query(`DROP TRIGGER ${trigger} ON ${table}`);
    }
    for (const signature of [
      ...['tell_note()', 'tell_said(uuid, uuid[])', 'tell_conversation()', 'tell_tagged()', 'tell_contacts()'],
    ]) {
      await queryRunner.query(`DROP FUNCTION ${signature}`);
    }
  }
}
