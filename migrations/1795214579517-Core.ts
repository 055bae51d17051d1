import { MigrationInterface, QueryRunner } from 'typeorm';

export class Core1795214579517 implements MigrationInterface {
  name = 'Core1795214579517';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "clients" (
                "id" uuid NOT NULL,
                "name" text NOT NULL,
                "domain" text NOT NULL,
                "allowed_subdomains" text array NOT NULL DEFAULT '{}',
                "allowed_ips" cidr array NOT NULL DEFAULT '{}',
                "public_key" text NOT NULL,
                "livemode" boolean NOT NULL,
                "disabled_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_6bd5be8e09ec7b0b9afaf000f13" UNIQUE ("public_key"),
                CONSTRAINT "PK_f1ab7cf3a5714dbc6bb4e1c28a4" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "api_keys" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "name" text NOT NULL,
                "secret_sha256" bytea NOT NULL,
                "last4" text NOT NULL,
                "scopes" text array NOT NULL,
                "expires_at" TIMESTAMP WITH TIME ZONE,
                "revoked_at" TIMESTAMP WITH TIME ZONE,
                "last_used_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_1838f08284a7a37a489440ce280" UNIQUE ("secret_sha256"),
                CONSTRAINT "PK_1a1dabf7cb47ffced8222526a33" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "counters" (
                "client_id" uuid NOT NULL,
                "name" text NOT NULL,
                "value" integer NOT NULL DEFAULT '0',
                CONSTRAINT "PK_6a5d4faf2060ac228e329ceb218" PRIMARY KEY ("client_id", "name")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "customers" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "name" text NOT NULL,
                "email" text,
                "metadata" jsonb,
                "message_count" integer NOT NULL DEFAULT '0',
                "latest_message_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_eeeba032ffef7933fdf5e105001" UNIQUE ("client_id", "email"),
                CONSTRAINT "PK_20c6557f7d509e64be5acc3cf05" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_251ff943f33f8be815ba528458" ON "customers" ("client_id", "latest_message_at", "id")
            WHERE latest_message_at IS NOT NULL
        `);
    await queryRunner.query(`
            CREATE TABLE "channels" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "type" text NOT NULL,
                "name" text NOT NULL,
                "reuse_key" bytea NOT NULL,
                "last_position" integer NOT NULL DEFAULT '0',
                "message_count" integer NOT NULL DEFAULT '0',
                "last_message_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_038a236ab4a7dfb508e9a09d57b" UNIQUE ("client_id", "reuse_key"),
                CONSTRAINT "PK_6dd88fbc549fc8d2cf85aa96fe2" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "channel_members" (
                "client_id" uuid NOT NULL,
                "channel_id" uuid NOT NULL,
                "customer_id" uuid NOT NULL,
                "message_count" integer NOT NULL DEFAULT '0',
                "last_message_at" TIMESTAMP WITH TIME ZONE,
                CONSTRAINT "PK_16561687be2b53eaa591dbc8d76" PRIMARY KEY ("client_id", "channel_id", "customer_id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_16561687be2b53eaa591dbc8d7" ON "channel_members" ("client_id", "customer_id", "channel_id")
        `);
    await queryRunner.query(`
            CREATE TABLE "idempotency_keys" (
                "client_id" uuid NOT NULL,
                "key" text NOT NULL,
                "fingerprint" bytea NOT NULL,
                "status" smallint,
                "body" text,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_9cf44f13e0f6543341a0c80108e" PRIMARY KEY ("client_id", "key")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_5e72f040fdc5efc8eef52a388c" ON "idempotency_keys" ("created_at")
        `);
    await queryRunner.query(`
            CREATE TABLE "messages" (
                "client_id" uuid NOT NULL,
                "channel_id" uuid NOT NULL,
                "position" integer NOT NULL,
                "id" uuid NOT NULL,
                "sender_id" uuid NOT NULL,
                "type" text NOT NULL,
                "content" text NOT NULL,
                "metadata" jsonb,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                CONSTRAINT "UQ_e42cc61413cd02c33efcbae703a" UNIQUE ("client_id", "id"),
                CONSTRAINT "PK_18f5ab851060e9ecf691cc88a3c" PRIMARY KEY ("client_id", "channel_id", "position")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_5dfa12149dfb2d38d220aae2b1" ON "messages" ("client_id", "channel_id", "sender_id", "id")
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_2b95aa5a0ab4ad6b740db226cc" ON "messages" ("client_id", "sender_id", "id")
        `);
    await queryRunner.query(`
            ALTER TABLE "api_keys"
            ADD CONSTRAINT "FK_b9f0ad6c30a02bcca328a6316c7" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "counters"
            ADD CONSTRAINT "FK_ab190396c1e41b83f1a279897b9" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "customers"
            ADD CONSTRAINT "FK_0bc3de99d31ef0cbe99756022f7" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "channels"
            ADD CONSTRAINT "FK_c62ec80e25dceac36ff126b65aa" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members"
            ADD CONSTRAINT "FK_2999ec8c36af1b531df271c39a0" FOREIGN KEY ("client_id", "channel_id") REFERENCES "channels"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members"
            ADD CONSTRAINT "FK_41e93159232cc4921dd26b776c9" FOREIGN KEY ("client_id", "customer_id") REFERENCES "customers"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "messages"
            ADD CONSTRAINT "FK_decf8d143e0fd14666847175fe5" FOREIGN KEY ("client_id", "channel_id") REFERENCES "channels"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "messages"
            ADD CONSTRAINT "FK_086a2b3480b92c5a4b5014f37fc" FOREIGN KEY ("client_id", "sender_id") REFERENCES "customers"("client_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "messages" DROP CONSTRAINT "FK_086a2b3480b92c5a4b5014f37fc"
        `);
    await queryRunner.query(`
            ALTER TABLE "messages" DROP CONSTRAINT "FK_decf8d143e0fd14666847175fe5"
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members" DROP CONSTRAINT "FK_41e93159232cc4921dd26b776c9"
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members" DROP CONSTRAINT "FK_2999ec8c36af1b531df271c39a0"
        `);
    await queryRunner.query(`
            ALTER TABLE "channels" DROP CONSTRAINT "FK_c62ec80e25dceac36ff126b65aa"
        `);
    await queryRunner.query(`
            ALTER TABLE "customers" DROP CONSTRAINT "FK_0bc3de99d31ef0cbe99756022f7"
        `);
    await queryRunner.query(`
            ALTER TABLE "counters" DROP CONSTRAINT "FK_ab190396c1e41b83f1a279897b9"
        `);
    await queryRunner.query(`
            ALTER TABLE "api_keys" DROP CONSTRAINT "FK_b9f0ad6c30a02bcca328a6316c7"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_2b95aa5a0ab4ad6b740db226cc"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_5dfa12149dfb2d38d220aae2b1"
        `);
    await queryRunner.query(`
            DROP TABLE "messages"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_5e72f040fdc5efc8eef52a388c"
        `);
    await queryRunner.query(`
            DROP TABLE "idempotency_keys"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_16561687be2b53eaa591dbc8d7"
        `);
    await queryRunner.query(`
            DROP TABLE "channel_members"
        `);
    await queryRunner.query(`
            DROP TABLE "channels"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_251ff943f33f8be815ba528458"
        `);
    await queryRunner.query(`
            DROP TABLE "customers"
        `);
    await queryRunner.query(`
            DROP TABLE "counters"
        `);
    await queryRunner.query(`
            DROP TABLE "api_keys"
        `);
    await queryRunner.query(`
            DROP TABLE "clients"
        `);
  }
}
