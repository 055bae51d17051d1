import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PresenceStatus1795301100002 implements MigrationInterface {
  name = 'PresenceStatus1795301100002';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "customers"
            ADD "presence_status" text
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "customers" DROP COLUMN "presence_status"
        `);
  }
}
