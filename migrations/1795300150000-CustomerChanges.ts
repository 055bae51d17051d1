import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Changes a customer, or says that another has that e-mail or external id: an error that is caught in the database is not
 * in its log, where the detail of a broken constraint shows both. And no avatar is anything but a web address.
 */
export class CustomerChanges1795300150000 implements MigrationInterface {
  name = 'CustomerChanges1795300150000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE FUNCTION change_customer(
                tenant uuid, customer uuid, new_name text, new_email text, new_external_id text,
                has_metadata boolean, new_metadata jsonb
            ) RETURNS text LANGUAGE plpgsql AS $function$
            BEGIN
                UPDATE customers
                SET name = coalesce(new_name, name), email = coalesce(new_email, email),
                    external_id = coalesce(new_external_id, external_id),
                    metadata = CASE WHEN has_metadata THEN new_metadata ELSE metadata END
                WHERE client_id = tenant AND id = customer
                  AND (name <> new_name OR email IS DISTINCT FROM coalesce(new_email, email)
                    OR external_id IS DISTINCT FROM coalesce(new_external_id, external_id)
                    OR has_metadata AND metadata IS DISTINCT FROM new_metadata);
                RETURN CASE WHEN FOUND THEN 'changed' ELSE 'same' END;
            EXCEPTION WHEN unique_violation THEN
                RETURN 'taken';
            END
            $function$
        `);
    await queryRunner.query(`
            UPDATE customers SET profile = profile - 'avatar_url' WHERE profile ->> 'avatar_url' !~* '^https?://'
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION change_customer(uuid, uuid, text, text, text, boolean, jsonb)`);
  }
}
