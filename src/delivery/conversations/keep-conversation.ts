/**
 * The function of the database that keeps the row of a conversation, as the migrations left it; a test holds the two against
 * each other. Called by the statements that put an address into channel `channel`, or change who else (`others`) is in it:
 * channels know nothing of conversations. One without anybody else is none.
 */
export const KEEP_CONVERSATION = `
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
  $function$`;
