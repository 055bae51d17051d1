import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MissedEvents1795301100001 implements MigrationInterface {
  name = 'MissedEvents1795301100001';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE INDEX "IDX_5f67e58cadc0b4f95a765bf145" ON "events" ("client_id", "created_at")
            WHERE type IN (
                    'announcement.created', 'channel.deleted'
                )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_66337493247afa9642a2542859" ON "events" ("client_id", "customer_id", "created_at")
            WHERE type IN (
                    'member.left', 'customer.updated', 'announcement.read', 'announcement.deleted', 'follow.created',
                    'follow.deleted'
                )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_7ecca4ad362d87a749c583415d" ON "events" ("client_id", "channel_id", "created_at")
            WHERE channel_id IS NOT NULL
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."IDX_7ecca4ad362d87a749c583415d"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_66337493247afa9642a2542859"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_5f67e58cadc0b4f95a765bf145"
        `);
  }
}
