/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. Triggers call them, so that
 * no road misses them, and none that a send outside of the inbox would fire. A row of daily_stats is one for all who do the same
 * on a day: nobody may hold it and then wait for another lock. What is counted while the client's counter of the same is held
 * (a number was drawn, or states are moved) is counted at once, for all who come here hold that; what is said is counted by
 * deferred triggers, at the commit.
 */

export const COUNT_DAY = `
  CREATE OR REPLACE FUNCTION count_day(tenant uuid, what text, moment timestamptz, who uuid, amount bigint) RETURNS void LANGUAGE sql AS $function$
    INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
    VALUES (tenant, what, (moment AT TIME ZONE 'UTC')::date, coalesce(who, '00000000-0000-0000-0000-000000000000'), 1, amount)
    ON CONFLICT (client_id, metric, day, user_id)
      DO UPDATE SET n = daily_stats.n + 1, total = daily_stats.total + excluded.total
  $function$`;

export const MILLISECONDS_BETWEEN = `
  CREATE OR REPLACE FUNCTION milliseconds_between(earlier timestamptz, later timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS $function$
    SELECT round(extract(epoch FROM later - earlier) * 1000)::bigint
  $function$`;

/** After contacts were made: once a statement, and after they drew their numbers. */
export const COUNT_NEW_CONTACTS = `
  CREATE OR REPLACE FUNCTION count_new_contacts() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
    SELECT client_id, 'contacts', (created_at AT TIME ZONE 'UTC')::date, '00000000-0000-0000-0000-000000000000', count(*), 0
    FROM becomes GROUP BY 1, 3 ORDER BY 1, 3
    ON CONFLICT (client_id, metric, day, user_id) DO UPDATE SET n = daily_stats.n + excluded.n;
    RETURN NULL;
  END
  $function$`;

/** After a conversation was made, which drew its number. */
export const COUNT_BEGUN = `
  CREATE OR REPLACE FUNCTION count_begun() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    PERFORM count_day(NEW.client_id, 'conversations', NEW.created_at, NULL, 0);
    RETURN NULL;
  END
  $function$`;

/** After the activity that says a conversation was closed, while the counters of states are held. */
export const COUNT_CLOSED = `
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
  $function$`;

/** At the commit of what a user said. */
export const COUNT_REPLY = `
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
  $function$`;

/** At the commit of what somebody waited for; only then it is known which user said it. */
export const COUNT_RESPONSE = `
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
  $function$`;
