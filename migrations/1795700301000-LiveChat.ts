import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Desks that customers chat with: addresses that are at no provider. */
export class LiveChat1795700301000 implements MigrationInterface {
  name = 'LiveChat1795700301000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "addresses" ALTER COLUMN "provider_id" DROP NOT NULL`);
    await queryRunner.query(
      `CREATE TABLE "live_chat_desks" ("client_id" uuid NOT NULL, "customer_id" uuid NOT NULL, "number" bigint NOT NULL, "welcome" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_c9cf82b702d76e1bab1fa32e19f" PRIMARY KEY ("client_id", "customer_id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_054526d36e4646e36cae99bf78" ON "live_chat_desks" ("client_id", "number")`,
    );
    await queryRunner.query(
      `ALTER TABLE "live_chat_desks" ADD CONSTRAINT "FK_c9cf82b702d76e1bab1fa32e19f" FOREIGN KEY ("client_id", "customer_id") REFERENCES "addresses"("client_id","customer_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "live_chat_desks"`);
    await queryRunner.query(
      `DELETE FROM customers USING addresses
       WHERE customers.client_id = addresses.client_id AND customers.id = addresses.customer_id AND provider_id IS NULL`,
    );
    await queryRunner.query(`ALTER TABLE "addresses" ALTER COLUMN "provider_id" SET NOT NULL`);
  }
}
