/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. But for what the send calls,
 * triggers of conversations, messages, customers and memberships call them, so that no road misses them. What is locked, in this
 * order: the conversation, then its counters by name. Whoever changes a status holds all of them first
 * (`hold_conversation_counters`), so that two that change the opposite way don't wait for each other.
 */

/**
 * A row of conversations as it is made, whichever road that takes: its number, its medium, and who the contact is. What was said
 * before is searched from now on.
 */
export const BEGIN_CONVERSATION = `
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

/** What a conversation is found by. */
export const SEARCH_CONVERSATION = `
  CREATE OR REPLACE FUNCTION search_conversation() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    NEW.search_text := ' ' || searchable(concat_ws(' ', NEW.subject, NEW.preview, nullif(NEW.contact_words, '')));
    RETURN NEW;
  END
  $function$`;

/** How many there are of each status. */
export const COUNT_CONVERSATION = `
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
  $function$`;

/** Whoever changes a status holds these first, and after the conversation. */
export const HOLD_CONVERSATION_COUNTERS = `
  CREATE OR REPLACE FUNCTION hold_conversation_counters(tenant uuid) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM FROM counters
    WHERE client_id = tenant AND name = ANY('{conversations.closed,conversations.open,conversations.pending,conversations.snoozed,conversations.spam,entries}')
    ORDER BY name FOR NO KEY UPDATE;
  END
  $function$`;

/** A note or an activity of a conversation, which is locked. */
export const ADD_CONVERSATION_ENTRY = `
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
  $function$`;

/**
 * Messages `sent`, in channels with an address, move their conversations: called by the statement that sends them. What the
 * contact writes opens one again and waits for an answer; what the team says answers it, and is when the contact was written to
 * last. `system` messages only are the newest, and so is what `parlance.automatic` says that nobody wrote: it holds the client's
 * id while such a thing is said, until the transaction ends at the latest.
 * Neither does a mail that a program wrote move anything: see src/delivery/email. All of it is searched a little later.
 */
export const FOLLOW_CONVERSATION = `
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

/** The newest message of a conversation was deleted: another one is. */
export const PREVIEW_AGAIN = `
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
  $function$`;

/** A contact is called otherwise, or is gone: its conversations are found by its name no more. */
export const RENAME_CONTACT = `
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
  $function$`;

/** Who is no member any more, or may only look, takes care of nothing. Who assigns holds the membership meanwhile. */
export const UNASSIGN_MEMBER = `
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
  $function$`;
