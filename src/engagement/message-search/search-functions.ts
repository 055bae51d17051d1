/**
 * A function of the database, as the migrations left it; a test holds the two against each other. The jobs are written by
 * follow_conversation and begin_conversation: see ../conversations/follow-conversation.ts.
 */

/**
 * Held by who writes words of a client, and by all who take some away, until the commit: so nobody writes words that he read
 * before they were deleted. Who writes never waits for it.
 */
export const wordsGate = (tenant: string): string => `hashtextextended(${tenant}::text, 2)`;

/**
 * What is gone is not found: messages that were deleted for all, or are of nobody any more, whole conversations, and what only a
 * mail said that was forgotten, whose message is read again.
 */
export const FORGET_WORDS = `
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
    PERFORM pg_advisory_xact_lock_shared(${wordsGate('OLD.client_id')});
    DELETE FROM message_words
    WHERE client_id = OLD.client_id AND channel_id = OLD.channel_id AND position BETWEEN first AND last;
    RETURN NULL;
  END
  $function$`;
