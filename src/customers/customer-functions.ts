/** Functions of the database, as the migrations left them; a test holds the two against each other. */

/**
 * Changes a customer, or says that another has that e-mail, phone or external id: an error that is caught in the database is
 * not in its log, where the detail of a broken constraint shows both. First and last names that made up the former name go
 * with it: they would say another.
 */
export const CHANGE_CUSTOMER = `
  CREATE OR REPLACE FUNCTION change_customer(
    tenant uuid, customer uuid, new_name text, new_email text, new_external_id text,
    has_metadata boolean, new_metadata jsonb, new_phone text
  ) RETURNS text LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE customers
    SET name = coalesce(new_name, name), email = coalesce(new_email, email),
        external_id = coalesce(new_external_id, external_id), phone = coalesce(new_phone, phone),
        metadata = CASE WHEN has_metadata THEN new_metadata ELSE metadata END,
        profile = CASE WHEN name <> new_name AND name = concat_ws(' ', profile->>'first_name', profile->>'last_name')
          THEN nullif(profile - '{first_name,last_name}'::text[], '{}') ELSE profile END
    WHERE client_id = tenant AND id = customer
      AND (name <> new_name OR email IS DISTINCT FROM coalesce(new_email, email)
        OR external_id IS DISTINCT FROM coalesce(new_external_id, external_id)
        OR phone IS DISTINCT FROM coalesce(new_phone, phone)
        OR has_metadata AND metadata IS DISTINCT FROM new_metadata);
    RETURN CASE WHEN FOUND THEN 'changed' ELSE 'same' END;
  EXCEPTION WHEN unique_violation THEN
    RETURN 'taken';
  END
  $function$`;
