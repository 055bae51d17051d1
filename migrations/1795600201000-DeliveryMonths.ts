import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts of days that are over are folded anew, into shard -1 and into their month. A process of the release before folds into
 * shard 0 as long as it runs, which is then folded as any other.
 */
export class DeliveryMonths1795600201000 implements MigrationInterface {
  name = 'DeliveryMonths1795600201000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "delivery_months" ("client_id" uuid NOT NULL, "month" date NOT NULL, "address_id" uuid NOT NULL, "direction" text NOT NULL, "status" text NOT NULL, "n" bigint NOT NULL DEFAULT '0', CONSTRAINT "PK_26c26c5e8687fad058ac003cf90" PRIMARY KEY ("client_id", "month", "address_id", "direction", "status"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_23881582284407059d638fadeb" ON "delivery_counts" ("day") WHERE shard >= 0`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_8ef7e80cc80c9a7adb866368b5" ON "delivery_counts" ("client_id", "day") WHERE shard >= 0`,
    );
    await queryRunner.query(`DROP INDEX "IDX_26b014aed158f6fcc996c9bd42"`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      WITH folded AS (
        DELETE FROM delivery_counts WHERE shard < 0 RETURNING *
      )
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
      SELECT client_id, day, address_id, direction, status, 0, currency, n, segments, price FROM folded
      ON CONFLICT (client_id, day, address_id, direction, status, shard, currency) DO UPDATE
      SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
          price = delivery_counts.price + excluded.price`);
    await queryRunner.query(
      `CREATE INDEX "IDX_26b014aed158f6fcc996c9bd42" ON "delivery_counts" ("day") WHERE shard > 0`,
    );
    await queryRunner.query(`DROP INDEX "IDX_8ef7e80cc80c9a7adb866368b5"`);
    await queryRunner.query(`DROP INDEX "IDX_23881582284407059d638fadeb"`);
    await queryRunner.query(`DROP TABLE "delivery_months"`);
  }
}
