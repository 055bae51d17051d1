import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What lists of the inbox looked through all of a workspace for. Few conversations are in these indexes, so what is said hardly
 * ever writes to them.
 */
export class InboxPlans1795702001000 implements MigrationInterface {
  name = 'InboxPlans1795702001000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX "IDX_e59fe0682a41ca69a87f3573d2" ON "conversations" ("client_id", "priority", "number") WHERE priority <> 'normal'`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_65cb74621e110a0412bddb8aab" ON "conversations" ("client_id", "last_message_at", "number") WHERE is_starred`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_0c2ca59db346bae86a45902ef4" ON "suppressions" ("client_id", "id")`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "public"."IDX_0c2ca59db346bae86a45902ef4"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_65cb74621e110a0412bddb8aab"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_e59fe0682a41ca69a87f3573d2"`);
  }
}
