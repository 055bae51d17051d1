import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Conversations as an inbox has them. Those there are get their numbers, their contacts and what was said last; whatever was
 * not read yet is open, as the rest is.
 */
export class Conversations1795600400000 implements MigrationInterface {
  name = 'Conversations1795600400000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    for (const column of [
      `"is_abandoned" boolean NOT NULL DEFAULT false`,
      `"number" bigint`,
      `"medium" text NOT NULL DEFAULT 'sms'`,
      `"contact_id" uuid`,
      `"subject" text`,
      `"status" text NOT NULL DEFAULT 'open'`,
      `"priority" text NOT NULL DEFAULT 'normal'`,
      `"assignee_id" uuid`,
      `"is_starred" boolean NOT NULL DEFAULT false`,
      `"is_pinned" boolean NOT NULL DEFAULT false`,
      `"is_read" boolean NOT NULL DEFAULT true`,
      `"is_ai_handled" boolean NOT NULL DEFAULT false`,
      `"last_position" integer NOT NULL DEFAULT '0'`,
      `"last_by" text`,
      `"preview" text`,
      `"waiting_since" TIMESTAMP WITH TIME ZONE`,
      `"snoozed_until" TIMESTAMP WITH TIME ZONE`,
      `"first_response_at" TIMESTAMP WITH TIME ZONE`,
      `"resolved_at" TIMESTAMP WITH TIME ZONE`,
      `"resolved_by" uuid`,
      `"entries_count" integer NOT NULL DEFAULT '0'`,
      `"last_entry" bigint`,
      `"related_id" uuid`,
      `"contact_words" text NOT NULL DEFAULT ''`,
      `"search_text" text NOT NULL DEFAULT ''`,
      `"created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()`,
    ]) {
      await queryRunner.query(`ALTER TABLE "conversations" ADD ${column}`);
    }
    await queryRunner.query(`
      UPDATE conversations
      SET number = drawn.number, medium = drawn.medium, contact_id = drawn.contact_id, is_read = drawn.unread <= 0,
          last_position = coalesce(drawn.position, 0), preview = drawn.preview, created_at = drawn.created_at,
          last_by = CASE WHEN drawn.position IS NULL THEN NULL WHEN drawn.sender_id = drawn.address_id THEN 'team' ELSE 'contact' END,
          contact_words = coalesce(drawn.words, ''),
          search_text = ' ' || searchable(concat_ws(' ', drawn.preview, nullif(drawn.words, '')))
      FROM (
        SELECT one.client_id, one.channel_id, one.address_id, address.medium, contact.id AS contact_id,
               row_number() OVER (PARTITION BY one.client_id ORDER BY channel.created_at, channel.id) AS number,
               channel.created_at, channel.message_count - speaker.message_count - speaker.seen_count AS unread,
               newest.position, newest.sender_id, newest.preview, concat_ws(' ', contact.name, contact.email) AS words
        FROM conversations one
        JOIN channels channel ON channel.client_id = one.client_id AND channel.id = one.channel_id
        JOIN addresses address ON address.client_id = one.client_id AND address.customer_id = one.address_id
        LEFT JOIN channel_members speaker ON speaker.client_id = one.client_id AND speaker.channel_id = one.channel_id
          AND speaker.customer_id = one.address_id
        LEFT JOIN customers contact ON contact.client_id = one.client_id AND contact.id = coalesce(one.person_id, (
          SELECT member.customer_id FROM channel_members member
          WHERE member.client_id = one.client_id AND member.channel_id = one.channel_id
            AND member.customer_id <> one.address_id
          ORDER BY member.customer_id LIMIT 1))
        LEFT JOIN LATERAL (
          SELECT message.position, message.sender_id, left(message.content, 200) AS preview FROM messages message
          WHERE message.client_id = one.client_id AND message.channel_id = one.channel_id AND message.deleted_at IS NULL
          ORDER BY message.position DESC LIMIT 1
        ) newest ON true
      ) drawn
      WHERE conversations.client_id = drawn.client_id AND conversations.channel_id = drawn.channel_id`);
    await queryRunner.query(`
      UPDATE counters SET last_number = there.n
      FROM (SELECT client_id, count(*) AS n FROM conversations GROUP BY client_id) there
      WHERE counters.client_id = there.client_id AND name = 'conversations'`);
    await queryRunner.query(`
      UPDATE counters SET value = there.n
      FROM (SELECT client_id, count(*) AS n FROM conversations GROUP BY client_id) there
      WHERE counters.client_id = there.client_id AND name = 'conversations.open'`);
    await queryRunner.query(`ALTER TABLE "conversations" ALTER "number" SET NOT NULL`);
    await queryRunner.query(
      `CREATE TABLE "conversation_entries" ("client_id" uuid NOT NULL, "channel_id" uuid NOT NULL, "number" bigint NOT NULL, "id" uuid NOT NULL, "kind" text NOT NULL, "after_position" integer NOT NULL, "author_id" uuid, "body" text, "data" jsonb, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_393122ad5e7b7895143b991dc5f" UNIQUE ("client_id", "id"), CONSTRAINT "PK_2dd686b41892bf643244dc1b042" PRIMARY KEY ("client_id", "channel_id", "number"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_1fc831c0a9641fcd9a14eea675" ON "conversation_entries" ("client_id", "channel_id", "after_position", "number")`,
    );
    await queryRunner.query(
      `CREATE TABLE "replies" ("client_id" uuid NOT NULL, "channel_id" uuid NOT NULL, "position" integer NOT NULL, "automatic" text, "canned_response_id" uuid, CONSTRAINT "PK_78836536cc8603f740844770c56" PRIMARY KEY ("client_id", "channel_id", "position"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_3e45cc29318a9649e05b4e2f91" ON "conversations" ("snoozed_until") WHERE snoozed_until IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_6db5d6670397799c1e3651cd24" ON "conversations" ("client_id", "contact_id", "last_message_at", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_b1394bf6cf3eb290e03421cfe1" ON "conversations" ("client_id", "assignee_id", "last_message_at", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_c713c6f4ac01fa561da205c17c" ON "conversations" ("client_id", "status", "last_message_at", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_c1dfaebd6bdfd3aaceb3892423" ON "conversations" ("client_id", "last_message_at", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX conversations_search ON conversations USING gin (client_id, search_text gin_trgm_ops)`,
    );
    await queryRunner.query(
      `ALTER TABLE "conversations" ADD CONSTRAINT "UQ_cfb092211c39e25909fc9063b6c" UNIQUE ("client_id", "number")`,
    );
    await queryRunner.query(
      `ALTER TABLE "conversation_entries" ADD CONSTRAINT "FK_4f94320715136e44f1fcad0167b" FOREIGN KEY ("client_id", "channel_id") REFERENCES "conversations"("client_id","channel_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "replies" ADD CONSTRAINT "FK_ec80508df4b854132f80f86eca2" FOREIGN KEY ("client_id", "channel_id") REFERENCES "conversations"("client_id","channel_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION keep_conversation(tenant uuid, channel uuid, speaker uuid, others uuid[])
  RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    sole uuid := CASE WHEN cardinality(others) = 1 THEN others[1] END;
    was conversations;
  BEGIN
    SELECT * INTO was FROM conversations WHERE client_id = tenant AND channel_id = channel FOR NO KEY UPDATE;
    IF FOUND THEN
      UPDATE conversations SET person_id = sole, is_abandoned = cardinality(others) = 0
      WHERE client_id = tenant AND channel_id = channel;
    ELSIF cardinality(others) > 0 THEN
      INSERT INTO conversations (client_id, channel_id, address_id, person_id, contact_id)
      VALUES (tenant, channel, speaker, sole, (SELECT other FROM unnest(others) other ORDER BY other LIMIT 1));
    ELSE
      RETURN;
    END IF;
    IF coalesce(was.is_abandoned, true) <> (cardinality(others) = 0) THEN
      UPDATE addresses
      SET thread_count = thread_count + CASE WHEN cardinality(others) = 0 THEN -1 ELSE 1 END,
          archived_count = archived_count + CASE WHEN NOT coalesce(was.archived, false) THEN 0
                                                 WHEN cardinality(others) = 0 THEN -1 ELSE 1 END
      WHERE client_id = tenant AND customer_id = coalesce(was.address_id, speaker);
    END IF;
  END
  $function$`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION search_conversation() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    NEW.search_text := ' ' || searchable(concat_ws(' ', NEW.subject, NEW.preview, nullif(NEW.contact_words, '')));
    RETURN NEW;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_conversation() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF TG_OP <> 'INSERT' THEN
      UPDATE counters SET value = value - 1
      WHERE client_id = OLD.client_id AND name = 'conversations.' || OLD.status;
    END IF;
    IF TG_OP <> 'DELETE' THEN
      UPDATE counters SET value = value + 1
      WHERE client_id = NEW.client_id AND name = 'conversations.' || NEW.status;
    END IF;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION hold_conversation_counters(tenant uuid) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM FROM counters
    WHERE client_id = tenant AND name = ANY('{conversations.closed,conversations.open,conversations.pending,conversations.snoozed,conversations.spam,entries}')
    ORDER BY name FOR NO KEY UPDATE;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION add_conversation_entry(
    tenant uuid, channel uuid, entry_kind text, author uuid, words text, facts jsonb
  ) RETURNS bigint LANGUAGE plpgsql AS $function$
  DECLARE
    drawn bigint;
  BEGIN
    drawn := draw_numbers(tenant, 'entries', 1);
    WITH counted AS (
      UPDATE conversations SET entries_count = entries_count + 1, last_entry = drawn
      WHERE client_id = tenant AND channel_id = channel
      RETURNING last_position
    )
    INSERT INTO conversation_entries (client_id, channel_id, number, id, kind, after_position, author_id, body, data, created_at)
    SELECT tenant, channel, drawn, gen_random_uuid(), entry_kind, last_position, author, words, facts, clock_timestamp()
    FROM counted;
    RETURN drawn;
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
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION preview_again() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    one conversations;
  BEGIN
    SELECT * INTO one FROM conversations
    WHERE client_id = NEW.client_id AND channel_id = NEW.channel_id AND last_position = NEW.position FOR NO KEY UPDATE;
    IF FOUND THEN
      UPDATE conversations
      SET last_position = coalesce(newest.position, 0), preview = newest.preview, last_by = newest.by
      FROM (VALUES (1)) AS single
      LEFT JOIN LATERAL (
        SELECT message.position, left(message.content, 200) AS preview,
               CASE WHEN message.sender_id = one.address_id THEN 'team' ELSE 'contact' END AS by
        FROM messages message
        WHERE message.client_id = NEW.client_id AND message.channel_id = NEW.channel_id AND message.deleted_at IS NULL
        ORDER BY message.position DESC LIMIT 1
      ) newest ON true
      WHERE client_id = NEW.client_id AND channel_id = NEW.channel_id;
    END IF;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION rename_contact() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF TG_OP = 'DELETE' THEN
      UPDATE conversations SET contact_id = NULL, contact_words = ''
      WHERE client_id = OLD.client_id AND contact_id = OLD.id;
    ELSE
      UPDATE conversations SET contact_words = concat_ws(' ', NEW.name, NEW.email)
      WHERE client_id = NEW.client_id AND contact_id = NEW.id;
    END IF;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION unassign_member() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    one uuid;
  BEGIN
    FOR one IN
      UPDATE conversations SET assignee_id = NULL WHERE client_id = OLD.client_id AND assignee_id = OLD.user_id
      RETURNING channel_id
    LOOP
      PERFORM add_conversation_entry(OLD.client_id, one, 'activity', NULL, NULL,
        jsonb_build_object('type', 'assignee', 'from', OLD.user_id, 'to', NULL));
    END LOOP;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION change_conversation(tenant uuid, which uuid, author uuid, changes jsonb)
  RETURNS TABLE (outcome text, raised boolean) LANGUAGE plpgsql AS $function$
  #variable_conflict use_column
  DECLARE
    was conversations;
    becomes conversations;
  BEGIN
    raised := false;
    IF changes->>'assignee_id' IS NOT NULL THEN
      PERFORM FROM memberships member JOIN users account ON account.id = member.user_id
      WHERE member.client_id = tenant AND member.user_id = (changes->>'assignee_id')::uuid AND member.role <> 'viewer'
        AND account.disabled_at IS NULL
      FOR SHARE OF member;
      IF NOT FOUND THEN
        outcome := 'not_assignable';
        RETURN NEXT;
        RETURN;
      END IF;
    END IF;
    SELECT * INTO was FROM conversations WHERE client_id = tenant AND channel_id = which FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    becomes := jsonb_populate_record(was, changes);
    IF becomes.status <> 'snoozed' THEN
      becomes.snoozed_until := NULL;
    END IF;
    IF becomes.status <> was.status THEN
      PERFORM hold_conversation_counters(tenant);
      becomes.resolved_at := CASE WHEN becomes.status = 'closed' THEN clock_timestamp() END;
      becomes.resolved_by := CASE WHEN becomes.status = 'closed' THEN author END;
    END IF;
    outcome := CASE WHEN becomes IS DISTINCT FROM was THEN 'changed' ELSE 'same' END;
    IF outcome = 'same' THEN
      RETURN NEXT;
      RETURN;
    END IF;
    UPDATE conversations
    SET subject = becomes.subject, status = becomes.status, priority = becomes.priority,
        assignee_id = becomes.assignee_id, is_starred = becomes.is_starred, is_pinned = becomes.is_pinned,
        is_read = becomes.is_read, snoozed_until = becomes.snoozed_until, resolved_at = becomes.resolved_at,
        resolved_by = becomes.resolved_by
    WHERE client_id = tenant AND channel_id = which;
    IF becomes.status <> was.status THEN
      PERFORM add_conversation_entry(tenant, which, 'activity', author, NULL,
        jsonb_build_object('type', 'status', 'from', was.status, 'to', becomes.status));
    END IF;
    IF becomes.priority <> was.priority THEN
      PERFORM add_conversation_entry(tenant, which, 'activity', author, NULL,
        jsonb_build_object('type', 'priority', 'from', was.priority, 'to', becomes.priority));
    END IF;
    IF becomes.assignee_id IS DISTINCT FROM was.assignee_id THEN
      PERFORM add_conversation_entry(tenant, which, 'activity', author, NULL,
        jsonb_build_object('type', 'assignee', 'from', was.assignee_id, 'to', becomes.assignee_id));
    END IF;
    RETURN NEXT;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION wake_conversations(most int, OUT woken int, OUT raised boolean) LANGUAGE plpgsql AS $function$
  DECLARE
    tenant uuid;
    due uuid[];
    one uuid;
  BEGIN
    raised := false;
    SELECT client_id INTO tenant FROM conversations
    WHERE snoozed_until <= now() ORDER BY snoozed_until LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    due := ARRAY(
      SELECT channel_id FROM conversations
      WHERE client_id = tenant AND status = 'snoozed' AND snoozed_until <= now()
      ORDER BY snoozed_until LIMIT most FOR NO KEY UPDATE SKIP LOCKED);
    woken := cardinality(due);
    IF woken > 0 THEN
      PERFORM hold_conversation_counters(tenant);
      UPDATE conversations SET status = 'open', snoozed_until = NULL
      WHERE client_id = tenant AND channel_id = ANY(due);
      FOREACH one IN ARRAY due LOOP
        PERFORM add_conversation_entry(tenant, one, 'activity', NULL, NULL,
          '{"type": "status", "from": "snoozed", "to": "open"}');
      END LOOP;
    END IF;
  END
  $function$`);
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
    for (const trigger of [
      `CREATE TRIGGER begin_conversation BEFORE INSERT ON conversations FOR EACH ROW EXECUTE FUNCTION begin_conversation()`,
      `CREATE TRIGGER search_conversation BEFORE INSERT OR UPDATE OF subject, preview, contact_words ON conversations
   FOR EACH ROW EXECUTE FUNCTION search_conversation()`,
      `CREATE TRIGGER count_conversation AFTER INSERT OR DELETE ON conversations
   FOR EACH ROW EXECUTE FUNCTION count_conversation()`,
      `CREATE TRIGGER count_conversation_moved AFTER UPDATE OF status ON conversations
   FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION count_conversation()`,
      `CREATE TRIGGER preview_again AFTER UPDATE OF deleted_at ON messages
   FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION preview_again()`,
      `CREATE TRIGGER rename_contact AFTER UPDATE OF name, email ON customers
   FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION rename_contact()`,
      `CREATE TRIGGER forget_contact AFTER DELETE ON customers FOR EACH ROW EXECUTE FUNCTION rename_contact()`,
      `CREATE TRIGGER unassign_former AFTER DELETE ON memberships FOR EACH ROW EXECUTE FUNCTION unassign_member()`,
      `CREATE TRIGGER unassign_viewer AFTER UPDATE OF role ON memberships
   FOR EACH ROW WHEN (NEW.role = 'viewer' AND OLD.role <> 'viewer') EXECUTE FUNCTION unassign_member()`,
    ]) {
      await queryRunner.query(trigger);
    }
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const [trigger, table] of [
      ...([
        ['preview_again', 'messages'],
        ['rename_contact', 'customers'],
        ['forget_contact', 'customers'],
      ] as const),
      ...([
        ['unassign_former', 'memberships'],
        ['unassign_viewer', 'memberships'],
      ] as const),
      ...([
        ['begin_conversation', 'conversations'],
        ['search_conversation', 'conversations'],
      ] as const),
      ...([
        ['count_conversation', 'conversations'],
        ['count_conversation_moved', 'conversations'],
      ] as const),
    ]) {
      await queryRunner.query(`DROP TRIGGER ${trigger} ON ${table}`);
    }
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_deliveries(tenant uuid, sent uuid[]) RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    is_any boolean;
  BEGIN
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             jsonb_array_length(jsonb_path_query_array(message.parts, '$[*].fileId')) AS media_count,
             conversation.address_id, conversation.person_id
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
      WHERE message.client_id = tenant AND message.id = ANY(sent)
    ), touched AS (
      UPDATE conversations SET last_message_at = greatest(last_message_at, said.at)
      FROM (SELECT channel_id, max(created_at) AS at FROM spoken GROUP BY channel_id) said
      WHERE conversations.client_id = tenant AND conversations.channel_id = said.channel_id
    ), made AS (
      INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, person_id, from_text, to_text,
                              status, media_count, created_at, updated_at)
      SELECT tenant, spoken.id, 'outbound', CASE WHEN spoken.media_count > 0 THEN 'mms' ELSE 'sms' END,
             spoken.channel_id, spoken.address_id, spoken.person_id, address.address, person.phone,
             'queued', coalesce(spoken.media_count, 0), spoken.created_at, spoken.created_at
      FROM spoken
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = spoken.address_id
      LEFT JOIN customers person ON person.client_id = tenant AND person.id = spoken.person_id
      WHERE spoken.sender_id = spoken.address_id AND spoken.type <> 'system'
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
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION keep_conversation(tenant uuid, channel uuid, speaker uuid, others uuid[])
  RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    is_new boolean;
  BEGIN
    IF cardinality(others) = 0 THEN
      WITH closed AS (
        DELETE FROM conversations WHERE client_id = tenant AND channel_id = channel RETURNING address_id, archived
      )
      UPDATE addresses
      SET thread_count = thread_count - 1, archived_count = archived_count - closed.archived::int
      FROM closed
      WHERE client_id = tenant AND customer_id = closed.address_id;
      RETURN;
    END IF;
    INSERT INTO conversations (client_id, channel_id, address_id, person_id)
    VALUES (tenant, channel, speaker, CASE WHEN cardinality(others) = 1 THEN others[1] END)
    ON CONFLICT (client_id, channel_id) DO UPDATE SET person_id = excluded.person_id
    RETURNING xmax = 0 INTO is_new;
    IF is_new THEN
      UPDATE addresses SET thread_count = thread_count + 1 WHERE client_id = tenant AND customer_id = speaker;
    END IF;
  END
  $function$`);
    for (const signature of [
      ...[
        'wake_conversations(int)',
        'change_conversation(uuid, uuid, uuid, jsonb)',
        'unassign_member()',
        'rename_contact()',
      ],
      ...[
        'preview_again()',
        'follow_conversation(uuid, uuid[])',
        'hold_conversation_counters(uuid)',
        'count_conversation()',
      ],
      ...[
        'add_conversation_entry(uuid, uuid, text, uuid, text, jsonb)',
        'search_conversation()',
        'begin_conversation()',
      ],
    ]) {
      await queryRunner.query(`DROP FUNCTION ${signature}`);
    }
    await queryRunner.query(`DROP TABLE "replies"`);
    await queryRunner.query(`DROP TABLE "conversation_entries"`);
    await queryRunner.query(`DELETE FROM conversations WHERE is_abandoned`);
    for (const column of [
      'is_abandoned',
      'number',
      'medium',
      'contact_id',
      'subject',
      'status',
      'priority',
      'assignee_id',
      'is_starred',
      'is_pinned',
      'is_read',
      'is_ai_handled',
      'last_position',
      'last_by',
      'preview',
      'waiting_since',
      'snoozed_until',
      'first_response_at',
      'resolved_at',
      'resolved_by',
      'entries_count',
      'last_entry',
      'related_id',
      'contact_words',
      'search_text',
      'created_at',
    ]) {
      await queryRunner.query(`ALTER TABLE "conversations" DROP COLUMN "${column}"`);
    }
    await queryRunner.query(
      `UPDATE counters SET value = 0, last_number = 0 WHERE name = 'entries' OR name LIKE 'conversations%'`,
    );
  }
}
