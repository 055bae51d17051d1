/**
 * The function of the database that keeps the row of a conversation, as the migrations left it; a test holds the two against
 * each other. Called by the statements that put an address into channel `channel`, or change who else (`others`) is in it, and
 * hold that channel: channels know nothing of conversations. One without anybody else is none, unless somebody was in it.
 */
export const KEEP_CONVERSATION = `
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
  $function$`;
