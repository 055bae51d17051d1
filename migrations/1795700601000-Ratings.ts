import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contacts are asked how it went, where a workspace says so. */
export class Ratings1795700601000 implements MigrationInterface {
  name = 'Ratings1795700601000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "workspace_settings" ADD "asks_for_ratings" boolean NOT NULL DEFAULT false`);
    await queryRunner.query(
      `CREATE TABLE "ratings" ("client_id" uuid NOT NULL, "channel_id" uuid NOT NULL, "number" bigint NOT NULL, "user_id" uuid, "closed_at" TIMESTAMP WITH TIME ZONE NOT NULL, "score" smallint, "comment" text, "rated_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_e35c76c28ba46ae122d167c70b1" PRIMARY KEY ("client_id", "channel_id", "number"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "ratings" ADD CONSTRAINT "FK_4a71c4be2442e40c9948f159e06" FOREIGN KEY ("client_id", "channel_id") REFERENCES "conversations"("client_id","channel_id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION ask_for_rating() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    INSERT INTO ratings (client_id, channel_id, number, user_id, closed_at)
    SELECT NEW.client_id, NEW.channel_id, NEW.number, coalesce(conversation.assignee_id, NEW.author_id), NEW.created_at
    FROM workspace_settings settings
    JOIN conversations conversation
      ON conversation.client_id = settings.client_id AND conversation.channel_id = NEW.channel_id
    WHERE settings.client_id = NEW.client_id AND settings.asks_for_ratings;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_rating() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
    VALUES (NEW.client_id, 'ratings', (NEW.rated_at AT TIME ZONE 'UTC')::date,
            coalesce(NEW.user_id, '00000000-0000-0000-0000-000000000000'),
            (OLD.score IS NULL)::int, NEW.score - coalesce(OLD.score, 0))
    ON CONFLICT (client_id, metric, day, user_id)
      DO UPDATE SET n = daily_stats.n + excluded.n, total = daily_stats.total + excluded.total;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
      CREATE TRIGGER ask_for_rating AFTER INSERT ON conversation_entries FOR EACH ROW
      WHEN (NEW.kind = 'activity' AND NEW.data->>'type' = 'status' AND NEW.data->>'to' = 'closed')
      EXECUTE FUNCTION ask_for_rating()`);
    await queryRunner.query(`
      CREATE TRIGGER count_rating AFTER UPDATE OF score ON ratings FOR EACH ROW
      WHEN (NEW.score IS NOT NULL AND NEW.score IS DISTINCT FROM OLD.score) EXECUTE FUNCTION count_rating()`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TRIGGER ask_for_rating ON conversation_entries`);
    await queryRunner.query(`DROP TABLE "ratings"`);
    await queryRunner.query(`DROP FUNCTION ask_for_rating()`);
    await queryRunner.query(`DROP FUNCTION count_rating()`);
    await queryRunner.query(`ALTER TABLE "workspace_settings" DROP COLUMN "asks_for_ratings"`);
    await queryRunner.query(`DELETE FROM daily_stats WHERE metric = 'ratings'`);
  }
}
