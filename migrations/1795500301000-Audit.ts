import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changed what in a workspace. */
export class Audit1795500301000 implements MigrationInterface {
  name = 'Audit1795500301000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "audit_entries" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "user_id" uuid NOT NULL, "action" text NOT NULL, "subject" text, "details" jsonb NOT NULL DEFAULT '{}', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_87bdb916b8a625d730e5e64913a" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_df39b09712a5768ff6ba8fff3e" ON "audit_entries" ("client_id", "created_at", "id")`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_e0ee9c6f2a2b0cc8f0b5234465" ON "audit_entries" ("created_at")`);
    await queryRunner.query(
      `ALTER TABLE "audit_entries" ADD CONSTRAINT "FK_59263f95a326fe5b856429a12a2" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "audit_entries"`);
  }
}
