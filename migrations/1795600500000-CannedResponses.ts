import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is answered often. */
export class CannedResponses1795600500000 implements MigrationInterface {
  name = 'CannedResponses1795600500000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "canned_responses" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "title" text NOT NULL, "content" text NOT NULL, "shortcut" text, "scope" text NOT NULL, "owner_id" uuid, "category" text, "usage_count" integer NOT NULL DEFAULT '0', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_e13e7fdc06250f7bdde799704b7" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_4a49aee0ba67d61ee5d7b04294" ON "canned_responses" ("client_id", "shortcut")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_a89fdd7af498b0c4169dab5755" ON "canned_responses" ("client_id", "number")`,
    );
    await queryRunner.query(
      `ALTER TABLE "canned_responses" ADD CONSTRAINT "FK_bf6955f70721306e2f913c32608" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "canned_responses" ADD CONSTRAINT "FK_32274493102d8885568261eebe1" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "canned_responses"`);
  }
}
