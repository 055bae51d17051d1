import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which models workspaces write and search, and what that costs. */
export class Ai1795707000000 implements MigrationInterface {
  name = 'Ai1795707000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "ai_replies" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "day" date NOT NULL, "user_id" uuid NOT NULL, "model" text NOT NULL, "used_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_79d23d3969d797692a28287453b" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_97f5ee19aa85ebcd593ef8cbcb" ON "ai_replies" ("created_at")`);
    await queryRunner.query(
      `CREATE TABLE "ai_settings" ("client_id" uuid NOT NULL, "base_url" text, "secret" bytea, "chat_model" text, "embedding_model" text, "input_price" integer NOT NULL DEFAULT '0', "output_price" integer NOT NULL DEFAULT '0', "embedding_price" integer NOT NULL DEFAULT '0', "monthly_token_limit" integer, "limit_told" date, "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_e370c50a34e7fbd7bb66bc38279" PRIMARY KEY ("client_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "ai_usage" ("client_id" uuid NOT NULL, "day" date NOT NULL, "user_id" uuid NOT NULL, "kind" text NOT NULL, "model" text NOT NULL, "calls" integer NOT NULL DEFAULT '0', "failed" integer NOT NULL DEFAULT '0', "tokens_in" bigint NOT NULL DEFAULT '0', "tokens_out" bigint NOT NULL DEFAULT '0', "cost" bigint NOT NULL DEFAULT '0', "milliseconds" bigint NOT NULL DEFAULT '0', "used" integer NOT NULL DEFAULT '0', CONSTRAINT "PK_87a7db68295ddbe354d46a89b4b" PRIMARY KEY ("client_id", "day", "user_id", "kind", "model"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "ai_replies" ADD CONSTRAINT "FK_d2cf4d967c2cf43a29b43ae8f90" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "ai_settings" ADD CONSTRAINT "FK_e370c50a34e7fbd7bb66bc38279" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "ai_usage" ADD CONSTRAINT "FK_d8a0fb2d2836b05380665f399e7" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    // Vectors don't get smaller: trying costs time with each.
    await queryRunner.query(`ALTER TABLE "chunks" ALTER COLUMN "embedding" SET STORAGE EXTERNAL`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "chunks" ALTER COLUMN "embedding" SET STORAGE EXTENDED`);
    await queryRunner.query(`DROP TABLE "ai_usage"`);
    await queryRunner.query(`DROP TABLE "ai_settings"`);
    await queryRunner.query(`DROP TABLE "ai_replies"`);
  }
}
