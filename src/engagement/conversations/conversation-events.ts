/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. They raise the events of the
 * inbox in the commit of what happens, whichever road it takes. Where nobody listens to the client that costs one look-up. No
 * event names a channel or a customer as its own, so that no socket that is told of those hears of it.
 */

/**
 * After a conversation was made, changed or deleted, while it is locked. What the making of one sets is no update, and neither is
 * that it is unread because of a message, which is an event itself.
 */
export const TELL_CONVERSATION = `
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
  $function$`;

/** Messages `sent`, in channels with an address: what the contact wrote, but as spam, and what the team did. Workflows hear of it, too. */
export const TELL_SAID = `
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
    PERFORM trigger_said(tenant, sent);
  END
  $function$`;

/** After a note was written, changed or deleted; not where its conversation is gone with it. */
export const TELL_NOTE = `
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
  $function$`;
