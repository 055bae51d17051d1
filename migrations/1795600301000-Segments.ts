import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tags and segments of contacts, and addresses that get nothing unasked; and contacts are searched for alike in every locale. */
export class Segments1795600301000 implements MigrationInterface {
  name = 'Segments1795600301000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "tags" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "name" text NOT NULL, "color" text NOT NULL, "contacts_count" integer NOT NULL DEFAULT '0', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_7544daaec15788701321e30ba1d" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "contact_tags" ("client_id" uuid NOT NULL, "tag_id" uuid NOT NULL, "customer_id" uuid NOT NULL, CONSTRAINT "PK_3369783cb9d4f2af28968c57ab4" PRIMARY KEY ("client_id", "tag_id", "customer_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "contact_segments" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "name" text NOT NULL, "type" text NOT NULL, "filter" jsonb, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ac166d88c584690f55bf45c7003" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "segment_members" ("client_id" uuid NOT NULL, "segment_id" uuid NOT NULL, "customer_id" uuid NOT NULL, CONSTRAINT "PK_87e7ea9efee103137504645bad8" PRIMARY KEY ("client_id", "segment_id", "customer_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "suppressions" ("client_id" uuid NOT NULL, "address_hash" bytea NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "email" text, "reason" text NOT NULL, "source" text NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_9af9552dd82ebfa8dd93d0ce5ed" PRIMARY KEY ("client_id", "address_hash"))`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "IDX_d53c1cff75292e5d7aaa3d4139" ON "tags" ("client_id", "number")`);
    await queryRunner.query(`CREATE UNIQUE INDEX tags_name ON tags (client_id, lower(name))`);
    await queryRunner.query(
      `CREATE INDEX "IDX_7121519d028f2ed4aa30820bdd" ON "contact_tags" ("client_id", "customer_id")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_88c8df6b679b971e7a5a6cc6fb" ON "contact_segments" ("client_id", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_c4b1679f8795f56f704d10d9d0" ON "segment_members" ("client_id", "customer_id")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_bcef4e1f3a4b320eff6e41c623" ON "suppressions" ("client_id", "number")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_7d1fcdb8f7a1295d6ab67ea949" ON "suppressions" ("client_id", "email") WHERE email IS NOT NULL`,
    );
    await queryRunner.query(
      `ALTER TABLE "tags" ADD CONSTRAINT "FK_31d22921f02b67d94ef56fe4c2e" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "contact_segments" ADD CONSTRAINT "FK_ab32126cb405d585dd48bfa731f" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "suppressions" ADD CONSTRAINT "FK_a717f1757029a38cac0a12e45c9" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "contact_tags" ADD CONSTRAINT "FK_6a601948c14623ec88786748a57" FOREIGN KEY ("client_id", "tag_id") REFERENCES "tags"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "contact_tags" ADD CONSTRAINT "FK_7121519d028f2ed4aa30820bddc" FOREIGN KEY ("client_id", "customer_id") REFERENCES "contacts"("client_id","customer_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "segment_members" ADD CONSTRAINT "FK_1e2a8a1661cee5f7380f38f25cc" FOREIGN KEY ("client_id", "segment_id") REFERENCES "contact_segments"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "segment_members" ADD CONSTRAINT "FK_c4b1679f8795f56f704d10d9d08" FOREIGN KEY ("client_id", "customer_id") REFERENCES "contacts"("client_id","customer_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_tagged() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    moved record;
  BEGIN
    FOR moved IN
      SELECT client_id, tag_id, count(*) * CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END AS n FROM touched
      GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
      UPDATE tags SET contacts_count = contacts_count + moved.n WHERE client_id = moved.client_id AND id = moved.tag_id;
    END LOOP;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION forget_suppressed() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE suppressions SET email = NULL FROM was
    WHERE suppressions.client_id = was.client_id AND suppressions.email = was.email;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION suppression_hash(tenant uuid, email text) RETURNS bytea LANGUAGE sql STABLE AS $function$
    SELECT sha256(convert_to('suppression', 'UTF8') || realtime_secret || convert_to($2, 'UTF8'))
    FROM clients WHERE id = tenant
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION searchable(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
    SELECT lower(translate(regexp_replace(normalize(words, NFKD), '[\\u0300-\\u036f]', '', 'g'),
                 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ', 'αβγδεζηθικλμνξοπρστυφχψωѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюя') COLLATE "C")
  $function$`);
    await queryRunner.query(`UPDATE contacts SET first_name = first_name`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`CREATE TRIGGER count_tagged_on_insert AFTER INSERT ON contact_tags
     REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION count_tagged()`);
    await queryRunner.query(`CREATE TRIGGER count_tagged_on_delete AFTER DELETE ON contact_tags
     REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION count_tagged()`);
    await queryRunner.query(`CREATE TRIGGER forget_suppressed AFTER DELETE ON contacts
     REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION forget_suppressed()`);
  }

  /** The functions that were replaced stay: what is before this works with them. */
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TRIGGER forget_suppressed ON contacts`);
    for (const table of ['suppressions', 'segment_members', 'contact_segments', 'contact_tags', 'tags']) {
      await queryRunner.query(`DROP TABLE "${table}"`);
    }
    await queryRunner.query(`DROP FUNCTION suppression_hash(uuid, text)`);
    await queryRunner.query(`DROP FUNCTION forget_suppressed()`);
    await queryRunner.query(`DROP FUNCTION count_tagged()`);
  }
}
