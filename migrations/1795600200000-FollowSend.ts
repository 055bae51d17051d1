import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A send calls this where it is its sender's first or its channel has an address, and prepares nothing of it elsewhere. */
export class FollowSend1795600200000 implements MigrationInterface {
  name = 'FollowSend1795600200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION follow_send(tenant uuid, sent uuid, speaker uuid) RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE counters SET value = value + 1
    WHERE client_id = tenant AND name = 'active_customers' AND EXISTS (
      SELECT FROM customers WHERE client_id = tenant AND id = speaker AND message_count = 1);
    RETURN make_deliveries(tenant, ARRAY[sent]);
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION follow_send(uuid, uuid, uuid)`);
  }
}
