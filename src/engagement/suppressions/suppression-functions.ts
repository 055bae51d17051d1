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
