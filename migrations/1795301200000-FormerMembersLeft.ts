import { MigrationInterface, QueryRunner } from 'typeorm';

export class FormerMembersLeft1795301200000 implements MigrationInterface {
  name = 'FormerMembersLeft1795301200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "former_members"
            ADD "left_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_7d6c7d5a8b2b23687af473ba29" ON "former_members" ("left_at")
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."IDX_7d6c7d5a8b2b23687af473ba29"
        `);
    await queryRunner.query(`
            ALTER TABLE "former_members" DROP COLUMN "left_at"
        `);
  }
}
