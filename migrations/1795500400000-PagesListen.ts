import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The pages of a workspace listen for some days after they were closed. */
export class PagesListen1795500400000 implements MigrationInterface {
  name = 'PagesListen1795500400000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ADD "since" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ADD "until" TIMESTAMP WITH TIME ZONE
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_6ac766a8a20e4af287a2d2937c" ON "listeners" ("until")
            WHERE until IS NOT NULL
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."IDX_6ac766a8a20e4af287a2d2937c"
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners" DROP COLUMN "until"
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners" DROP COLUMN "since"
        `);
  }
}
