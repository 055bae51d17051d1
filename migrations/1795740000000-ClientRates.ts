import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A client may have rates of its own. */
export class ClientRates1795740000000 implements MigrationInterface {
  name = 'ClientRates1795740000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "clients" ADD "rates" jsonb NOT NULL DEFAULT '{}'`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "clients" DROP COLUMN "rates"`);
  }
}
