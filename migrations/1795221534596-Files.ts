import { MigrationInterface, QueryRunner } from 'typeorm';

export class Files1795221534596 implements MigrationInterface {
  name = 'Files1795221534596';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "files" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "owner_id" uuid,
                "mime_type" text NOT NULL,
                "size" bigint NOT NULL,
                "name" text,
                "uploaded_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_638c85cd2fa14402edd2e433bb4" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "file_channels" (
                "client_id" uuid NOT NULL,
                "file_id" uuid NOT NULL,
                "channel_id" uuid NOT NULL,
                CONSTRAINT "PK_6d090fa7040767afb7dff54613b" PRIMARY KEY ("client_id", "file_id", "channel_id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_1639d292963a88bde5ac01d7b4" ON "file_channels" ("client_id", "channel_id")
        `);
    await queryRunner.query(`
            ALTER TABLE "files"
            ADD CONSTRAINT "FK_2ed84a605cff42f164ccd8cbfbe" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "file_channels"
            ADD CONSTRAINT "FK_783d0db5919edd2635d0000dba7" FOREIGN KEY ("client_id", "file_id") REFERENCES "files"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "file_channels"
            ADD CONSTRAINT "FK_1639d292963a88bde5ac01d7b43" FOREIGN KEY ("client_id", "channel_id") REFERENCES "channels"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "file_channels" DROP CONSTRAINT "FK_1639d292963a88bde5ac01d7b43"
        `);
    await queryRunner.query(`
            ALTER TABLE "file_channels" DROP CONSTRAINT "FK_783d0db5919edd2635d0000dba7"
        `);
    await queryRunner.query(`
            ALTER TABLE "files" DROP CONSTRAINT "FK_2ed84a605cff42f164ccd8cbfbe"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_1639d292963a88bde5ac01d7b4"
        `);
    await queryRunner.query(`
            DROP TABLE "file_channels"
        `);
    await queryRunner.query(`
            DROP TABLE "files"
        `);
  }
}
