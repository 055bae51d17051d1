import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Texts that are sent often. */
export class Templates1795600000000 implements MigrationInterface {
  name = 'Templates1795600000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "text_templates" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "name" text NOT NULL, "body" text NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_87201803ce20ff63021766df8dc" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_3fd9b871cfdc2a9ab611019e75" ON "text_templates" ("client_id", "name")`,
    );
    await queryRunner.query(
      `ALTER TABLE "text_templates" ADD CONSTRAINT "FK_b482e7a1c744f3a94aab96e1bff" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "text_templates"`);
  }
}
