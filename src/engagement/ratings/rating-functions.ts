/** Functions of the database, as the migrations left them; a test holds the two against each other. Triggers call them. */

/** After the activity that says a conversation was closed. */
export const ASK_FOR_RATING = `
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
  $function$`;

/** After a score was given or changed, which is all its transaction does. */
export const COUNT_RATING = `
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
  $function$`;
