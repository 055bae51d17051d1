import type { MigrationInterface, QueryRunner } from 'typeorm';

const NOBODY = '00000000-0000-0000-0000-000000000000';
const CLOSED = `entry.kind = 'activity' AND entry.data->>'type' = 'status' AND entry.data->>'to' = 'closed'`;

/** What there was before: each row is what the facts come to. */
export const BACKFILL = [
  `INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
   SELECT client_id, 'contacts', (created_at AT TIME ZONE 'UTC')::date, '${NOBODY}', count(*), 0
   FROM contacts GROUP BY 1, 3`,
  `INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
   SELECT client_id, 'conversations', (created_at AT TIME ZONE 'UTC')::date, '${NOBODY}', count(*), 0
   FROM conversations GROUP BY 1, 3`,
  // Whoever it was last assigned to before.
  `INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
   SELECT entry.client_id, 'closed', (entry.created_at AT TIME ZONE 'UTC')::date,
          coalesce(assigned.user_id, entry.author_id, '${NOBODY}'), count(*),
          sum(milliseconds_between(coalesce(reopened.at, conversation.created_at), entry.created_at))
   FROM conversation_entries entry
   JOIN conversations conversation
     ON conversation.client_id = entry.client_id AND conversation.channel_id = entry.channel_id
   LEFT JOIN LATERAL (
     SELECT (one.data->>'to')::uuid AS user_id FROM conversation_entries one
     WHERE one.client_id = entry.client_id AND one.channel_id = entry.channel_id AND one.number < entry.number
       AND one.kind = 'activity' AND one.data->>'type' = 'assignee'
     ORDER BY one.number DESC LIMIT 1
   ) assigned ON true
   LEFT JOIN LATERAL (
     SELECT one.created_at AS at FROM conversation_entries one
     WHERE one.client_id = entry.client_id AND one.channel_id = entry.channel_id AND one.number < entry.number
       AND one.kind = 'activity' AND one.data->>'type' = 'status' AND one.data->>'from' = 'closed'
     ORDER BY one.number DESC LIMIT 1
   ) reopened ON true
   WHERE ${CLOSED}
   GROUP BY 1, 3, 4`,
  `INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
   SELECT author.client_id, 'replies', (message.created_at AT TIME ZONE 'UTC')::date, author.user_id, count(*), 0
   FROM message_authors author
   JOIN messages message ON message.client_id = author.client_id AND message.id = author.message_id
   GROUP BY 1, 3, 4`,
  // A reply was waited for since the first that the contact said after the team had last spoken.
  `INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
   SELECT author.client_id, 'responses', (message.created_at AT TIME ZONE 'UTC')::date, author.user_id, count(*),
          sum(milliseconds_between(waited.since, message.created_at))
   FROM message_authors author
   JOIN messages message ON message.client_id = author.client_id AND message.id = author.message_id
   JOIN conversations conversation
     ON conversation.client_id = author.client_id AND conversation.channel_id = message.channel_id
   CROSS JOIN LATERAL (
     SELECT asked.created_at AS since FROM messages asked
     WHERE asked.client_id = message.client_id AND asked.channel_id = message.channel_id
       AND asked.position < message.position AND asked.type <> 'system'
       AND asked.sender_id IS DISTINCT FROM conversation.address_id AND asked.position > coalesce((
         SELECT max(said.position) FROM messages said
         WHERE said.client_id = message.client_id AND said.channel_id = message.channel_id
           AND said.position < message.position AND said.sender_id = conversation.address_id AND said.type <> 'system'), 0)
     ORDER BY asked.position LIMIT 1
   ) waited
   GROUP BY 1, 3, 4`,
  `INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
   SELECT conversation.client_id, 'first_responses', (conversation.first_response_at AT TIME ZONE 'UTC')::date, '${NOBODY}',
          count(*), sum(milliseconds_between(asked.since, conversation.first_response_at))
   FROM conversations conversation
   CROSS JOIN LATERAL (
     SELECT message.created_at AS since FROM messages message
     WHERE message.client_id = conversation.client_id AND message.channel_id = conversation.channel_id
       AND message.type <> 'system' AND message.sender_id IS DISTINCT FROM conversation.address_id
     ORDER BY message.position LIMIT 1
   ) asked
   WHERE conversation.first_response_at IS NOT NULL
   GROUP BY 1, 3`,
];

const TRIGGERS = [
  ['count_new_contacts', 'contacts', `AFTER INSERT ON contacts REFERENCING NEW TABLE AS becomes FOR EACH STATEMENT`],
  ['count_begun', 'conversations', `AFTER INSERT ON conversations FOR EACH ROW`],
  [
    'count_closed',
    'conversation_entries',
    `AFTER INSERT ON conversation_entries FOR EACH ROW
     WHEN (NEW.kind = 'activity' AND NEW.data->>'type' = 'status' AND NEW.data->>'to' = 'closed')`,
  ],
  ['count_reply', 'message_authors', `AFTER INSERT ON message_authors DEFERRABLE INITIALLY DEFERRED FOR EACH ROW`],
  [
    'count_response',
    'conversations',
    `AFTER UPDATE OF waiting_since ON conversations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
     WHEN (OLD.waiting_since IS NOT NULL AND NEW.waiting_since IS NULL)`,
  ],
] as const;

/** How much happened each day. */
export class DailyStats1795700600000 implements MigrationInterface {
  name = 'DailyStats1795700600000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "daily_stats" ("client_id" uuid NOT NULL, "metric" text NOT NULL, "day" date NOT NULL, "user_id" uuid NOT NULL, "n" bigint NOT NULL, "total" bigint NOT NULL, CONSTRAINT "PK_789cefb899216b4fd93792ac3ac" PRIMARY KEY ("client_id", "metric", "day", "user_id"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "daily_stats" ADD CONSTRAINT "FK_065c5687a778537ecfe4ad27098" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_day(tenant uuid, what text, moment timestamptz, who uuid, amount bigint) RETURNS void LANGUAGE sql AS $function$
    INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
    VALUES (tenant, what, (moment AT TIME ZONE 'UTC')::date, coalesce(who, '00000000-0000-0000-0000-000000000000'), 1, amount)
    ON CONFLICT (client_id, metric, day, user_id)
      DO UPDATE SET n = daily_stats.n + 1, total = daily_stats.total + excluded.total
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION milliseconds_between(earlier timestamptz, later timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS $function$
    SELECT round(extract(epoch FROM later - earlier) * 1000)::bigint
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_new_contacts() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
    SELECT client_id, 'contacts', (created_at AT TIME ZONE 'UTC')::date, '00000000-0000-0000-0000-000000000000', count(*), 0
    FROM becomes GROUP BY 1, 3 ORDER BY 1, 3
    ON CONFLICT (client_id, metric, day, user_id) DO UPDATE SET n = daily_stats.n + excluded.n;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_begun() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM count_day(NEW.client_id, 'conversations', NEW.created_at, NULL, 0);
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_closed() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    one conversations;
    opened timestamptz;
  BEGIN
    SELECT * INTO one FROM conversations WHERE client_id = NEW.client_id AND channel_id = NEW.channel_id;
    SELECT created_at INTO opened FROM conversation_entries
    WHERE client_id = NEW.client_id AND channel_id = NEW.channel_id AND number < NEW.number AND kind = 'activity'
      AND data->>'type' = 'status' AND data->>'from' = 'closed'
    ORDER BY number DESC LIMIT 1;
    PERFORM count_day(NEW.client_id, 'closed', NEW.created_at, coalesce(one.assignee_id, NEW.author_id),
      milliseconds_between(coalesce(opened, one.created_at), NEW.created_at));
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_reply() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    said_at timestamptz;
  BEGIN
    SELECT created_at INTO said_at FROM messages WHERE client_id = NEW.client_id AND id = NEW.message_id;
    IF FOUND THEN
      PERFORM count_day(NEW.client_id, 'replies', said_at, NEW.user_id, 0);
    END IF;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_response() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    reply record;
  BEGIN
    SELECT message.created_at, author.user_id,
           milliseconds_between(OLD.waiting_since, message.created_at) AS waited INTO reply
    FROM messages message
    LEFT JOIN message_authors author ON author.client_id = message.client_id AND author.message_id = message.id
    WHERE message.client_id = NEW.client_id AND message.channel_id = NEW.channel_id AND message.position = NEW.last_position;
    IF FOUND AND OLD.first_response_at IS NULL AND NEW.first_response_at IS NOT NULL THEN
      PERFORM count_day(NEW.client_id, 'first_responses', reply.created_at, NULL, reply.waited);
    END IF;
    IF FOUND AND reply.user_id IS NOT NULL THEN
      PERFORM count_day(NEW.client_id, 'responses', reply.created_at, reply.user_id, reply.waited);
    END IF;
    RETURN NULL;
  END
  $function$`);
    // Before what there was is summed: from here on nobody makes a fact until the commit.
    for (const [name, , when] of TRIGGERS) {
      const kind = when.includes('DEFERRED') ? 'CONSTRAINT TRIGGER' : 'TRIGGER';
      await queryRunner.query(`CREATE ${kind} ${name} ${when} EXECUTE FUNCTION ${name}()`);
    }
    for (const statement of BACKFILL) {
      await queryRunner.query(statement);
    }
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const [name, table] of TRIGGERS) {
      await queryRunner.query(`DROP TRIGGER ${name} ON ${table}`);
      await queryRunner.query(`DROP FUNCTION ${name}()`);
    }
    await queryRunner.query(`DROP FUNCTION milliseconds_between(timestamptz, timestamptz)`);
    await queryRunner.query(`DROP FUNCTION count_day(uuid, text, timestamptz, uuid, bigint)`);
    await queryRunner.query(`DROP TABLE "daily_stats"`);
  }
}
