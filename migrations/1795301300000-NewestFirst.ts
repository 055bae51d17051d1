import { MigrationInterface, QueryRunner } from 'typeorm';

export class NewestFirst1795301300000 implements MigrationInterface {
  name = 'NewestFirst1795301300000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE INDEX "IDX_73fa80548fe7ce4b87e3d0234a" ON "clients" ("created_at", "id")
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_e6e65cf11dab39eafc9029b7ff" ON "customers" ("client_id", "created_at", "id")
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_879e640903ed090403f004c35c"
        `);
    await queryRunner.query(`
            ALTER TABLE "announcement_recipients"
            ADD "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
        `);
    await queryRunner.query(`
            UPDATE "announcement_recipients" recipient SET "created_at" = announcement."created_at"
            FROM "announcements" announcement
            WHERE announcement."client_id" = recipient."client_id" AND announcement."id" = recipient."announcement_id"
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_4118e396da0f9add814d5e4883" ON "announcement_recipients" (
                "client_id",
                "customer_id",
                "created_at",
                "announcement_id"
            )
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."IDX_4118e396da0f9add814d5e4883"
        `);
    await queryRunner.query(`
            ALTER TABLE "announcement_recipients" DROP COLUMN "created_at"
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_879e640903ed090403f004c35c" ON "announcement_recipients" ("client_id", "customer_id", "announcement_id")
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_e6e65cf11dab39eafc9029b7ff"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_73fa80548fe7ce4b87e3d0234a"
        `);
  }
}
