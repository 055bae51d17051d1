import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Channels that everybody of a client may find by their name and join. */
export class OpenChannels1795301400000 implements MigrationInterface {
  name = 'OpenChannels1795301400000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "channels" ADD "is_open" boolean NOT NULL DEFAULT false`);
    await queryRunner.query(`ALTER TABLE "channel_members" ADD "is_owner" boolean NOT NULL DEFAULT false`);
    await queryRunner.query(
      `CREATE INDEX "IDX_8a00f8c62c0b03821d1304bc93" ON "channels" ("client_id", "created_at", "id") WHERE is_open`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM counters WHERE name = 'open_channels'`);
    await queryRunner.query(`DROP INDEX "IDX_8a00f8c62c0b03821d1304bc93"`);
    await queryRunner.query(`ALTER TABLE "channel_members" DROP COLUMN "is_owner"`);
    await queryRunner.query(`ALTER TABLE "channels" DROP COLUMN "is_open"`);
  }
}
