import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the address of a conversation has read, the team has. */
export class ReadConversation1795702300000 implements MigrationInterface {
  name = 'ReadConversation1795702300000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION read_conversation(tenant uuid, channel uuid) RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE conversations SET is_read = true WHERE client_id = tenant AND channel_id = channel AND NOT is_read;
    RETURN FOUND;
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION read_conversation(uuid, uuid)`);
  }
}
