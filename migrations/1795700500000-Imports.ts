import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports, and what is wrong with their rows. */
export class Imports1795700500000 implements MigrationInterface {
  name = 'Imports1795700500000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "imports" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "kind" text NOT NULL, "state" text NOT NULL, "name" text, "options" jsonb NOT NULL, "file_id" uuid, "cursor" bigint NOT NULL DEFAULT '0', "lines" integer NOT NULL DEFAULT '0', "rows" integer NOT NULL DEFAULT '0', "created" integer NOT NULL DEFAULT '0', "updated" integer NOT NULL DEFAULT '0', "skipped" integer NOT NULL DEFAULT '0', "errors" text array NOT NULL DEFAULT '{}', "error_count" integer NOT NULL DEFAULT '0', "claimed_by" uuid, "turn_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "attempts" integer NOT NULL DEFAULT '0', "told_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "started_at" TIMESTAMP WITH TIME ZONE, "ended_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_563c3e308a60132bc6a06f3f794" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_9ab1cdc4e757274fe4935ee72b" ON "imports"  ("created_at")`);
    await queryRunner.query(
      `CREATE INDEX "IDX_2569d52ad88a516bf334c09dd5" ON "imports"  ("claimed_by") WHERE claimed_by IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_1e3db410f25f5806718787bc3b" ON "imports"  ("turn_at") WHERE state = 'processing'`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_4abb8c8cc326f02d223871db2e" ON "imports"  ("client_id", "number")`,
    );
    await queryRunner.query(
      `CREATE TABLE "import_errors" ("client_id" uuid NOT NULL, "import_id" uuid NOT NULL, "after" integer NOT NULL, "problems" text array NOT NULL, CONSTRAINT "PK_7aff80b6762faf4bd60420f03a3" PRIMARY KEY ("client_id", "import_id", "after"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "imports" ADD CONSTRAINT "FK_dbdc3991a2ea7facd55979fc9ca" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "imports" ADD CONSTRAINT "FK_419c4d64dac0a45b6ec1faf54fd" FOREIGN KEY ("claimed_by") REFERENCES "replicas"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "import_errors" ADD CONSTRAINT "FK_e0262228819db983b46017dd69c" FOREIGN KEY ("client_id", "import_id") REFERENCES "imports"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "import_errors"`);
    await queryRunner.query(`DROP TABLE "imports"`);
  }
}
