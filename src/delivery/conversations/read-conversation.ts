/**
 * The function of the database that tells the inbox that a conversation was read, as the migrations left it; a test holds the two
 * against each other. Called by the receipt of its address, whichever road that takes.
 */
export const READ_CONVERSATION = `
  CREATE OR REPLACE FUNCTION read_conversation(tenant uuid, channel uuid) RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE conversations SET is_read = true WHERE client_id = tenant AND channel_id = channel AND NOT is_read;
    RETURN FOUND;
  END
  $function$`;
