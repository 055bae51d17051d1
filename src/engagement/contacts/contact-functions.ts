/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. Triggers call them, so
 * that whoever makes, changes or erases a customer, in whatever dialect, does so to the contact in the same commit.
 */

/**
 * The two names of a customer: the profile's, where it has either; else the name, parted at its first space. Joined by a
 * space, that is the name again. A name without a letter (of people known by their phone) is not parted.
 */
export const FIRST_NAME_OF = `
  CREATE OR REPLACE FUNCTION first_name_of(name text, profile jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
    SELECT CASE
      WHEN coalesce(profile->>'first_name', profile->>'last_name') IS NOT NULL THEN profile->>'first_name'
      WHEN name ~ '[a-zA-Z]|[^ -~]' THEN split_part(name, ' ', 1)
      ELSE name
    END
  $function$`;

export const LAST_NAME_OF = `
  CREATE OR REPLACE FUNCTION last_name_of(name text, profile jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
    SELECT CASE
      WHEN coalesce(profile->>'first_name', profile->>'last_name') IS NOT NULL THEN profile->>'last_name'
      WHEN name ~ '[a-zA-Z]|[^ -~]' AND strpos(name, ' ') > 0 THEN substr(name, strpos(name, ' ') + 1)
    END
  $function$`;

/** Greek and Cyrillic, which a database of the locale C would leave in capitals. */
const CAPITALS = 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ';

/** Without case and accents, the same in every locale: see searchable.ts. */
export const SEARCHABLE = `
  CREATE OR REPLACE FUNCTION searchable(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
    SELECT lower(translate(regexp_replace(normalize(words, NFKD), '[\\u0300-\\u036f]', '', 'g'),
                 '${CAPITALS}', '${CAPITALS.toLowerCase()}') COLLATE "C")
  $function$`;

/** The space in front makes the beginning of the first word look as that of any other. A new contact was not known by anything. */
export const INDEX_CONTACT = `
  CREATE OR REPLACE FUNCTION index_contact() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    NEW.search_text := ' ' || searchable(concat_ws(' ', NEW.first_name, NEW.last_name, NEW.email, NEW.company, NEW.phone,
      CASE TG_OP WHEN 'UPDATE' THEN (
        SELECT string_agg(concat_ws(' ', email, phone, typed_phone), ' ' ORDER BY id) FROM contact_aliases
        WHERE client_id = NEW.client_id AND customer_id = NEW.customer_id
      ) END));
    RETURN NEW;
  END
  $function$`;

/** After customers were made: once a statement. What a contact was known by before it was merged is as taken as what it has. */
export const MAKE_CONTACTS = `
  CREATE OR REPLACE FUNCTION make_contacts() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    tenant uuid;
    many bigint;
    last bigint;
  BEGIN
    FOR tenant, many IN
      SELECT client_id, count(*) FROM made WHERE kind = 'person' GROUP BY client_id ORDER BY client_id
    LOOP
      IF EXISTS (
        SELECT FROM made WHERE client_id = tenant AND kind = 'person' AND coalesce(email, phone) IS NOT NULL
          AND contact_known_by(tenant, email, phone) IS NOT NULL
      ) THEN
        RAISE unique_violation USING MESSAGE = 'Another contact was known by this before it was merged.';
      END IF;
      last := draw_numbers(tenant, 'contacts', many);
      WITH contact AS (
        INSERT INTO contacts (client_id, customer_id, number, first_name, last_name, email, phone, custom_fields, created_at)
        SELECT tenant, id, last - many + row_number() OVER (ORDER BY created_at, id),
               first_name_of(name, profile), last_name_of(name, profile), email, phone, coalesce(metadata, '{}'), created_at
        FROM made WHERE client_id = tenant AND kind = 'person'
        RETURNING customer_id, number
      )
      INSERT INTO contact_touches (client_id, customer_id, number) SELECT tenant, customer_id, number FROM contact;
    END LOOP;
    RETURN NULL;
  END
  $function$`;

/**
 * After a customer was changed. A phone that was typed stays, until it is the customer's again. What another was known by before
 * it was merged is taken; what it was known by itself is its own again.
 */
export const FOLLOW_CUSTOMER = `
  CREATE OR REPLACE FUNCTION follow_customer() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF (NEW.email, NEW.phone) IS DISTINCT FROM (OLD.email, OLD.phone) THEN
      UPDATE contact_aliases SET email = nullif(email, NEW.email), phone = nullif(phone, NEW.phone)
      WHERE client_id = NEW.client_id AND customer_id = NEW.id AND (email = NEW.email OR phone = NEW.phone);
      IF contact_known_by(NEW.client_id, NEW.email, NEW.phone) IS NOT NULL THEN
        RAISE unique_violation USING MESSAGE = 'Another contact was known by this before it was merged.';
      END IF;
    END IF;
    UPDATE contacts
    SET first_name = first_name_of(NEW.name, NEW.profile), last_name = last_name_of(NEW.name, NEW.profile),
        email = NEW.email, custom_fields = coalesce(NEW.metadata, '{}'), updated_at = now(),
        phone = CASE WHEN phone IS NOT DISTINCT FROM OLD.phone OR phone IS NULL THEN NEW.phone ELSE phone END
    WHERE client_id = NEW.client_id AND customer_id = NEW.id;
    RETURN NULL;
  END
  $function$`;

/** After contacts were made, changed or erased: once a statement. The counters of a client that goes with them are gone. */
export const COUNT_CONTACTS = `
  CREATE OR REPLACE FUNCTION count_contacts() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    moved record;
  BEGIN
    IF TG_OP = 'INSERT' THEN
      FOR moved IN
        SELECT client_id, 'contacts.' || status AS name, count(*) AS n FROM becomes
        GROUP BY 1, 2 ORDER BY 1, 2
      LOOP
        INSERT INTO counters (client_id, name, value) VALUES (moved.client_id, moved.name, moved.n)
        ON CONFLICT (client_id, name) DO UPDATE SET value = counters.value + excluded.value;
      END LOOP;
    ELSIF TG_OP = 'DELETE' THEN
      FOR moved IN
        SELECT client_id, 'contacts.' || status AS name, count(*) AS n FROM was GROUP BY 1, 2 ORDER BY 1, 2
      LOOP
        UPDATE counters SET value = value - moved.n WHERE client_id = moved.client_id AND name = moved.name;
      END LOOP;
    ELSE
      FOR moved IN
        SELECT client_id, 'contacts.' || status AS name, sum(one.n) AS n
        FROM (SELECT client_id, status, 1 AS n FROM becomes UNION ALL SELECT client_id, status, -1 FROM was) one
        GROUP BY 1, 2 HAVING sum(one.n) <> 0 ORDER BY 1, 2
      LOOP
        INSERT INTO counters (client_id, name, value) VALUES (moved.client_id, moved.name, moved.n)
        ON CONFLICT (client_id, name) DO UPDATE SET value = counters.value + excluded.value;
      END LOOP;
    END IF;
    RETURN NULL;
  END
  $function$`;
