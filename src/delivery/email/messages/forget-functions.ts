/** Functions of the database, as the migrations left them; a test holds the two against each other. Files are locked last. */

/** Mails as they came, which nobody needs any more: their bytes follow. */
export const FORGET_RAW_MAILS = `
  CREATE OR REPLACE FUNCTION forget_raw_mails(tenant uuid, raws uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM FROM files WHERE client_id = tenant AND id = ANY(raws) ORDER BY id FOR UPDATE;
    DELETE FROM file_channels WHERE client_id = tenant AND file_id = ANY(raws);
    UPDATE files SET expires_at = now() WHERE client_id = tenant AND id = ANY(raws);
  END
  $function$`;

/** After a message was deleted for all: of its mail, only that it was there stays. */
export const FORGET_MAIL = `
  CREATE OR REPLACE FUNCTION forget_mail() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    raw uuid;
  BEGIN
    SELECT raw_file_id INTO raw FROM email_messages WHERE client_id = NEW.client_id AND id = NEW.id;
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
    UPDATE email_messages SET subject = '', text = '', html = NULL, attachments = '[]', raw_file_id = NULL
    WHERE client_id = NEW.client_id AND id = NEW.id;
    PERFORM forget_raw_mails(NEW.client_id, ARRAY[raw]);
    RETURN NULL;
  END
  $function$`;

/**
 * Of a contact who is being erased: who wrote up to `most` mails of its conversations and whom they went to, what they said
 * beside their messages, and the mails as they came. What waits to be sent has nobody to go to. Answers how many there were.
 */
export const FORGET_MAILS_OF = `
  CREATE OR REPLACE FUNCTION forget_mails_of(tenant uuid, person uuid, most int) RETURNS int LANGUAGE plpgsql AS $function$
  DECLARE
    few uuid[];
    raws uuid[];
  BEGIN
    SELECT array_agg(mail.id), array_agg(mail.raw_file_id) INTO few, raws FROM (
      SELECT one.id, one.raw_file_id FROM conversations conversation
      JOIN email_messages one ON one.client_id = tenant AND one.channel_id = conversation.channel_id
      WHERE conversation.client_id = tenant AND conversation.contact_id = person
        AND (one."to" <> '[]' OR one.direction = 'inbound' AND one."from"->>'address' <> '')
      ORDER BY one.id LIMIT most
    ) mail;
    UPDATE email_deliveries SET error_text = NULL WHERE client_id = tenant AND id = ANY(few);
    UPDATE email_messages
    SET "from" = CASE direction WHEN 'inbound' THEN '{"address": "", "name": ""}' ELSE "from" END, reply_to = '[]',
        "to" = '[]', cc = '[]', bcc = '[]', text = '', html = NULL, raw_file_id = NULL
    WHERE client_id = tenant AND id = ANY(few);
    PERFORM forget_raw_mails(tenant, raws);
    RETURN coalesce(cardinality(few), 0);
  END
  $function$`;
