import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a provider is asked again for what phones sent. */
export class CatchUp1795600100000 implements MigrationInterface {
  name = 'CatchUp1795600100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "messaging_providers" ADD "catch_up_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_133225be073b70409aac7577b2" ON "messaging_providers" ("catch_up_at") WHERE active AND kind = 'twilio'`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "IDX_133225be073b70409aac7577b2"`);
    await queryRunner.query(`ALTER TABLE "messaging_providers" DROP COLUMN "catch_up_at"`);
  }
}
