import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users in workspaces, which are clients: who is in, who was asked in, and what a workspace has set. */
export class Workspaces1795400100000 implements MigrationInterface {
  name = 'Workspaces1795400100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "invitations" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "email" text NOT NULL,
                "role" text NOT NULL,
                "token_sha256" bytea NOT NULL,
                "invited_by" uuid,
                "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "accepted_at" TIMESTAMP WITH TIME ZONE,
                "revoked_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_488e2de2bca93649e0507b1db20" UNIQUE ("token_sha256"),
                CONSTRAINT "PK_183ce858e743d5fb8679884a043" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_57cc225525e9854c9bdb0d72f5" ON "invitations" ("client_id", "email") WHERE accepted_at IS NULL AND revoked_at IS NULL`,
    );
    await queryRunner.query(`
            CREATE TABLE "memberships" (
                "client_id" uuid NOT NULL,
                "user_id" uuid NOT NULL,
                "role" text NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_4ac6c859078f154416d3bebbbc8" PRIMARY KEY ("client_id", "user_id")
            )
        `);
    await queryRunner.query(`CREATE INDEX "IDX_7c1e2fdfed4f6838e0c05ae505" ON "memberships" ("user_id")`);
    await queryRunner.query(`
            CREATE TABLE "personal_tokens" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "user_id" uuid NOT NULL,
                "name" text NOT NULL,
                "scopes" text array NOT NULL,
                "token_sha256" bytea NOT NULL,
                "last4" text NOT NULL,
                "expires_at" TIMESTAMP WITH TIME ZONE,
                "last_used_at" TIMESTAMP WITH TIME ZONE,
                "revoked_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_de05b3847766a993578a270109b" UNIQUE ("token_sha256"),
                CONSTRAINT "PK_44f9d6f1234be98a552888c5fc8" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(
      `CREATE INDEX "IDX_dbdd1e0e744912c675ea581978" ON "personal_tokens" ("client_id", "user_id")`,
    );
    await queryRunner.query(`
            CREATE TABLE "workspace_settings" (
                "client_id" uuid NOT NULL,
                "default_country" text NOT NULL DEFAULT 'US',
                "timezone" text NOT NULL DEFAULT 'UTC',
                "smart_encoding" boolean NOT NULL DEFAULT true,
                "opt_out" jsonb NOT NULL DEFAULT '{}',
                "opt_out_salt" bytea NOT NULL,
                "deleted_at" TIMESTAMP WITH TIME ZONE,
                CONSTRAINT "PK_d6a642586b4a9d1e29bd3953198" PRIMARY KEY ("client_id")
            )
        `);
    await queryRunner.query(`ALTER TABLE "clients" ADD "number" BIGSERIAL NOT NULL`);
    await queryRunner.query(`ALTER TABLE "clients" ADD CONSTRAINT "UQ_c90850dfa1384e76141907a111f" UNIQUE ("number")`);
    await queryRunner.query(
      `ALTER TABLE "invitations" ADD CONSTRAINT "FK_b3ca92622941bab607e687b3e3a" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "memberships" ADD CONSTRAINT "FK_e46119bc0fa8cf0e8987312a9cd" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "memberships" ADD CONSTRAINT "FK_7c1e2fdfed4f6838e0c05ae5051" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "personal_tokens" ADD CONSTRAINT "FK_dbdd1e0e744912c675ea581978b" FOREIGN KEY ("client_id", "user_id") REFERENCES "memberships"("client_id","user_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "workspace_settings" ADD CONSTRAINT "FK_d6a642586b4a9d1e29bd3953198" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "workspace_settings"`);
    await queryRunner.query(`DROP TABLE "personal_tokens"`);
    await queryRunner.query(`DROP TABLE "invitations"`);
    await queryRunner.query(`DROP TABLE "memberships"`);
    await queryRunner.query(`ALTER TABLE "clients" DROP COLUMN "number"`);
  }
}
