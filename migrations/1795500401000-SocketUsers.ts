import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users subscribe to what happens in their workspace. */
export class SocketUsers1795500401000 implements MigrationInterface {
  name = 'SocketUsers1795500401000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "socket_owners"
            ADD "user_id" uuid
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "socket_owners" DROP COLUMN "user_id"
        `);
  }
}
