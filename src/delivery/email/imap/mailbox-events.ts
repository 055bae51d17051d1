/** Functions of the database, as the migrations left them; a test holds the two against each other. */

/** After the mailbox of an account could not be read any more: as tell_account does. */
export const TELL_MAILBOX = `
  CREATE OR REPLACE FUNCTION tell_mailbox() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM raise_event(NEW.client_id, 'email_account.error', NULL, NULL,
              jsonb_build_object('id', account.customer_id, 'number', account.number), false)
    FROM email_accounts account
    WHERE account.client_id = NEW.client_id AND account.customer_id = NEW.account_id
      AND EXISTS (SELECT FROM listeners WHERE listeners.client_id = NEW.client_id);
    RETURN NULL;
  END
  $function$`;
