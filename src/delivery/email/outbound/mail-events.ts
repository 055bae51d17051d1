/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. They raise the events of
 * mails and their accounts in the commit of what happens. Where nobody listens to the client that costs one look-up. No event
 * names a channel or a customer as its own, so that no socket that is told of those hears of it.
 */

/** After a mail of ours came back, or was held back as programs answer each other. */
export const TELL_MAIL = `
  CREATE OR REPLACE FUNCTION tell_mail() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM raise_event(NEW.client_id, CASE NEW.status WHEN 'undelivered' THEN 'email.bounced' ELSE 'email.loop_stopped' END,
              NULL, NULL,
              jsonb_build_object('id', NEW.id, 'number', message.position, 'conversation', conversation.number), false)
    FROM messages message
    JOIN conversations conversation
      ON conversation.client_id = NEW.client_id AND conversation.channel_id = message.channel_id
    WHERE message.client_id = NEW.client_id AND message.id = NEW.id
      AND EXISTS (SELECT FROM listeners WHERE listeners.client_id = NEW.client_id);
    RETURN NULL;
  END
  $function$`;

/** After an account stopped to work. */
export const TELL_ACCOUNT = `
  CREATE OR REPLACE FUNCTION tell_account() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF EXISTS (SELECT FROM listeners WHERE client_id = NEW.client_id) THEN
      PERFORM raise_event(NEW.client_id, 'email_account.error', NULL, NULL,
                jsonb_build_object('id', NEW.customer_id, 'number', NEW.number), false);
    END IF;
    RETURN NULL;
  END
  $function$`;
