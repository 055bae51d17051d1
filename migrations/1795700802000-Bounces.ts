import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails that come back, and the addresses that get no more. */
export class Bounces1795700802000 implements MigrationInterface {
  name = 'Bounces1795700802000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX "IDX_8f208a88ffa05664b95e9f75da" ON "email_deliveries" ("client_id", "done_at") WHERE status = 'undelivered'`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION suppress_address(tenant uuid, which uuid, address text, why text, teller text)
  RETURNS void LANGUAGE sql AS $function$
    INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
    SELECT tenant, which, suppression_hash(tenant, address), address, why, teller, draw_numbers(tenant, 'suppressions', 1)
    WHERE NOT EXISTS (
      SELECT FROM suppressions WHERE client_id = tenant AND address_hash = suppression_hash(tenant, address))
    ON CONFLICT (client_id, address_hash) DO NOTHING
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION suppress_address(uuid, uuid, text, text, text)`);
    await queryRunner.query(`DROP INDEX "IDX_8f208a88ffa05664b95e9f75da"`);
  }
}
