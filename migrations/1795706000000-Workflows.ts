import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a team has done by itself, and what came of it. */
export class Workflows1795706000000 implements MigrationInterface {
  name = 'Workflows1795706000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "workflows" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "name" text NOT NULL, "status" text NOT NULL DEFAULT 'draft', "trigger_type" text NOT NULL, "version" integer NOT NULL DEFAULT '1', "executions_count" integer NOT NULL DEFAULT '0', "secret" text NOT NULL, "token_sha256" bytea NOT NULL, "fire_at" TIMESTAMP WITH TIME ZONE, "fired_upto" bigint NOT NULL DEFAULT '0', "throttled_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_1aa214a7ef9a3e0e9bb6a33e928" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_2471e4c5b4a10f13e73c97d4a4" ON "workflows" ("fire_at") WHERE fire_at IS NOT NULL`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "IDX_c1ce6bf3e0806403290f863a6d" ON "workflows" ("token_sha256")`);
    await queryRunner.query(
      `CREATE INDEX "IDX_31d4931e0bde70d52f205a76aa" ON "workflows" ("client_id", "trigger_type") WHERE status = 'active'`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_d3e8500f165f8658a69f9657ac" ON "workflows" ("client_id", "number")`,
    );
    await queryRunner.query(
      `CREATE TABLE "executions" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "number" bigint NOT NULL, "workflow_id" uuid NOT NULL, "version" integer NOT NULL, "event" text NOT NULL, "state" text NOT NULL, "reason" text, "contact_id" uuid, "channel_id" uuid, "step" text, "trigger" jsonb NOT NULL DEFAULT '{}', "chain" uuid array NOT NULL DEFAULT '{}', "wake_at" TIMESTAMP WITH TIME ZONE, "awaits" text, "waits_since" TIMESTAMP WITH TIME ZONE, "has_come" boolean NOT NULL DEFAULT false, "attempts" integer NOT NULL DEFAULT '0', "claimed_by" uuid, "run" integer NOT NULL DEFAULT '0', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "ended_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_b18067fec54deb098fd3afb5bf0" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_89a5f14d7144c9e92ee39001f4" ON "executions" ("created_at")`);
    await queryRunner.query(
      `CREATE INDEX "IDX_c85bdb6d3d40989d5b6339842f" ON "executions" ("claimed_by") WHERE claimed_by IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_96e2538ce783936705b989b15c" ON "executions" ("wake_at") WHERE wake_at IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_22e256f0b7e30bdbc6f6bb95bd" ON "executions" ("client_id", "created_at")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_d29cd561c242478966ebccc88e" ON "executions" ("client_id", "contact_id", "created_at")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_c73f070c9702b6f7997ca613d8" ON "executions" ("client_id", "workflow_id", "state", "number")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_47530a880e7c77ea2ebf67216e" ON "executions" ("client_id", "workflow_id", "event")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_e3c56f4c3f431a6e2938122973" ON "executions" ("client_id", "number")`,
    );
    await queryRunner.query(
      `CREATE TABLE "execution_steps" ("client_id" uuid NOT NULL, "execution_id" uuid NOT NULL, "step_id" text NOT NULL, "type" text NOT NULL, "status" text NOT NULL, "attempt" integer NOT NULL, "started_at" TIMESTAMP WITH TIME ZONE NOT NULL, "finished_at" TIMESTAMP WITH TIME ZONE, "output" jsonb, "error" text, CONSTRAINT "PK_e03ba9f14391d5f189b33232973" PRIMARY KEY ("client_id", "execution_id", "step_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "workflow_events" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "type" text NOT NULL, "contact_id" uuid, "channel_id" uuid, "data" jsonb NOT NULL DEFAULT '{}', "chain" uuid array NOT NULL DEFAULT '{}', "attempts" integer NOT NULL DEFAULT '0', "turn_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_1a66225db576d2b9c6260ffd5b2" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_a953a7c8cbe5a9d8334dd0aac3" ON "workflow_events" ("client_id", "turn_at")`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_3b7b015f566c9f3f84e1e531d0" ON "workflow_events" ("turn_at")`);
    await queryRunner.query(
      `CREATE TABLE "workflow_versions" ("client_id" uuid NOT NULL, "workflow_id" uuid NOT NULL, "version" integer NOT NULL, "definition" jsonb NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_23b0e406402263149d490881623" PRIMARY KEY ("client_id", "workflow_id", "version"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "workflows" ADD CONSTRAINT "FK_7e69564ed0be83d0a0cb3998ce6" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "executions" ADD CONSTRAINT "FK_ea843026c00ae6a4744d8203ee6" FOREIGN KEY ("client_id", "workflow_id") REFERENCES "workflows"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "executions" ADD CONSTRAINT "FK_558ca9c959b501cc1d474350e6f" FOREIGN KEY ("claimed_by") REFERENCES "replicas"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "execution_steps" ADD CONSTRAINT "FK_6a2865f4c6b8d745e9b68d50355" FOREIGN KEY ("client_id", "execution_id") REFERENCES "executions"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "workflow_events" ADD CONSTRAINT "FK_0b013bd1a4208c2e26068d72f80" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "workflow_versions" ADD CONSTRAINT "FK_c93a066e13dd0442fb33129c963" FOREIGN KEY ("client_id", "workflow_id") REFERENCES "workflows"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "workflow_events"`);
    await queryRunner.query(`DROP TABLE "execution_steps"`);
    await queryRunner.query(`DROP TABLE "executions"`);
    await queryRunner.query(`DROP TABLE "workflow_versions"`);
    await queryRunner.query(`DROP TABLE "workflows"`);
  }
}
