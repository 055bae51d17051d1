import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A send calls this where somebody listens, and prepares nothing of it where nobody does. */
export class RaiseMessage1795301500000 implements MigrationInterface {
  name = 'RaiseMessage1795301500000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION raise_message(sent record) RETURNS boolean LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM raise_event(sent.client_id, 'message.created', sent.channel_id, sent.sender_id,
      jsonb_build_object('id', sent.id, 'channelId', sent.channel_id, 'senderId', sent.sender_id,
        'position', sent.position, 'type', sent.type, 'content', sent.content, 'metadata', sent.metadata,
        'parts', sent.parts, 'createdAt', sent.created_at), true);
    RETURN true;
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION raise_message(record)`);
  }
}
