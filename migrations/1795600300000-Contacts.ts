import type { MigrationInterface, QueryRunner } from 'typeorm';

const COUNTED = [
  ...['contacts.active', 'contacts.inactive', 'contacts.unsubscribed'],
  ...['conversations.open', 'conversations.pending', 'conversations.snoozed', 'conversations.closed'],
  'conversations.spam',
];
const NUMBERED = [
  ...['contacts', 'conversations', 'entries', 'tags', 'segments', 'suppressions', 'imports', 'canned_responses'],
  ...['email_accounts', 'desks'],
];

/**
 * Numbers that each client counts for itself, and contacts, which are its customers that are people. The contacts of the
 * customers there are come of one statement, not of batches: their numbers follow the order of all of a client, and the
 * migration is one transaction in any case. From the first trigger on nobody writes a customer until it is over.
 */
export class Contacts1795600300000 implements MigrationInterface {
  name = 'Contacts1795600300000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    await queryRunner.query(`CREATE EXTENSION IF NOT EXISTS btree_gin`);
    await queryRunner.query(`ALTER TABLE "counters" ADD "last_number" bigint NOT NULL DEFAULT '0'`);
    await queryRunner.query(`INSERT INTO counters (client_id, name) SELECT id, unnest($1::text[]) FROM clients`, [
      [...COUNTED, ...NUMBERED],
    ]);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION draw_numbers(tenant uuid, kind text, many bigint) RETURNS bigint LANGUAGE sql AS $function$
    INSERT INTO counters (client_id, name, last_number) VALUES (tenant, kind, many)
    ON CONFLICT (client_id, name) DO UPDATE SET last_number = counters.last_number + many
    RETURNING last_number
  $function$`);
    await queryRunner.query(
      `CREATE TABLE "contacts" ("client_id" uuid NOT NULL, "customer_id" uuid NOT NULL, "number" bigint NOT NULL, "first_name" text, "last_name" text, "email" text, "phone" text, "company" text, "job_title" text, "city" text, "country" text, "timezone" text, "lead_score" smallint NOT NULL DEFAULT '0', "status" text NOT NULL DEFAULT 'active', "custom_fields" jsonb NOT NULL DEFAULT '{}', "search_text" text NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL, "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_90ce541df4fc8f201aab936e03a" PRIMARY KEY ("client_id", "customer_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "contact_touches" ("client_id" uuid NOT NULL, "customer_id" uuid NOT NULL, "number" bigint NOT NULL, "last_contacted_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_201bf0066da90d573dbc0a03575" PRIMARY KEY ("client_id", "customer_id"))`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION first_name_of(name text, profile jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
    SELECT CASE
      WHEN coalesce(profile->>'first_name', profile->>'last_name') IS NOT NULL THEN profile->>'first_name'
      WHEN name ~ '[a-zA-Z]|[^ -~]' THEN split_part(name, ' ', 1)
      ELSE name
    END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION last_name_of(name text, profile jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
    SELECT CASE
      WHEN coalesce(profile->>'first_name', profile->>'last_name') IS NOT NULL THEN profile->>'last_name'
      WHEN name ~ '[a-zA-Z]|[^ -~]' AND strpos(name, ' ') > 0 THEN substr(name, strpos(name, ' ') + 1)
    END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION searchable(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
    SELECT lower(regexp_replace(normalize(words, NFKD), '[\\u0300-\\u036f]', '', 'g'))
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION index_contact() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    NEW.search_text := ' ' || searchable(concat_ws(' ', NEW.first_name, NEW.last_name, NEW.email, NEW.company, NEW.phone));
    RETURN NEW;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_contacts() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    tenant uuid;
    many bigint;
    last bigint;
  BEGIN
    FOR tenant, many IN
      SELECT client_id, count(*) FROM made WHERE kind = 'person' GROUP BY client_id ORDER BY client_id
    LOOP
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
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION follow_customer() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE contacts
    SET first_name = first_name_of(NEW.name, NEW.profile), last_name = last_name_of(NEW.name, NEW.profile),
        email = NEW.email, custom_fields = coalesce(NEW.metadata, '{}'), updated_at = now(),
        phone = CASE WHEN phone IS NOT DISTINCT FROM OLD.phone OR phone IS NULL THEN NEW.phone ELSE phone END
    WHERE client_id = NEW.client_id AND customer_id = NEW.id;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(
      `CREATE TRIGGER make_contacts AFTER INSERT ON customers
       REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION make_contacts()`,
    );
    await queryRunner.query(
      `CREATE TRIGGER follow_customer AFTER UPDATE OF name, email, phone, profile, metadata ON customers
       FOR EACH ROW WHEN (NEW.kind = 'person' AND (OLD.name, OLD.email, OLD.phone, OLD.profile, OLD.metadata)
         IS DISTINCT FROM (NEW.name, NEW.email, NEW.phone, NEW.profile, NEW.metadata)) EXECUTE FUNCTION follow_customer()`,
    );
    await queryRunner.query(
      `CREATE TRIGGER index_contact BEFORE INSERT OR UPDATE OF first_name, last_name, email, company, phone ON contacts
       FOR EACH ROW EXECUTE FUNCTION index_contact()`,
    );
    await queryRunner.query(`
      INSERT INTO contacts (client_id, customer_id, number, first_name, last_name, email, phone, custom_fields, created_at)
      SELECT client_id, id, row_number() OVER (PARTITION BY client_id ORDER BY created_at, id),
             first_name_of(name, profile), last_name_of(name, profile), email, phone, coalesce(metadata, '{}'), created_at
      FROM customers WHERE kind = 'person'`);
    await queryRunner.query(
      `INSERT INTO contact_touches (client_id, customer_id, number) SELECT client_id, customer_id, number FROM contacts`,
    );
    await queryRunner.query(`
      UPDATE counters SET value = counted.n FROM (SELECT client_id, count(*) AS n FROM contacts GROUP BY client_id) counted
      WHERE counters.client_id = counted.client_id AND name = 'contacts.active'`);
    await queryRunner.query(`
      UPDATE counters SET last_number = drawn.n FROM (SELECT client_id, max(number) AS n FROM contacts GROUP BY client_id) drawn
      WHERE counters.client_id = drawn.client_id AND name = 'contacts'`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_70686d63cd479c64d956f1a708" ON "contacts" ("client_id", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_a9e2cd4bbea87adc36e0c2ff1f" ON "contacts" ("client_id", "first_name", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_21e2b0b289dad8333afedb8d3c" ON "contacts" ("client_id", "last_name", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_8e2cae6443076f0a7ca1350f7c" ON "contacts" ("client_id", "email", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_b979440e8d63cbc9e8b5c68767" ON "contacts" ("client_id", "company", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_d5ad82d1a201d9138c89a0bef0" ON "contacts" ("client_id", "lead_score", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_52ea827fcae906f825575f5476" ON "contacts" ("client_id", "created_at", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_f1b0adba2c9420b6c9754a0a57" ON "contacts" ("client_id", "status", "number")`,
    );
    await queryRunner.query(`CREATE INDEX contacts_country ON contacts (client_id, lower(country), number)`);
    await queryRunner.query(`CREATE INDEX contacts_search ON contacts USING gin (client_id, search_text gin_trgm_ops)`);
    await queryRunner.query(
      `CREATE INDEX contacts_custom_fields ON contacts USING gin (client_id, custom_fields jsonb_path_ops)`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_8c0f0dc2251dfbca770dafc616" ON "contact_touches" ("client_id", "last_contacted_at", "number")`,
    );
    await queryRunner.query(
      `ALTER TABLE "contacts" ADD CONSTRAINT "FK_90ce541df4fc8f201aab936e03a" FOREIGN KEY ("client_id", "customer_id") REFERENCES "customers"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "contact_touches" ADD CONSTRAINT "FK_201bf0066da90d573dbc0a03575" FOREIGN KEY ("client_id", "customer_id") REFERENCES "contacts"("client_id","customer_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    for (const [event, tables] of [
      ['INSERT', 'NEW TABLE AS becomes'],
      ['UPDATE', 'OLD TABLE AS was NEW TABLE AS becomes'],
      ['DELETE', 'OLD TABLE AS was'],
    ]) {
      await queryRunner.query(
        `CREATE TRIGGER count_contacts_on_${event!.toLowerCase()} AFTER ${event} ON contacts
         REFERENCING ${tables} FOR EACH STATEMENT EXECUTE FUNCTION count_contacts()`,
      );
    }
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TRIGGER follow_customer ON customers`);
    await queryRunner.query(`DROP TRIGGER make_contacts ON customers`);
    await queryRunner.query(`DROP TABLE "contact_touches"`);
    await queryRunner.query(`DROP TABLE "contacts"`);
    for (const signature of [
      ...['count_contacts()', 'follow_customer()', 'make_contacts()', 'index_contact()', 'searchable(text)'],
      ...['last_name_of(text, jsonb)', 'first_name_of(text, jsonb)', 'draw_numbers(uuid, text, bigint)'],
    ]) {
      await queryRunner.query(`DROP FUNCTION ${signature}`);
    }
    await queryRunner.query(`DELETE FROM counters WHERE name = ANY($1)`, [[...COUNTED, ...NUMBERED]]);
    await queryRunner.query(`ALTER TABLE "counters" DROP COLUMN "last_number"`);
  }
}
