import { MigrationInterface, QueryRunner } from 'typeorm';

export class FileLives1795301000000 implements MigrationInterface {
  name = 'FileLives1795301000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "storage_uses" (
                "client_id" uuid NOT NULL,
                "bytes" bigint NOT NULL,
                CONSTRAINT "PK_8b2ad6b5cbf0a06a63ab8fe4d44" PRIMARY KEY ("client_id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "file_removals" (
                "client_id" uuid NOT NULL,
                "file_id" uuid NOT NULL,
                "until" TIMESTAMP WITH TIME ZONE NOT NULL,
                "next_attempt_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_3a8300de5c523b6d92741be78af" PRIMARY KEY ("client_id", "file_id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_01ed056e2a7ad0b4aeedce71b8" ON "file_removals" ("next_attempt_at")
        `);
    await queryRunner.query(`
            ALTER TABLE "clients"
            ADD "storage_limit" bigint
        `);
    await queryRunner.query(`
            ALTER TABLE "files"
            ADD "expires_at" TIMESTAMP WITH TIME ZONE
        `);
    await queryRunner.query(`
            ALTER TABLE "file_channels"
            ADD "message_count" integer NOT NULL DEFAULT '1'
        `);
    // What was there before: what was never sent has a day from now, what only deleted messages held goes at once.
    await queryRunner.query(`
            UPDATE "files" SET "expires_at" = now() + interval '24 hours'
            WHERE NOT EXISTS (
                SELECT FROM "file_channels" "sent"
                WHERE "sent"."client_id" = "files"."client_id" AND "sent"."file_id" = "files"."id"
            )
        `);
    await queryRunner.query(`UPDATE "file_channels" SET "message_count" = 0`);
    await queryRunner.query(`
            WITH "held" AS (
                SELECT "message"."client_id", "message"."channel_id", "part"->>'fileId' AS "file_id",
                    count(DISTINCT "message"."position")::int AS "count"
                FROM "messages" "message", jsonb_array_elements("message"."parts") AS "part"
                WHERE "message"."parts" IS NOT NULL AND "part" ? 'fileId'
                GROUP BY 1, 2, 3
            )
            UPDATE "file_channels" SET "message_count" = "held"."count" FROM "held"
            WHERE "held"."client_id" = "file_channels"."client_id" AND "held"."channel_id" = "file_channels"."channel_id"
                AND "held"."file_id" = "file_channels"."file_id"::text
        `);
    await queryRunner.query(`DELETE FROM "file_channels" WHERE "message_count" = 0`);
    await queryRunner.query(`
            UPDATE "files" SET "expires_at" = now()
            WHERE "expires_at" IS NULL AND NOT EXISTS (
                SELECT FROM "file_channels" "sent"
                WHERE "sent"."client_id" = "files"."client_id" AND "sent"."file_id" = "files"."id"
            )
        `);
    await queryRunner.query(`
            INSERT INTO "storage_uses" ("client_id", "bytes")
            SELECT "client_id", sum("size") FROM "files" GROUP BY "client_id"
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_d5a994b187cda7cdad2a55d9f2" ON "files" ("client_id", "owner_id")
            WHERE owner_id IS NOT NULL
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_bb94b857fe23a9d316b30d440d" ON "files" ("expires_at")
            WHERE expires_at IS NOT NULL
        `);
    await queryRunner.query(`
            ALTER TABLE "storage_uses"
            ADD CONSTRAINT "FK_8b2ad6b5cbf0a06a63ab8fe4d44" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "storage_uses" DROP CONSTRAINT "FK_8b2ad6b5cbf0a06a63ab8fe4d44"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_bb94b857fe23a9d316b30d440d"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_d5a994b187cda7cdad2a55d9f2"
        `);
    await queryRunner.query(`
            ALTER TABLE "file_channels" DROP COLUMN "message_count"
        `);
    await queryRunner.query(`
            ALTER TABLE "files" DROP COLUMN "expires_at"
        `);
    await queryRunner.query(`
            ALTER TABLE "clients" DROP COLUMN "storage_limit"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_01ed056e2a7ad0b4aeedce71b8"
        `);
    await queryRunner.query(`
            DROP TABLE "file_removals"
        `);
    await queryRunner.query(`
            DROP TABLE "storage_uses"
        `);
  }
}
