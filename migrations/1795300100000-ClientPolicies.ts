import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a client's keys need an Origin, and how often all of them together may ask. */
export class ClientPolicies1795300100000 implements MigrationInterface {
  name = 'ClientPolicies1795300100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "clients" ADD "total_rate_limit" integer`);
    await queryRunner.query(`ALTER TABLE "clients" ADD "origin_policy" text NOT NULL DEFAULT 'required'`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "clients" DROP COLUMN "origin_policy"`);
    await queryRunner.query(`ALTER TABLE "clients" DROP COLUMN "total_rate_limit"`);
  }
}
