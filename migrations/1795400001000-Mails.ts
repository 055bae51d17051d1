import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails to users that are to be sent, and when the last of each kind was asked for. */
export class Mails1795400001000 implements MigrationInterface {
  name = 'Mails1795400001000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "mails" (
                "kind" text NOT NULL,
                "email" text NOT NULL,
                "about" text NOT NULL DEFAULT '',
                "data" jsonb NOT NULL DEFAULT '{}',
                "version" integer NOT NULL DEFAULT '1',
                "asked_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "day_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "asked" integer NOT NULL DEFAULT '1',
                "attempts" integer NOT NULL DEFAULT '0',
                "next_attempt_at" TIMESTAMP WITH TIME ZONE DEFAULT now(),
                CONSTRAINT "PK_f458bbe76e55fe6d55fb05ef28a" PRIMARY KEY ("kind", "email", "about")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_2b64015bc1ec45e99bef9e2cfd" ON "mails" ("asked_at")
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_1e97f19abd5a7de107b3535c42" ON "mails" ("next_attempt_at")
            WHERE next_attempt_at IS NOT NULL
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."IDX_1e97f19abd5a7de107b3535c42"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_2b64015bc1ec45e99bef9e2cfd"
        `);
    await queryRunner.query(`
            DROP TABLE "mails"
        `);
  }
}
