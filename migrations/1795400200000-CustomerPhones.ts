import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Customers known by a phone number, and those that are a phone number of the client's own. */
export class CustomerPhones1795400200000 implements MigrationInterface {
  name = 'CustomerPhones1795400200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "customers" ADD "phone" text`);
    await queryRunner.query(`ALTER TABLE "customers" ADD "kind" text NOT NULL DEFAULT 'person'`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_92826e84148d292428dd9ac459" ON "customers" ("client_id", "phone") WHERE phone IS NOT NULL`,
    );
    // Beside the one without a phone number, which processes of the release before still call.
    await queryRunner.query(`
            CREATE FUNCTION change_customer(
                tenant uuid, customer uuid, new_name text, new_email text, new_external_id text,
                has_metadata boolean, new_metadata jsonb, new_phone text
            ) RETURNS text LANGUAGE plpgsql AS $function$
            BEGIN
                UPDATE customers
                SET name = coalesce(new_name, name), email = coalesce(new_email, email),
                    external_id = coalesce(new_external_id, external_id), phone = coalesce(new_phone, phone),
                    metadata = CASE WHEN has_metadata THEN new_metadata ELSE metadata END
                WHERE client_id = tenant AND id = customer
                  AND (name <> new_name OR email IS DISTINCT FROM coalesce(new_email, email)
                    OR external_id IS DISTINCT FROM coalesce(new_external_id, external_id)
                    OR phone IS DISTINCT FROM coalesce(new_phone, phone)
                    OR has_metadata AND metadata IS DISTINCT FROM new_metadata);
                RETURN CASE WHEN FOUND THEN 'changed' ELSE 'same' END;
            EXCEPTION WHEN unique_violation THEN
                RETURN 'taken';
            END
            $function$
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION change_customer(uuid, uuid, text, text, text, boolean, jsonb, text)`);
    await queryRunner.query(`DROP INDEX "IDX_92826e84148d292428dd9ac459"`);
    await queryRunner.query(`ALTER TABLE "customers" DROP COLUMN "kind"`);
    await queryRunner.query(`ALTER TABLE "customers" DROP COLUMN "phone"`);
  }
}
