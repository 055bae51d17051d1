import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is told what happens at a client has a row in one table: processes, webhook endpoints, identity keys. */
export class Listeners1795300200001 implements MigrationInterface {
  name = 'Listeners1795300200001';

  public async up(queryRunner: QueryRunner): Promise<void> {
    // None is made meanwhile, which would be without its row.
    await queryRunner.query(`LOCK TABLE "webhook_endpoints", "identity_keys" IN SHARE ROW EXCLUSIVE MODE`);
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ADD "id" uuid
        `);
    await queryRunner.query(`UPDATE "listeners" SET "id" = "replica_id"`);
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ALTER COLUMN "id" SET NOT NULL
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners" DROP CONSTRAINT "PK_361177c547b1b3b7d445a471788"
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ADD CONSTRAINT "PK_2130859e8716684878349865966" PRIMARY KEY ("client_id", "id")
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ALTER COLUMN "replica_id" DROP NOT NULL
        `);
    await queryRunner.query(`
            INSERT INTO "listeners" ("client_id", "id")
            SELECT "client_id", "id" FROM "webhook_endpoints"
            UNION ALL
            SELECT "client_id", "id" FROM "identity_keys"
        `);
    await queryRunner.query(`
            ALTER TABLE "identity_keys"
            ADD CONSTRAINT "FK_1f4c2306224a70ff1aff0dcdeb1" FOREIGN KEY ("client_id", "id") REFERENCES "listeners"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_endpoints"
            ADD CONSTRAINT "FK_9466582a824e086b79c7fa00c49" FOREIGN KEY ("client_id", "id") REFERENCES "listeners"("client_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    // For every endpoint that asks for it, enabled or not.
    await queryRunner.query(raiseEvent(''));
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(raiseEvent('AND endpoint.enabled'));
    await queryRunner.query(`
            ALTER TABLE "webhook_endpoints" DROP CONSTRAINT "FK_9466582a824e086b79c7fa00c49"
        `);
    await queryRunner.query(`
            ALTER TABLE "identity_keys" DROP CONSTRAINT "FK_1f4c2306224a70ff1aff0dcdeb1"
        `);
    await queryRunner.query(`DELETE FROM "listeners" WHERE "replica_id" IS NULL`);
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ALTER COLUMN "replica_id" SET NOT NULL
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners" DROP CONSTRAINT "PK_2130859e8716684878349865966"
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners"
            ADD CONSTRAINT "PK_361177c547b1b3b7d445a471788" PRIMARY KEY ("client_id", "replica_id")
        `);
    await queryRunner.query(`
            ALTER TABLE "listeners" DROP COLUMN "id"
        `);
  }
}

const raiseEvent = (onlyWhere: string): string => `
            CREATE OR REPLACE FUNCTION raise_event(
                tenant uuid, event_type text, event_channel uuid, event_customer uuid, event_data jsonb, event_is_public boolean
            ) RETURNS void LANGUAGE plpgsql AS $function$
            BEGIN
                WITH event AS (
                    INSERT INTO events (client_id, id, type, channel_id, customer_id, data, is_public)
                    VALUES (tenant, gen_random_uuid(), event_type, event_channel, event_customer, event_data, event_is_public)
                    RETURNING id, seq
                )
                INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
                SELECT tenant, gen_random_uuid(), endpoint.id, event.id, event.seq
                FROM event
                JOIN webhook_endpoints endpoint ON endpoint.client_id = tenant AND event_is_public ${onlyWhere}
                    AND (endpoint.events @> ARRAY[event_type] OR endpoint.events @> '{*}')
                FOR KEY SHARE OF endpoint;
            END
            $function$
        `;
