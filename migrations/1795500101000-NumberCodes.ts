import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The codes by which numbers are verified. */
export class NumberCodes1795500101000 implements MigrationInterface {
  name = 'NumberCodes1795500101000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "addresses" ADD "code_sha256" bytea, ADD "code_tries" integer NOT NULL DEFAULT 0, ADD "code_until" TIMESTAMP WITH TIME ZONE`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "addresses" DROP COLUMN "code_sha256", DROP COLUMN "code_tries", DROP COLUMN "code_until"`,
    );
  }
}
