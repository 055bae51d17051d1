import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers that show a secret once were kept for their Idempotency-Key; they are not any more. */
export class ForgetSecrets1795300000000 implements MigrationInterface {
  name = 'ForgetSecrets1795300000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DELETE FROM "idempotency_keys"
            WHERE "body" LIKE '{"object":"customer_session",%'
                OR "body" LIKE '{"object":"webhook_endpoint",%"secret":"whsec\\_%'
        `);
  }

  public async down(): Promise<void> {
    // What is forgotten stays forgotten.
  }
}
