import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LayerSessions1795280711872 implements MigrationInterface {
  name = 'LayerSessions1795280711872';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "customer_sessions"
            ADD "dialect" text NOT NULL DEFAULT 'core'
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "customer_sessions" DROP COLUMN "dialect"
        `);
  }
}
