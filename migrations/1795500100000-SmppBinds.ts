import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which process is bound to an SMPP provider, and what phones sent in parts. */
export class SmppBinds1795500100000 implements MigrationInterface {
  name = 'SmppBinds1795500100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "inbound_parts" ("client_id" uuid NOT NULL, "provider_id" uuid NOT NULL, "key" bytea NOT NULL, "id" uuid NOT NULL, "parts" jsonb NOT NULL, "session_id" uuid NOT NULL, "received_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_c529a2ba1c8644130c269cafa24" PRIMARY KEY ("client_id", "provider_id", "key"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_f3bd73ac4e7da34332f24b151d" ON "inbound_parts" ("received_at")`);
    await queryRunner.query(`ALTER TABLE "messaging_providers" ADD "bound_by" uuid`);
    await queryRunner.query(
      `CREATE INDEX "IDX_d7704088ad9348a892c142e077" ON "messaging_providers" ("bound_by") WHERE bound_by IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_b2cf5bbdb7bd9c73ba81fc6452" ON "messaging_providers" ("client_id") WHERE active AND kind = 'smpp'`,
    );
    await queryRunner.query(
      `ALTER TABLE "messaging_providers" ADD CONSTRAINT "FK_c3fcf8233960a41f24d505e212a" FOREIGN KEY ("bound_by") REFERENCES "replicas"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "inbound_parts" ADD CONSTRAINT "FK_a992dde0e54858e61a5043d6a4a" FOREIGN KEY ("client_id", "provider_id") REFERENCES "messaging_providers"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "inbound_parts"`);
    await queryRunner.query(`ALTER TABLE "messaging_providers" DROP COLUMN "bound_by"`);
    await queryRunner.query(`DROP INDEX IF EXISTS "IDX_b2cf5bbdb7bd9c73ba81fc6452"`);
  }
}
