import { MigrationInterface, QueryRunner } from 'typeorm';

export class RealTime1795219852504 implements MigrationInterface {
  name = 'RealTime1795219852504';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "customer_sessions" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "customer_id" uuid NOT NULL,
                "token_sha256" bytea NOT NULL,
                "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "revoked_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_3984a28d163958a692d9643fae3" UNIQUE ("token_sha256"),
                CONSTRAINT "PK_3b9957bed671e0ae09bb7d51e78" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_4350f4ae5dbb426e2d1f445656" ON "customer_sessions" ("client_id", "customer_id", "id")
        `);
    await queryRunner.query(`
            CREATE TABLE "events" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "seq" BIGSERIAL NOT NULL,
                "type" text NOT NULL,
                "channel_id" uuid,
                "customer_id" uuid,
                "data" jsonb NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_288fc9a92ef07ff1031742b2b2c" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_44840d7c5944a3bfbf21a6113d" ON "events" ("seq")
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_aab725427d679ab8920054ccab" ON "events" ("client_id", "seq")
            WHERE type <> 'message.delivered'
        `);
    await queryRunner.query(`
            CREATE TABLE "replicas" (
                "id" uuid NOT NULL,
                "seen_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                CONSTRAINT "PK_6587a2c44763909278f24ae9357" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "listeners" (
                "client_id" uuid NOT NULL,
                "replica_id" uuid NOT NULL,
                CONSTRAINT "PK_361177c547b1b3b7d445a471788" PRIMARY KEY ("client_id", "replica_id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_62618a016eb77c7e7b88f9a868" ON "listeners" ("replica_id")
        `);
    await queryRunner.query(`
            CREATE TABLE "hidden_messages" (
                "client_id" uuid NOT NULL,
                "customer_id" uuid NOT NULL,
                "channel_id" uuid NOT NULL,
                "position" integer NOT NULL,
                CONSTRAINT "PK_580c1ef248373a3ddfbc2c4af90" PRIMARY KEY (
                    "client_id",
                    "customer_id",
                    "channel_id",
                    "position"
                )
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "receipts" (
                "client_id" uuid NOT NULL,
                "channel_id" uuid NOT NULL,
                "customer_id" uuid NOT NULL,
                "kind" text NOT NULL,
                "position" integer NOT NULL,
                "at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_30ca0e2331a3468fe68079754ed" PRIMARY KEY (
                    "client_id",
                    "channel_id",
                    "customer_id",
                    "kind",
                    "position"
                )
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "presences" (
                "client_id" uuid NOT NULL,
                "channel_id" uuid NOT NULL,
                "customer_id" uuid NOT NULL,
                "replica_id" uuid NOT NULL,
                CONSTRAINT "PK_591c5a0d0ea1df6aa7ba2a0ea68" PRIMARY KEY (
                    "client_id",
                    "channel_id",
                    "customer_id",
                    "replica_id"
                )
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_fdb7a4d3bb615c58130226a829" ON "presences" ("replica_id")
        `);
    await queryRunner.query(`
            CREATE TABLE "socket_owners" (
                "client_id" uuid NOT NULL,
                "socket_id" text NOT NULL,
                "session_id" uuid,
                "customer_id" uuid,
                "api_key_id" uuid,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_97a33fb866a9bec20c609d7757b" PRIMARY KEY ("client_id", "socket_id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_7a3ab3b815f7b645f0ce821a69" ON "socket_owners" ("created_at")
        `);
    await queryRunner.query(`
            CREATE TABLE "webhook_endpoints" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "url" text NOT NULL,
                "events" text array NOT NULL,
                "enabled" boolean NOT NULL DEFAULT true,
                "description" text,
                "secret" text NOT NULL,
                "previous_secret" text,
                "previous_secret_until" TIMESTAMP WITH TIME ZONE,
                "failing_since" TIMESTAMP WITH TIME ZONE,
                "paused_until" TIMESTAMP WITH TIME ZONE,
                "failures_in_a_row" integer NOT NULL DEFAULT '0',
                "leased_by" uuid,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "PK_9466582a824e086b79c7fa00c49" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_97c44f358562d46cc200709a7d" ON "webhook_endpoints" ("leased_by")
            WHERE leased_by IS NOT NULL
        `);
    await queryRunner.query(`
            CREATE TABLE "webhook_deliveries" (
                "client_id" uuid NOT NULL,
                "id" uuid NOT NULL,
                "endpoint_id" uuid NOT NULL,
                "event_id" uuid NOT NULL,
                "seq" bigint NOT NULL,
                "status" text NOT NULL DEFAULT 'pending',
                "attempts" integer NOT NULL DEFAULT '0',
                "next_attempt_at" TIMESTAMP WITH TIME ZONE DEFAULT now(),
                "last_attempt_at" TIMESTAMP WITH TIME ZONE,
                "response_status" integer,
                "response_body" text,
                "latency" integer,
                "error" text,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "UQ_9e4390a2347c61dce5879c6f6b3" UNIQUE ("client_id", "event_id", "endpoint_id"),
                CONSTRAINT "PK_3db094f0c7847b8beb3dc8fe461" PRIMARY KEY ("client_id", "id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_1f5ff163854a44fe2675cf918a" ON "webhook_deliveries" ("client_id", "endpoint_id", "next_attempt_at", "seq")
            WHERE status = 'pending'
        `);
    await queryRunner.query(`
            CREATE INDEX "IDX_7e845f3b9a32a9f7074da5eb29" ON "webhook_deliveries" ("client_id", "endpoint_id", "seq")
        `);
    await queryRunner.query(`
            ALTER TABLE "clients"
            ADD "realtime_secret" bytea
        `);
    // Each client there is gets a secret of its own: 244 random bits, hashed to 32 bytes.
    await queryRunner.query(`
            UPDATE "clients"
            SET "realtime_secret" = sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
        `);
    await queryRunner.query(`
            ALTER TABLE "clients"
            ALTER COLUMN "realtime_secret" SET NOT NULL
        `);
    await queryRunner.query(`
            ALTER TABLE "clients"
            ADD "rate_limit" integer
        `);
    await queryRunner.query(`
            ALTER TABLE "channels"
            ADD "metadata" jsonb
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members"
            ADD "read_position" integer NOT NULL DEFAULT '0'
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members"
            ADD "delivered_position" integer NOT NULL DEFAULT '0'
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members"
            ADD "seen_count" integer NOT NULL DEFAULT '0'
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members"
            ADD "hidden_count" integer NOT NULL DEFAULT '0'
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members"
            ADD "joined_position" integer NOT NULL DEFAULT '0'
        `);
    await queryRunner.query(`
            ALTER TABLE "messages"
            ADD "deleted_at" TIMESTAMP WITH TIME ZONE
        `);
    await queryRunner.query(`
            ALTER TABLE "messages"
            ALTER COLUMN "sender_id" DROP NOT NULL
        `);
    await queryRunner.query(`
            ALTER TABLE "customer_sessions"
            ADD CONSTRAINT "FK_448553973bf83c75d49564c5cf8" FOREIGN KEY ("client_id", "customer_id") REFERENCES "customers"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ADD CONSTRAINT "FK_62618a016eb77c7e7b88f9a8682" FOREIGN KEY ("replica_id") REFERENCES "replicas"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "hidden_messages"
            ADD CONSTRAINT "FK_81fd87e942a85617675fd2adba1" FOREIGN KEY ("client_id", "channel_id", "position") REFERENCES "messages"("client_id", "channel_id", "position") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "hidden_messages"
            ADD CONSTRAINT "FK_52430a05899e41f648ce5d70f38" FOREIGN KEY ("client_id", "customer_id") REFERENCES "customers"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "receipts"
            ADD CONSTRAINT "FK_57d415afd21a06475aff09c4ed8" FOREIGN KEY ("client_id", "channel_id", "customer_id") REFERENCES "channel_members"("client_id", "channel_id", "customer_id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "presences"
            ADD CONSTRAINT "FK_320598ab792fd53a608149edc8b" FOREIGN KEY ("client_id", "channel_id", "customer_id") REFERENCES "channel_members"("client_id", "channel_id", "customer_id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "presences"
            ADD CONSTRAINT "FK_fdb7a4d3bb615c58130226a8296" FOREIGN KEY ("replica_id") REFERENCES "replicas"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_endpoints"
            ADD CONSTRAINT "FK_a9f8f3df434322461f592d4a80e" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_endpoints"
            ADD CONSTRAINT "FK_0a40f421f15c63ccf9aed3c3b8f" FOREIGN KEY ("leased_by") REFERENCES "replicas"("id") ON DELETE
            SET NULL ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_deliveries"
            ADD CONSTRAINT "FK_fa50da52abafaf54ca527b8fde0" FOREIGN KEY ("client_id", "endpoint_id") REFERENCES "webhook_endpoints"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_deliveries"
            ADD CONSTRAINT "FK_f00776d45277e7e7a10f3558893" FOREIGN KEY ("client_id", "event_id") REFERENCES "events"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "webhook_deliveries" DROP CONSTRAINT "FK_f00776d45277e7e7a10f3558893"
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_deliveries" DROP CONSTRAINT "FK_fa50da52abafaf54ca527b8fde0"
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_endpoints" DROP CONSTRAINT "FK_0a40f421f15c63ccf9aed3c3b8f"
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_endpoints" DROP CONSTRAINT "FK_a9f8f3df434322461f592d4a80e"
        `);
    await queryRunner.query(`
            ALTER TABLE "presences" DROP CONSTRAINT "FK_fdb7a4d3bb615c58130226a8296"
        `);
    await queryRunner.query(`
            ALTER TABLE "presences" DROP CONSTRAINT "FK_320598ab792fd53a608149edc8b"
        `);
    await queryRunner.query(`
            ALTER TABLE "receipts" DROP CONSTRAINT "FK_57d415afd21a06475aff09c4ed8"
        `);
    await queryRunner.query(`
            ALTER TABLE "hidden_messages" DROP CONSTRAINT "FK_52430a05899e41f648ce5d70f38"
        `);
    await queryRunner.query(`
            ALTER TABLE "hidden_messages" DROP CONSTRAINT "FK_81fd87e942a85617675fd2adba1"
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners" DROP CONSTRAINT "FK_62618a016eb77c7e7b88f9a8682"
        `);
    await queryRunner.query(`
            ALTER TABLE "customer_sessions" DROP CONSTRAINT "FK_448553973bf83c75d49564c5cf8"
        `);
    await queryRunner.query(`
            ALTER TABLE "messages"
            ALTER COLUMN "sender_id"
            SET NOT NULL
        `);
    await queryRunner.query(`
            ALTER TABLE "messages" DROP COLUMN "deleted_at"
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members" DROP COLUMN "joined_position"
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members" DROP COLUMN "hidden_count"
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members" DROP COLUMN "seen_count"
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members" DROP COLUMN "delivered_position"
        `);
    await queryRunner.query(`
            ALTER TABLE "channel_members" DROP COLUMN "read_position"
        `);
    await queryRunner.query(`
            ALTER TABLE "channels" DROP COLUMN "metadata"
        `);
    await queryRunner.query(`
            ALTER TABLE "clients" DROP COLUMN "rate_limit"
        `);
    await queryRunner.query(`
            ALTER TABLE "clients" DROP COLUMN "realtime_secret"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_7e845f3b9a32a9f7074da5eb29"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_1f5ff163854a44fe2675cf918a"
        `);
    await queryRunner.query(`
            DROP TABLE "webhook_deliveries"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_97c44f358562d46cc200709a7d"
        `);
    await queryRunner.query(`
            DROP TABLE "webhook_endpoints"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_7a3ab3b815f7b645f0ce821a69"
        `);
    await queryRunner.query(`
            DROP TABLE "socket_owners"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_fdb7a4d3bb615c58130226a829"
        `);
    await queryRunner.query(`
            DROP TABLE "presences"
        `);
    await queryRunner.query(`
            DROP TABLE "receipts"
        `);
    await queryRunner.query(`
            DROP TABLE "hidden_messages"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_62618a016eb77c7e7b88f9a868"
        `);
    await queryRunner.query(`
            DROP TABLE "listeners"
        `);
    await queryRunner.query(`
            DROP TABLE "replicas"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_aab725427d679ab8920054ccab"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_44840d7c5944a3bfbf21a6113d"
        `);
    await queryRunner.query(`
            DROP TABLE "events"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."IDX_4350f4ae5dbb426e2d1f445656"
        `);
    await queryRunner.query(`
            DROP TABLE "customer_sessions"
        `);
  }
}
