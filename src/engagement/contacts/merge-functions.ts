/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. Two contacts become one:
 * what the one that goes has is the other's, in one transaction. What is locked, in this order: the channels in which either
 * said or hid what the other sees counted (their gates, members, rows, keys), both customers, their counters, conversations,
 * tags, the counters of contacts, files.
 */

/** Who was known by this e-mail or phone number before it was merged. */
export const CONTACT_KNOWN_BY = `
  CREATE OR REPLACE FUNCTION contact_known_by(tenant uuid, former_email text, former_phone text) RETURNS uuid LANGUAGE sql STABLE AS $function$
    SELECT customer_id FROM contact_aliases
    WHERE client_id = tenant AND (email = former_email OR phone = former_phone) LIMIT 1
  $function$`;

/** The e-mails that a contact had before it was merged. */
export const CONTACT_EMAILS = `
  CREATE OR REPLACE FUNCTION contact_emails(tenant uuid, contact uuid) RETURNS text[] LANGUAGE sql STABLE AS $function$
    SELECT coalesce(array_agg(email ORDER BY email), '{}') FROM contact_aliases
    WHERE client_id = tenant AND customer_id = contact AND email IS NOT NULL
  $function$`;

/** The channels in which something is another's as soon as `goes` is `stays`. */
export const MERGED_CHANNELS = `
  CREATE OR REPLACE FUNCTION merged_channels(tenant uuid, stays uuid, goes uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $function$
    SELECT ARRAY(
      SELECT member.channel_id FROM channel_members member WHERE member.client_id = tenant AND member.customer_id = goes
      UNION
      SELECT member.channel_id FROM channel_members member
      WHERE member.client_id = tenant AND member.customer_id = stays AND (EXISTS (
          SELECT FROM messages message
          WHERE message.client_id = tenant AND message.channel_id = member.channel_id AND message.sender_id = goes
        ) OR EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = tenant AND hidden.customer_id = goes AND hidden.channel_id = member.channel_id))
      ORDER BY 1)
  $function$`;

/**
 * What a channel of `goes` is asked for by once it is one of `stays`, as reuse-key.ts makes it. One that nobody can ask for
 * stays so; and so does the general channel of those two, which without one of them is not that of the others.
 */
export const MERGED_KEY = `
  CREATE OR REPLACE FUNCTION merged_key(tenant uuid, channel uuid, stays uuid, goes uuid) RETURNS bytea LANGUAGE sql STABLE AS $function$
    SELECT CASE
      WHEN one.is_open OR one.reuse_key = sha256(convert_to('channel:' || one.id, 'UTF8')) OR one.type = 'general' AND EXISTS (
        SELECT FROM channel_members own WHERE own.client_id = tenant AND own.channel_id = one.id AND own.customer_id = stays
      ) THEN one.reuse_key
      ELSE sha256(convert_to(
        CASE one.type WHEN 'general' THEN 'general:' || staying.ids ELSE 'custom:' || staying.ids || ':' || one.name END, 'UTF8'))
    END
    FROM channels one CROSS JOIN LATERAL (
      SELECT string_agg(id::text, ',' ORDER BY id) AS ids
      FROM (
        SELECT DISTINCT CASE member.customer_id WHEN goes THEN stays ELSE member.customer_id END AS id
        FROM channel_members member WHERE member.client_id = tenant AND member.channel_id = one.id
      ) next
    ) staying
    WHERE one.client_id = tenant AND one.id = channel
  $function$`;

/**
 * Holds all that a merge changes, so that nobody writes as either, joins or leaves until the commit. Answers 'gone' where one of
 * the two is no customer any more, 'again' where they came into other channels meanwhile, 'too_much' where there is more than
 * one transaction should move, or else 'held'.
 */
export const HOLD_MERGED = `
  CREATE OR REPLACE FUNCTION hold_merged(tenant uuid, stays uuid, goes uuid, most int) RETURNS text LANGUAGE plpgsql AS $function$
  DECLARE
    concerned uuid[] := merged_channels(tenant, stays, goes);
    there int;
  BEGIN
    IF cardinality(concerned) > most OR most < (
      SELECT count(*) FROM (
        SELECT FROM messages WHERE client_id = tenant AND sender_id = goes LIMIT most + 1
      ) said
    ) THEN
      RETURN 'too_much';
    END IF;
    PERFORM pg_advisory_xact_lock(gate)
    FROM (SELECT DISTINCT hashtextextended(one::text, 0) AS gate FROM unnest(concerned) one ORDER BY 1) gates;
    PERFORM FROM channel_members
    WHERE client_id = tenant AND channel_id = ANY(concerned) AND customer_id IN (stays, goes)
    ORDER BY channel_id, customer_id FOR UPDATE;
    PERFORM FROM channels WHERE client_id = tenant AND id = ANY(concerned) ORDER BY id FOR UPDATE;
    PERFORM pg_advisory_xact_lock(gate)
    FROM (
      SELECT DISTINCT hashtextextended(tenant::text || encode(either.key, 'hex'), 1) AS gate
      FROM channels CROSS JOIN LATERAL (VALUES (reuse_key), (merged_key(tenant, id, stays, goes))) AS either (key)
      WHERE client_id = tenant AND id = ANY(concerned)
      ORDER BY 1
    ) gates;
    PERFORM FROM customers WHERE client_id = tenant AND id IN (stays, goes) ORDER BY id FOR UPDATE;
    GET DIAGNOSTICS there = ROW_COUNT;
    PERFORM FROM counters
    WHERE client_id = tenant AND name IN ('active_customers', 'customers') ORDER BY name FOR NO KEY UPDATE;
    RETURN CASE WHEN there < 2 THEN 'gone' WHEN concerned = merged_channels(tenant, stays, goes) THEN 'held' ELSE 'again' END;
  END
  $function$`;

/**
 * All that `goes` has becomes what `stays` has, and `goes` is gone: as its erasure would leave it, but that what it said and
 * did is told of `stays`. Its sessions and devices end with it. What the two say of themselves is not touched. Both are held.
 */
export const MERGE_CONTACT = `
  CREATE OR REPLACE FUNCTION merge_contact(tenant uuid, stays uuid, goes uuid) RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    is_heard boolean := EXISTS (SELECT FROM listeners WHERE client_id = tenant);
    concerned uuid[] := merged_channels(tenant, stays, goes);
    moving uuid[] := ARRAY(
      SELECT channel_id FROM channel_members WHERE client_id = tenant AND customer_id = goes ORDER BY channel_id);
    joining uuid[];
    known uuid[];
    was customers;
    one record;
  BEGIN
    SELECT * INTO STRICT was FROM customers WHERE client_id = tenant AND id = goes;
    joining := ARRAY(
      SELECT channel FROM unnest(moving) channel
      WHERE NOT EXISTS (
        SELECT FROM channel_members member
        WHERE member.client_id = tenant AND member.channel_id = channel AND member.customer_id = stays));
    -- Where both have left something the counts are counted again; else those of the one that goes are right.
    known := ARRAY(
      SELECT channel FROM unnest(concerned) channel
      WHERE channel <> ALL (joining) OR EXISTS (
        SELECT FROM messages message
        WHERE message.client_id = tenant AND message.channel_id = channel AND message.sender_id = stays
      ) OR EXISTS (
        SELECT FROM hidden_messages hidden
        WHERE hidden.client_id = tenant AND hidden.customer_id = stays AND hidden.channel_id = channel));

    -- Of two that would be the same general channel the one of stays is it.
    FOR one IN
      SELECT channel.id, channel.type = 'general' AS is_general, merged_key(tenant, channel.id, stays, goes) AS key
      FROM channels channel WHERE channel.client_id = tenant AND channel.id = ANY(moving) ORDER BY channel.id
    LOOP
      IF NOT EXISTS (
        SELECT FROM channels other WHERE other.client_id = tenant AND other.reuse_key = one.key AND other.id <> one.id
      ) THEN
        UPDATE channels SET reuse_key = one.key WHERE client_id = tenant AND id = one.id AND reuse_key <> one.key;
      ELSE
        UPDATE channels
        SET reuse_key = sha256(convert_to('channel:' || id, 'UTF8')), type = 'custom',
            name = CASE WHEN one.is_general THEN 'Conversation' ELSE name END
        WHERE client_id = tenant AND id = one.id;
        IF is_heard AND one.is_general THEN
          PERFORM raise_event(tenant, 'channel.updated', one.id, NULL, jsonb_build_object('id', one.id), true);
        END IF;
      END IF;
    END LOOP;

    UPDATE messages SET sender_id = stays WHERE client_id = tenant AND sender_id = goes;
    INSERT INTO hidden_messages (client_id, customer_id, channel_id, position)
    SELECT tenant, stays, channel_id, position FROM hidden_messages WHERE client_id = tenant AND customer_id = goes
    ON CONFLICT DO NOTHING;
    INSERT INTO channel_members AS member (
      client_id, channel_id, customer_id, is_owner, message_count, last_message_at, read_position, delivered_position,
      seen_count, hidden_count, joined_position, cleared_position)
    SELECT tenant, channel_id, stays, is_owner, message_count, last_message_at, read_position, delivered_position,
           seen_count, hidden_count, joined_position, cleared_position
    FROM channel_members WHERE client_id = tenant AND customer_id = goes
    ON CONFLICT (client_id, channel_id, customer_id) DO UPDATE
    SET is_owner = member.is_owner OR excluded.is_owner,
        read_position = greatest(member.read_position, excluded.read_position),
        delivered_position = greatest(member.delivered_position, excluded.delivered_position),
        joined_position = least(member.joined_position, excluded.joined_position),
        cleared_position = greatest(member.cleared_position, excluded.cleared_position);
    UPDATE receipts mark SET customer_id = stays
    WHERE mark.client_id = tenant AND mark.customer_id = goes AND NOT EXISTS (
      SELECT FROM receipts own
      WHERE own.client_id = tenant AND own.channel_id = mark.channel_id AND own.customer_id = stays
        AND own.kind = mark.kind AND own.position = mark.position);
    DELETE FROM channel_members WHERE client_id = tenant AND customer_id = goes;
    INSERT INTO former_members (client_id, channel_id, customer_id, left_at)
    SELECT tenant, former.channel_id, stays, former.left_at FROM former_members former
    WHERE former.client_id = tenant AND former.customer_id = goes
    ON CONFLICT DO NOTHING;
    DELETE FROM former_members former USING channel_members member
    WHERE former.client_id = tenant AND former.customer_id = stays AND member.client_id = tenant
      AND member.channel_id = former.channel_id AND member.customer_id = stays;
    UPDATE channel_members member
    SET message_count = counted.sent, last_message_at = counted.at, seen_count = counted.seen, hidden_count = counted.hidden
    FROM unnest(known) channel CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE message.sender_id = stays)::int AS sent,
             max(message.created_at) FILTER (WHERE message.sender_id = stays) AS at,
             count(*) FILTER (WHERE message.sender_id IS DISTINCT FROM stays
               AND (message.position <= mine.read_position OR hidden.position IS NOT NULL))::int AS seen,
             count(hidden.position)::int AS hidden
      FROM channel_members mine
      JOIN messages message ON message.client_id = tenant AND message.channel_id = channel AND message.deleted_at IS NULL
      LEFT JOIN hidden_messages hidden ON hidden.client_id = tenant AND hidden.customer_id = stays
        AND hidden.channel_id = channel AND hidden.position = message.position
      WHERE mine.client_id = tenant AND mine.channel_id = channel AND mine.customer_id = stays
    ) counted
    WHERE member.client_id = tenant AND member.channel_id = channel AND member.customer_id = stays;
    IF is_heard THEN
      PERFORM raise_event(tenant, 'member.joined', channel, stays,
                jsonb_build_object('channelId', channel, 'customerId', stays), true)
      FROM unnest(joining) channel;
      PERFORM raise_event(tenant, 'member.left', channel.id, goes,
                jsonb_build_object('channelId', channel.id, 'customerId', goes)
                  || CASE WHEN channel.is_open THEN '{"isOpen": true}' ELSE '{}' END::jsonb, true)
      FROM channels channel WHERE channel.client_id = tenant AND channel.id = ANY(moving);
    END IF;

    PERFORM FROM conversations
    WHERE client_id = tenant AND (contact_id = goes OR channel_id = ANY(moving)) ORDER BY channel_id FOR NO KEY UPDATE;
    UPDATE conversations SET contact_id = stays WHERE client_id = tenant AND contact_id = goes;
    PERFORM keep_conversation(tenant, channel.id, channel.address_id, ARRAY(
      SELECT member.customer_id FROM channel_members member
      WHERE member.client_id = tenant AND member.channel_id = channel.id AND member.customer_id <> channel.address_id))
    FROM channels channel
    WHERE channel.client_id = tenant AND channel.id = ANY(moving) AND channel.address_id IS NOT NULL;
    UPDATE deliveries SET person_id = stays WHERE client_id = tenant AND person_id = goes;
    UPDATE opt_outs SET person_id = stays WHERE client_id = tenant AND person_id = goes;
    INSERT INTO announcement_recipients (client_id, announcement_id, customer_id, delivered_at, read_at, created_at)
    SELECT tenant, announcement_id, stays, delivered_at, read_at, created_at FROM announcement_recipients
    WHERE client_id = tenant AND customer_id = goes
    ON CONFLICT DO NOTHING;

    PERFORM FROM tags
    WHERE client_id = tenant AND id IN (
      SELECT tag_id FROM contact_tags WHERE client_id = tenant AND customer_id IN (stays, goes))
    ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO contact_tags (client_id, tag_id, customer_id)
    SELECT tenant, tag_id, stays FROM contact_tags WHERE client_id = tenant AND customer_id = goes ORDER BY tag_id
    ON CONFLICT DO NOTHING;
    INSERT INTO segment_members (client_id, segment_id, customer_id)
    SELECT tenant, segment_id, stays FROM segment_members WHERE client_id = tenant AND customer_id = goes
    ON CONFLICT DO NOTHING;
    UPDATE contact_touches touch SET last_contacted_at = greatest(touch.last_contacted_at, other.last_contacted_at)
    FROM contact_touches other
    WHERE touch.client_id = tenant AND touch.customer_id = stays AND other.client_id = tenant AND other.customer_id = goes;
    -- Where both got a campaign, that of the one that goes is forgotten with it.
    UPDATE campaign_recipients recipient SET customer_id = stays
    WHERE recipient.client_id = tenant AND recipient.customer_id = goes AND NOT EXISTS (
      SELECT FROM campaign_recipients own
      WHERE own.client_id = tenant AND own.customer_id = stays AND own.campaign = recipient.campaign);
    UPDATE contact_aliases SET customer_id = stays WHERE client_id = tenant AND customer_id = goes;
    UPDATE merged_contacts SET into_id = stays WHERE client_id = tenant AND into_id = goes;
    PERFORM FROM files WHERE client_id = tenant AND owner_id = goes ORDER BY id FOR UPDATE;
    UPDATE files SET owner_id = stays WHERE client_id = tenant AND owner_id = goes;

    UPDATE counters SET value = value - 1
    WHERE client_id = tenant AND (name = 'customers' OR name = 'active_customers' AND was.message_count > 0
      AND EXISTS (SELECT FROM customers WHERE client_id = tenant AND id = stays AND message_count > 0));
    DELETE FROM customers WHERE client_id = tenant AND id = goes;
    -- With its contact the address was forgotten, but it is still somebody's.
    UPDATE suppressions SET email = was.email
    WHERE client_id = tenant AND address_hash = suppression_hash(tenant, was.email);
    FOR one IN
      UPDATE customers customer
      SET message_count = customer.message_count + was.message_count,
          latest_message_at = greatest(customer.latest_message_at, was.latest_message_at),
          last_seen_at = greatest(customer.last_seen_at, was.last_seen_at),
          external_id = coalesce(customer.external_id, was.external_id)
      FROM customers before
      WHERE customer.client_id = tenant AND customer.id = stays AND before.client_id = tenant AND before.id = stays
      RETURNING before.external_id IS NULL AND was.external_id IS NOT NULL AS renamed
    LOOP
      IF is_heard AND one.renamed THEN
        PERFORM raise_event(tenant, 'customer.updated', NULL, stays,
                  jsonb_build_object('id', stays, 'formerExternalId', NULL), true);
      END IF;
    END LOOP;
    IF is_heard THEN
      PERFORM raise_event(tenant, 'customer.deleted', NULL, goes, jsonb_build_object('id', goes), true);
    END IF;
  END
  $function$`;

/**
 * Contact `goes`, number `former`, was merged into `stays`, which says of itself all that it is to say: by what of the two it is
 * not known any more it is still found.
 */
export const REMEMBER_MERGED = `
  CREATE OR REPLACE FUNCTION remember_merged(
    tenant uuid, stays uuid, goes uuid, former bigint, former_email text, former_phone text, former_typed text
  ) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    IF coalesce(former_email, former_phone, former_typed) IS NOT NULL THEN
      INSERT INTO contact_aliases (client_id, id, customer_id, email, phone, typed_phone)
      VALUES (tenant, goes, stays, former_email, former_phone, former_typed);
    END IF;
    INSERT INTO merged_contacts (client_id, id, number, into_id) VALUES (tenant, goes, former, stays);
    -- So that it is searched anew.
    UPDATE contacts SET email = email WHERE client_id = tenant AND customer_id = stays;
    UPDATE conversations conversation SET contact_words = concat_ws(' ', customer.name, customer.email)
    FROM customers customer
    WHERE conversation.client_id = tenant AND conversation.contact_id = stays AND customer.client_id = tenant
      AND customer.id = stays AND conversation.contact_words <> concat_ws(' ', customer.name, customer.email);
    IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      PERFORM raise_event(tenant, 'contact.merged', NULL, NULL, jsonb_build_object('id', contact.customer_id,
                'number', contact.number, 'merged', jsonb_build_object('id', former, 'uuid', goes)), false)
      FROM contacts contact WHERE contact.client_id = tenant AND contact.customer_id = stays;
    END IF;
  END
  $function$`;
