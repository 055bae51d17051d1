import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Conversations with one contact become one conversation. */
export class MergeConversations1795702101000 implements MigrationInterface {
  name = 'MergeConversations1795702101000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "merged_conversations" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "into_id" uuid NOT NULL, "merged_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_2c90a74aae4bcfd9a87b05619da" UNIQUE ("client_id", "number"), CONSTRAINT "PK_bee13100cc831084d97094b5f86" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_fa3044ef54ad9660e5dcecff31" ON "merged_conversations" ("client_id", "into_id")`,
    );
    await queryRunner.query(
      `ALTER TABLE "merged_conversations" ADD CONSTRAINT "FK_fa3044ef54ad9660e5dcecff319" FOREIGN KEY ("client_id", "into_id") REFERENCES "conversations"("client_id","channel_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION hold_conversations(tenant uuid, stays uuid, goes uuid, most int) RETURNS text LANGUAGE plpgsql AS $function$
  DECLARE
    target conversations;
    source conversations;
  BEGIN
    PERFORM pg_advisory_xact_lock(gate)
    FROM (SELECT DISTINCT hashtextextended(one::text, 0) AS gate FROM unnest(ARRAY[stays, goes]) one ORDER BY 1) gates;
    PERFORM FROM channel_members
    WHERE client_id = tenant AND channel_id IN (stays, goes) ORDER BY channel_id, customer_id FOR UPDATE;
    PERFORM FROM channels WHERE client_id = tenant AND id IN (stays, goes) ORDER BY id FOR UPDATE;
    PERFORM pg_advisory_xact_lock(gate)
    FROM (
      SELECT DISTINCT hashtextextended(tenant::text || encode(reuse_key, 'hex'), 1) AS gate
      FROM channels WHERE client_id = tenant AND id IN (stays, goes) ORDER BY 1
    ) gates;
    PERFORM FROM counters
    WHERE client_id = tenant AND name IN ('channels', 'open_channels') ORDER BY name FOR NO KEY UPDATE;
    PERFORM FROM customers
    WHERE client_id = tenant AND id IN (
      SELECT message.sender_id FROM messages message WHERE message.client_id = tenant AND message.channel_id = goes
      UNION
      SELECT hidden.customer_id FROM hidden_messages hidden WHERE hidden.client_id = tenant AND hidden.channel_id = goes
      UNION
      SELECT former.customer_id FROM former_members former WHERE former.client_id = tenant AND former.channel_id = goes)
    ORDER BY id FOR NO KEY UPDATE;
    PERFORM FROM conversations
    WHERE client_id = tenant AND channel_id IN (stays, goes) ORDER BY channel_id FOR NO KEY UPDATE;
    PERFORM hold_conversation_counters(tenant);
    SELECT * INTO target FROM conversations WHERE client_id = tenant AND channel_id = stays;
    SELECT * INTO source FROM conversations WHERE client_id = tenant AND channel_id = goes;
    RETURN CASE
      WHEN target.channel_id IS NULL OR source.channel_id IS NULL THEN 'gone'
      WHEN target.contact_id IS NULL OR target.contact_id IS DISTINCT FROM source.contact_id
        OR target.address_id <> source.address_id THEN 'others'
      WHEN EXISTS (
        SELECT FROM channel_members member
        WHERE member.client_id = tenant AND member.channel_id = stays AND NOT EXISTS (
          SELECT FROM channel_members heard
          WHERE heard.client_id = tenant AND heard.channel_id = goes AND heard.customer_id = member.customer_id)
      ) THEN 'stranger'
      WHEN most < target.entries_count + source.entries_count + (
        SELECT sum(last_position) FROM channels WHERE client_id = tenant AND id IN (stays, goes)
      ) THEN 'too_much'
      ELSE 'held'
    END;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION merge_conversation(tenant uuid, stays uuid, goes uuid, author uuid) RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    target conversations;
    source conversations;
    becomes conversations;
    ids uuid[];
    times timestamptz[];
    here int[];
    there int[];
    said int;
    hidden jsonb;
    general channels;
  BEGIN
    SELECT * INTO STRICT target FROM conversations WHERE client_id = tenant AND channel_id = stays;
    SELECT * INTO STRICT source FROM conversations WHERE client_id = tenant AND channel_id = goes;
    SELECT coalesce(array_agg(message.id ORDER BY message.at, message.channel_id = goes, message.position), '{}'),
           coalesce(array_agg(message.at ORDER BY message.at, message.channel_id = goes, message.position), '{}')
    INTO ids, times
    FROM (
      SELECT id, channel_id, position, max(created_at) OVER (PARTITION BY channel_id ORDER BY position) AS at FROM messages
      WHERE client_id = tenant AND channel_id IN (stays, goes)
    ) message;
    said := cardinality(ids);
    -- By the place that a message had: the one it gets.
    SELECT array_agg(placed.place ORDER BY message.position) FILTER (WHERE message.channel_id = stays),
           array_agg(placed.place ORDER BY message.position) FILTER (WHERE message.channel_id = goes)
    INTO here, there
    FROM unnest(ids) WITH ORDINALITY AS placed (id, place)
    JOIN messages message ON message.client_id = tenant AND message.id = placed.id;

    WITH message AS MATERIALIZED (
      SELECT one.channel_id, one.position, one.sender_id, one.deleted_at IS NOT NULL AS is_deleted,
             (CASE one.channel_id WHEN stays THEN here ELSE there END)[one.position] AS place
      FROM messages one WHERE one.client_id = tenant AND one.channel_id IN (stays, goes)
    ), mark AS (
      SELECT mine.customer_id, other.message_count, other.last_message_at, other.hidden_count,
             coalesce(min(message.place) FILTER (WHERE is_shown AND message.position >
               CASE message.channel_id WHEN stays THEN mine.read_position ELSE other.read_position END) - 1, said) AS read,
             coalesce(min(message.place) FILTER (WHERE is_shown AND message.position >
               CASE message.channel_id WHEN stays THEN mine.delivered_position ELSE other.delivered_position END) - 1, said) AS delivered,
             coalesce(min(message.place) FILTER (WHERE message.position >
               CASE message.channel_id WHEN stays THEN mine.joined_position ELSE other.joined_position END) - 1, said) AS joined,
             mine.cleared_position = cardinality(coalesce(here, '{}')) AND other.cleared_position = cardinality(coalesce(there, '{}')) AS is_cleared
      FROM channel_members mine
      JOIN channel_members other ON other.client_id = tenant AND other.channel_id = goes AND other.customer_id = mine.customer_id
      LEFT JOIN message ON true
      CROSS JOIN LATERAL (
        SELECT NOT message.is_deleted AND message.sender_id IS DISTINCT FROM mine.customer_id AND NOT EXISTS (
          SELECT FROM hidden_messages unseen
          WHERE unseen.client_id = tenant AND unseen.customer_id = mine.customer_id
            AND unseen.channel_id = message.channel_id AND unseen.position = message.position) AS is_shown
      ) one
      WHERE mine.client_id = tenant AND mine.channel_id = stays
      GROUP BY mine.client_id, mine.channel_id, mine.customer_id, other.client_id, other.channel_id, other.customer_id
    )
    UPDATE channel_members member
    SET message_count = member.message_count + mark.message_count, hidden_count = member.hidden_count + mark.hidden_count,
        last_message_at = greatest(member.last_message_at, mark.last_message_at),
        read_position = mark.read, delivered_position = greatest(mark.read, mark.delivered),
        joined_position = mark.joined, cleared_position = CASE WHEN mark.is_cleared THEN said END
    FROM mark
    WHERE member.client_id = tenant AND member.channel_id = stays AND member.customer_id = mark.customer_id;

    -- Below zero first: there no place is taken.
    SELECT jsonb_agg(jsonb_build_object('customer', one.customer_id, 'place',
             (CASE one.channel_id WHEN stays THEN here ELSE there END)[one.position])) INTO hidden
    FROM hidden_messages one WHERE one.client_id = tenant AND one.channel_id IN (stays, goes);
    DELETE FROM hidden_messages WHERE client_id = tenant AND channel_id IN (stays, goes);
    UPDATE messages SET channel_id = stays, position = -(CASE channel_id WHEN stays THEN here ELSE there END)[position]
    WHERE client_id = tenant AND channel_id IN (stays, goes);
    UPDATE messages SET position = -position WHERE client_id = tenant AND channel_id = stays;
    INSERT INTO hidden_messages (client_id, customer_id, channel_id, position)
    SELECT tenant, one.customer, stays, one.place FROM jsonb_to_recordset(hidden) AS one (customer uuid, place int);
    UPDATE receipts mark SET channel_id = stays, position = -(CASE mark.channel_id WHEN stays THEN here ELSE there END)[mark.position]
    FROM channel_members member
    WHERE mark.client_id = tenant AND mark.channel_id IN (stays, goes) AND mark.position > 0
      AND member.client_id = tenant AND member.channel_id = stays AND member.customer_id = mark.customer_id;
    DELETE FROM receipts mark USING channel_members member
    WHERE mark.client_id = tenant AND mark.channel_id = stays AND member.client_id = tenant AND member.channel_id = stays
      AND member.customer_id = mark.customer_id
      AND -mark.position > CASE mark.kind WHEN 'read' THEN member.read_position ELSE member.delivered_position END;
    UPDATE receipts mark SET position = -mark.position, at = later.at
    FROM (
      SELECT customer_id, kind, position, max(at) OVER (PARTITION BY customer_id, kind ORDER BY position DESC) AS at
      FROM receipts WHERE client_id = tenant AND channel_id = stays
    ) later
    WHERE mark.client_id = tenant AND mark.channel_id = stays AND mark.customer_id = later.customer_id
      AND mark.kind = later.kind AND mark.position = later.position;
    UPDATE replies SET channel_id = stays, position = -(CASE channel_id WHEN stays THEN here ELSE there END)[position]
    WHERE client_id = tenant AND channel_id IN (stays, goes);
    UPDATE replies SET position = -position WHERE client_id = tenant AND channel_id = stays;
    UPDATE conversation_entries entry
    SET channel_id = stays, after_position = greatest(
          coalesce(places.next[entry.after_position], 0),
          least(width_bucket(entry.created_at, times), coalesce(places.next[entry.after_position + 1] - 1, said)))
    FROM (VALUES (stays, here), (goes, there)) AS places (channel, next)
    WHERE entry.client_id = tenant AND entry.channel_id = places.channel;
    UPDATE channel_members member SET seen_count = (
      SELECT count(*)::int FROM messages message
      WHERE message.client_id = tenant AND message.channel_id = stays AND message.deleted_at IS NULL
        AND message.sender_id IS DISTINCT FROM member.customer_id AND (message.position <= member.read_position OR EXISTS (
          SELECT FROM hidden_messages unseen
          WHERE unseen.client_id = tenant AND unseen.customer_id = member.customer_id AND unseen.channel_id = stays
            AND unseen.position = message.position)))
    WHERE member.client_id = tenant AND member.channel_id = stays;

    -- Of the same two the general one is asked for by nobody's name, and goes on as that.
    SELECT * INTO general FROM channels
    WHERE client_id = tenant AND id = goes AND type = 'general'
      AND reuse_key <> sha256(convert_to('channel:' || id, 'UTF8')) AND NOT EXISTS (
        SELECT FROM channels other WHERE other.client_id = tenant AND other.id = stays AND other.type = 'general'
      ) AND (SELECT count(*) FROM channel_members WHERE client_id = tenant AND channel_id = goes)
        = (SELECT count(*) FROM channel_members WHERE client_id = tenant AND channel_id = stays);
    IF FOUND THEN
      UPDATE channels SET reuse_key = sha256(convert_to('channel:' || id, 'UTF8')) WHERE client_id = tenant AND id = goes;
      UPDATE channels SET type = general.type, name = general.name, reuse_key = general.reuse_key
      WHERE client_id = tenant AND id = stays;
    END IF;
    UPDATE channels one
    SET last_position = said, message_count = one.message_count + other.message_count,
        last_message_at = greatest(one.last_message_at, other.last_message_at)
    FROM channels other
    WHERE one.client_id = tenant AND one.id = stays AND other.client_id = tenant AND other.id = goes;
    UPDATE channels SET last_position = 0, message_count = 0, last_message_at = NULL WHERE client_id = tenant AND id = goes;
    UPDATE channel_members SET message_count = 0, last_message_at = NULL, seen_count = 0, hidden_count = 0
    WHERE client_id = tenant AND channel_id = goes;

    -- What was said is searched by its place.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(tenant::text, 2));
    DELETE FROM message_words WHERE client_id = tenant AND channel_id IN (stays, goes);
    INSERT INTO search_jobs (client_id, channel_id, first_position, last_position)
    SELECT tenant, stays, first, first + 9 FROM generate_series(1, said, 10) first;

    UPDATE email_messages SET channel_id = stays WHERE client_id = tenant AND channel_id = goes;
    UPDATE notifications SET channel_id = stays WHERE client_id = tenant AND channel_id = goes;
    UPDATE ratings SET channel_id = stays WHERE client_id = tenant AND channel_id = goes;
    UPDATE deliveries SET channel_id = stays
    WHERE client_id = tenant AND channel_id = goes AND id = ANY(ids || ARRAY(
      SELECT job.id FROM delivery_jobs job WHERE job.client_id = tenant AND job.channel_id = goes));
    UPDATE delivery_jobs
    SET channel_id = stays, position = coalesce((CASE channel_id WHEN stays THEN here ELSE there END)[position], position)
    WHERE client_id = tenant AND channel_id IN (stays, goes);
    UPDATE merged_conversations SET into_id = stays WHERE client_id = tenant AND into_id = goes;
    INSERT INTO merged_conversations (client_id, id, number, into_id) VALUES (tenant, goes, source.number, stays);

    becomes := target;
    becomes.related_id := coalesce(nullif(target.related_id, goes), nullif(source.related_id, stays));
    becomes.subject := coalesce(target.subject, source.subject);
    becomes.assignee_id := coalesce(target.assignee_id, source.assignee_id);
    becomes.is_starred := target.is_starred OR source.is_starred;
    becomes.archived := target.archived AND source.archived;
    becomes.is_read := target.is_read AND source.is_read;
    becomes.waiting_since := least(target.waiting_since, source.waiting_since);
    becomes.first_response_at := least(target.first_response_at, source.first_response_at);
    IF target.status = 'closed' AND source.status = 'closed' THEN
      becomes.resolved_at := greatest(target.resolved_at, source.resolved_at);
    END IF;
    UPDATE conversations
    SET related_id = becomes.related_id, subject = becomes.subject, assignee_id = becomes.assignee_id,
        is_starred = becomes.is_starred, archived = becomes.archived, is_read = becomes.is_read, waiting_since = becomes.waiting_since,
        first_response_at = becomes.first_response_at, resolved_at = becomes.resolved_at,
        last_message_at = greatest(target.last_message_at, source.last_message_at),
        entries_count = target.entries_count + source.entries_count, last_entry = greatest(target.last_entry, source.last_entry),
        last_position = coalesce(newest.position, 0), preview = newest.preview, last_by = newest.by
    FROM (VALUES (1)) AS single
    LEFT JOIN LATERAL (
      SELECT message.position, left(message.content, 200) AS preview,
             CASE WHEN message.sender_id = target.address_id THEN 'team' ELSE 'contact' END AS by
      FROM messages message
      WHERE message.client_id = tenant AND message.channel_id = stays AND message.deleted_at IS NULL
      ORDER BY message.position DESC LIMIT 1
    ) newest ON true
    WHERE client_id = tenant AND channel_id = stays;
    IF becomes.archived <> target.archived THEN
      UPDATE addresses SET archived_count = archived_count - 1
      WHERE client_id = tenant AND customer_id = target.address_id;
    END IF;
    IF target.status <> 'open' AND (source.status = 'open' OR target.status = 'closed' AND source.status <> 'closed') THEN
      PERFORM change_conversation(tenant, stays, author, '{"status": "open"}');
    END IF;
    PERFORM add_conversation_entry(tenant, stays, 'activity', author, NULL,
      jsonb_build_object('type', 'merged', 'from', source.number));

    -- Files are locked last.
    PERFORM FROM files
    WHERE client_id = tenant AND id IN (
      SELECT file_id FROM file_channels WHERE client_id = tenant AND channel_id = goes)
    ORDER BY id FOR UPDATE;
    INSERT INTO file_channels AS held (client_id, file_id, channel_id, message_count)
    SELECT tenant, file_id, stays, message_count FROM file_channels WHERE client_id = tenant AND channel_id = goes
    ON CONFLICT (client_id, file_id, channel_id) DO UPDATE SET message_count = held.message_count + excluded.message_count;
    DELETE FROM file_channels WHERE client_id = tenant AND channel_id = goes;

    IF NOT EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      RETURN false;
    END IF;
    PERFORM raise_event(tenant, 'channel.updated', stays, NULL, jsonb_build_object('id', stays), true);
    -- Of the rest a trigger has told.
    IF (target.subject, target.assignee_id, target.is_starred) IS NOT DISTINCT FROM
        (becomes.subject, becomes.assignee_id, becomes.is_starred)
      AND target.status = (SELECT status FROM conversations WHERE client_id = tenant AND channel_id = stays) THEN
      PERFORM raise_event(tenant, 'conversation.updated', NULL, NULL,
        jsonb_build_object('id', stays, 'number', target.number), false);
    END IF;
    RETURN true;
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const signature of [
      'merge_conversation(uuid, uuid, uuid, uuid)',
      'hold_conversations(uuid, uuid, uuid, int)',
    ]) {
      await queryRunner.query(`DROP FUNCTION ${signature}`);
    }
    await queryRunner.query(`DROP TABLE "merged_conversations"`);
  }
}
