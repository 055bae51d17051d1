import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a team knows, to answer from. */
export class Knowledge1795704000000 implements MigrationInterface {
  name = 'Knowledge1795704000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "documents" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "type" text NOT NULL, "status" text NOT NULL, "error" text, "title" text NOT NULL, "content" text, "question" text, "answer" text, "category" text, "is_priority" boolean NOT NULL DEFAULT false, "language" text, "config" text NOT NULL, "source_url" text, "file_id" uuid, "file_name" text, "file_size" integer, "chunks_count" integer NOT NULL DEFAULT '0', "usage_count" integer NOT NULL DEFAULT '0', "embedded_with" text, "run" integer NOT NULL DEFAULT '0', "attempts" integer NOT NULL DEFAULT '0', "turn_at" TIMESTAMP WITH TIME ZONE, "claimed_by" uuid, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_afe3ce35e0ded7cead1d31ac07e" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_3d1de0d7c4b76747550f77c005" ON "documents" ("claimed_by") WHERE claimed_by IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_920fcd062cb2c4f697d5ecb236" ON "documents" ("turn_at") WHERE turn_at IS NOT NULL`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_817abba35909af82d0283ba3dd" ON "documents" ("client_id", "config")`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_642b859fee738f0c6d5a5f6cb1" ON "documents" ("client_id", "number")`,
    );
    await queryRunner.query(
      `CREATE TABLE "chunks" ("client_id" uuid NOT NULL, "document_id" uuid NOT NULL, "n" integer NOT NULL, "text" text NOT NULL, "tsv" tsvector NOT NULL, "embedding" bytea, "model" text, CONSTRAINT "PK_6e32ae852527ce1adafd3da9121" PRIMARY KEY ("client_id", "document_id", "n"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "documents" ADD CONSTRAINT "FK_f6a0859c9b1c7c3fcb003c17163" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "documents" ADD CONSTRAINT "FK_03b5d11fd1be06db5c97331a23a" FOREIGN KEY ("claimed_by") REFERENCES "replicas"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "chunks" ADD CONSTRAINT "FK_a4d65332a41d2ea45dcb0a0d636" FOREIGN KEY ("client_id", "document_id") REFERENCES "documents"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`CREATE INDEX chunks_words ON chunks USING gin (client_id, tsv)`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "chunks"`);
    await queryRunner.query(`DROP TABLE "documents"`);
  }
}
