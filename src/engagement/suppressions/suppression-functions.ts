/** Functions of the database, as the migrations left them; a test holds the two against each other. */

/** After contacts were erased: once a statement. Their addresses stay suppressed, and nobody can read them any more. */
export const FORGET_SUPPRESSED = `
  CREATE OR REPLACE FUNCTION forget_suppressed() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE suppressions SET email = NULL FROM was
    WHERE suppressions.client_id = was.client_id AND suppressions.email = was.email;
    RETURN NULL;
  END
  $function$`;

/** In the database, so that lists and campaigns compare addresses without telling them. The salt is the client's own. */
export const SUPPRESSION_HASH = `
  CREATE OR REPLACE FUNCTION suppression_hash(tenant uuid, email text) RETURNS bytea LANGUAGE sql STABLE AS $function$
    SELECT sha256(convert_to('suppression', 'UTF8') || realtime_secret || convert_to($2, 'UTF8'))
    FROM clients WHERE id = tenant
  $function$`;

/** That an address gets nothing unasked, where that is not known yet: for whoever knows no contacts. */
export const SUPPRESS_ADDRESS = `
  CREATE OR REPLACE FUNCTION suppress_address(tenant uuid, which uuid, address text, why text, teller text)
  RETURNS void LANGUAGE sql AS $function$
    INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
    SELECT tenant, which, suppression_hash(tenant, address), address, why, teller, draw_numbers(tenant, 'suppressions', 1)
    WHERE NOT EXISTS (
      SELECT FROM suppressions WHERE client_id = tenant AND address_hash = suppression_hash(tenant, address))
    ON CONFLICT (client_id, address_hash) DO NOTHING
  $function$`;

/**
 * How many mails to an address, in lower case, came back within thirty days, whether they were one's own or of campaigns. Mails
 * of campaigns are found by who has that e-mail.
 */
export const COUNT_RETURNED = `
  CREATE OR REPLACE FUNCTION count_returned(tenant uuid, address text) RETURNS integer LANGUAGE sql STABLE AS $function$
    SELECT (
      SELECT count(*) FROM email_deliveries one
      JOIN email_messages mail ON mail.client_id = tenant AND mail.id = one.id
      WHERE one.client_id = tenant AND one.status = 'undelivered' AND one.done_at > now() - interval '30 days'
        AND EXISTS (
          SELECT FROM jsonb_array_elements(mail."to" || mail.cc || mail.bcc) named WHERE lower(named->>'address') = $2)
    )::int + (
      SELECT count(*) FROM customers person
      JOIN campaign_recipients recipient ON recipient.client_id = tenant AND recipient.customer_id = person.id
      WHERE person.client_id = tenant AND person.email = $2 AND recipient.bounced_at > now() - interval '30 days'
    )::int
  $function$`;
