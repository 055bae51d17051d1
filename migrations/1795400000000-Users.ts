import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Those who operate workspaces, and how they sign in. */
export class Users1795400000000 implements MigrationInterface {
  name = 'Users1795400000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "users" (
                "id" uuid NOT NULL,
                "number" BIGSERIAL NOT NULL,
                "email" text NOT NULL,
                "name" text NOT NULL,
                "password_hash" text,
                "password_version" integer NOT NULL DEFAULT '0',
                "email_verified_at" TIMESTAMP WITH TIME ZONE,
                "totp_secret" bytea,
                "totp_confirmed_at" TIMESTAMP WITH TIME ZONE,
                "totp_last_step" bigint NOT NULL DEFAULT '0',
                "recovery_sha256" bytea array NOT NULL DEFAULT '{}',
                "active_client_id" uuid,
                "disabled_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_aa517eb9a603fc94080a45ae983" UNIQUE ("number"),
                CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3" UNIQUE ("email"),
                CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_ae39047bdb0e675ea2d6b60fa6" ON "users" ("active_client_id")
        `);
    await queryRunner.query(`
            CREATE TABLE "user_identities" (
                "provider" text NOT NULL,
                "subject" text NOT NULL,
                "user_id" uuid NOT NULL,
                "email" text NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_ad3f47ebbf0a5521265b4ea2c28" PRIMARY KEY ("provider", "subject")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_bf5fe01eb8cad7114b4c371cdc" ON "user_identities" ("user_id")
        `);
    await queryRunner.query(`
            CREATE TABLE "user_sessions" (
                "id" uuid NOT NULL,
                "user_id" uuid NOT NULL,
                "token_sha256" bytea NOT NULL,
                "password_version" integer NOT NULL,
                "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "ends_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "last_seen_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "address" text,
                "user_agent" text,
                "revoked_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_ce7d06c33267f99805abddcf0e6" UNIQUE ("token_sha256"),
                CONSTRAINT "PK_e93e031a5fed190d4789b6bfd83" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_dbc81ff542b1b3366bae195f2a" ON "user_sessions" ("expires_at")
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_aeeff07f59ccea424af1357b07" ON "user_sessions" ("user_id", "created_at")
        `);
    await queryRunner.query(`
            CREATE TABLE "user_tokens" (
                "id" uuid NOT NULL,
                "user_id" uuid,
                "purpose" text NOT NULL,
                "token_sha256" bytea NOT NULL,
                "data" jsonb NOT NULL DEFAULT '{}',
                "tries" integer NOT NULL DEFAULT '0',
                "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "used_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_889ab2367bd4af3abec950580fe" UNIQUE ("token_sha256"),
                CONSTRAINT "PK_63764db9d9aaa4af33e07b2f4bf" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_50218f795cc3de6725115f8bf3" ON "user_tokens" ("expires_at")
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_a8be5140968bf3c3a786d44ee0" ON "user_tokens" ("user_id", "purpose")
        `);
    await queryRunner.query(`
            ALTER TABLE "users"
            ADD CONSTRAINT "FK_ae39047bdb0e675ea2d6b60fa6b" FOREIGN KEY ("active_client_id") REFERENCES "clients"("id") ON DELETE
            SET NULL ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "user_identities"
            ADD CONSTRAINT "FK_bf5fe01eb8cad7114b4c371cdc7" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "user_sessions"
            ADD CONSTRAINT "FK_e9658e959c490b0a634dfc54783" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "user_tokens"
            ADD CONSTRAINT "FK_9e144a67be49e5bba91195ef5de" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "user_tokens" DROP CONSTRAINT "FK_9e144a67be49e5bba91195ef5de"
        `);
    await queryRunner.query(`
            ALTER TABLE "user_sessions" DROP CONSTRAINT "FK_e9658e959c490b0a634dfc54783"
        `);
    await queryRunner.query(`
            ALTER TABLE "user_identities" DROP CONSTRAINT "FK_bf5fe01eb8cad7114b4c371cdc7"
        `);
    await queryRunner.query(`
            ALTER TABLE "users" DROP CONSTRAINT "FK_ae39047bdb0e675ea2d6b60fa6b"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_a8be5140968bf3c3a786d44ee0"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_50218f795cc3de6725115f8bf3"
        `);
    await queryRunner.query(`
            DROP TABLE "user_tokens"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_aeeff07f59ccea424af1357b07"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_dbc81ff542b1b3366bae195f2a"
        `);
    await queryRunner.query(`
            DROP TABLE "user_sessions"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_bf5fe01eb8cad7114b4c371cdc"
        `);
    await queryRunner.query(`
            DROP TABLE "user_identities"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_ae39047bdb0e675ea2d6b60fa6"
        `);
    await queryRunner.query(`
            DROP TABLE "users"
        `);
  }
}
