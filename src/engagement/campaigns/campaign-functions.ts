/** Functions of the database, as the migrations left them; a test holds the two against each other. Triggers call them. */

/**
 * After recipients were made or changed: once a statement. Every connection moves a shard of its own, so that a transaction
 * never holds two of a campaign, and those who send at once seldom wait for each other.
 */
export const COUNT_RECIPIENTS = `
  CREATE OR REPLACE FUNCTION count_recipients() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    piece smallint := pg_backend_pid() % 16;
  BEGIN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO campaign_counters AS counter (client_id, campaign, shard, recipients, skipped)
      SELECT client_id, campaign, piece, count(*), count(*) FILTER (WHERE status = 'skipped') FROM becomes
      GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (client_id, campaign, shard) DO UPDATE
      SET recipients = counter.recipients + excluded.recipients, skipped = counter.skipped + excluded.skipped;
      RETURN NULL;
    END IF;
    -- Most of what happens to a recipient on its way counts nothing.
    IF NOT EXISTS (
      SELECT FROM becomes n JOIN was w USING (client_id, campaign, number)
      WHERE (n.status <> w.status AND NOT (n.status IN ('pending', 'claimed', 'transmitting')
                                           AND w.status IN ('pending', 'claimed', 'transmitting')))
         OR (n.sent_at, n.opened_at, n.clicked_at, n.machine_opened_at, n.machine_clicked_at, n.unsubscribed_at, n.replied_at)
            IS DISTINCT FROM
            (w.sent_at, w.opened_at, w.clicked_at, w.machine_opened_at, w.machine_clicked_at, w.unsubscribed_at, w.replied_at)
    ) THEN
      RETURN NULL;
    END IF;
    INSERT INTO campaign_counters AS counter (client_id, campaign, shard, skipped, sent, failed, unknown, bounced, opened,
                                              clicked, machine_opens, machine_clicks, unsubscribed, replied)
    SELECT * FROM (
      SELECT client_id, campaign, piece,
             sum((n.status = 'skipped')::int - (w.status = 'skipped')::int) AS skipped,
             sum((n.status IN ('sent', 'bounced'))::int - (w.status IN ('sent', 'bounced'))::int) AS sent,
             sum((n.status = 'failed')::int - (w.status = 'failed')::int) AS failed,
             sum((n.status = 'unknown')::int - (w.status = 'unknown')::int) AS unknown,
             sum((n.status = 'bounced')::int - (w.status = 'bounced')::int) AS bounced,
             sum(num_nonnulls(n.opened_at) - num_nonnulls(w.opened_at)) AS opened,
             sum(num_nonnulls(n.clicked_at) - num_nonnulls(w.clicked_at)) AS clicked,
             sum(num_nonnulls(n.machine_opened_at) - num_nonnulls(w.machine_opened_at)) AS machine_opens,
             sum(num_nonnulls(n.machine_clicked_at) - num_nonnulls(w.machine_clicked_at)) AS machine_clicks,
             sum(num_nonnulls(n.unsubscribed_at) - num_nonnulls(w.unsubscribed_at)) AS unsubscribed,
             sum(num_nonnulls(n.replied_at) - num_nonnulls(w.replied_at)) AS replied
      FROM becomes n JOIN was w USING (client_id, campaign, number)
      GROUP BY 1, 2
    ) moved
    WHERE (skipped, sent, failed, unknown, bounced, opened, clicked, machine_opens, machine_clicks, unsubscribed, replied)
          <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    ORDER BY 1, 2
    ON CONFLICT (client_id, campaign, shard) DO UPDATE
    SET skipped = counter.skipped + excluded.skipped, sent = counter.sent + excluded.sent,
        failed = counter.failed + excluded.failed, unknown = counter.unknown + excluded.unknown,
        bounced = counter.bounced + excluded.bounced, opened = counter.opened + excluded.opened,
        clicked = counter.clicked + excluded.clicked, machine_opens = counter.machine_opens + excluded.machine_opens,
        machine_clicks = counter.machine_clicks + excluded.machine_clicks,
        unsubscribed = counter.unsubscribed + excluded.unsubscribed, replied = counter.replied + excluded.replied;
    INSERT INTO campaign_hours AS counter (client_id, campaign, hour, shard, sent, opened, clicked)
    SELECT client_id, campaign, hour, piece, sum(sent), sum(opened), sum(clicked)
    FROM becomes n JOIN was w USING (client_id, campaign, number)
    CROSS JOIN LATERAL (VALUES
      (coalesce(n.sent_at, w.sent_at), num_nonnulls(n.sent_at) - num_nonnulls(w.sent_at), 0, 0),
      (coalesce(n.opened_at, w.opened_at), 0, num_nonnulls(n.opened_at) - num_nonnulls(w.opened_at), 0),
      (coalesce(n.clicked_at, w.clicked_at), 0, 0, num_nonnulls(n.clicked_at) - num_nonnulls(w.clicked_at))
    ) AS happened (at, sent, opened, clicked)
    CROSS JOIN LATERAL date_trunc('hour', happened.at, 'UTC') AS hour
    WHERE (sent, opened, clicked) <> (0, 0, 0)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (client_id, campaign, hour, shard) DO UPDATE
    SET sent = counter.sent + excluded.sent, opened = counter.opened + excluded.opened,
        clicked = counter.clicked + excluded.clicked;
    INSERT INTO campaign_days AS counter (client_id, day, shard, sent, bounced, opened, clicked)
    SELECT * FROM (
      SELECT client_id, (n.sent_at AT TIME ZONE 'UTC')::date, piece,
             sum((w.sent_at IS NULL)::int) AS sent,
             sum((n.status = 'bounced')::int - CASE WHEN w.sent_at IS NULL THEN 0 ELSE (w.status = 'bounced')::int END) AS bounced,
             sum(num_nonnulls(n.opened_at) - CASE WHEN w.sent_at IS NULL THEN 0 ELSE num_nonnulls(w.opened_at) END) AS opened,
             sum(num_nonnulls(n.clicked_at) - CASE WHEN w.sent_at IS NULL THEN 0 ELSE num_nonnulls(w.clicked_at) END) AS clicked
      FROM becomes n JOIN was w USING (client_id, campaign, number)
      WHERE n.sent_at IS NOT NULL
      GROUP BY 1, 2
    ) moved
    WHERE (sent, bounced, opened, clicked) <> (0, 0, 0, 0)
    ORDER BY 1, 2
    ON CONFLICT (client_id, day, shard) DO UPDATE
    SET sent = counter.sent + excluded.sent, bounced = counter.bounced + excluded.bounced,
        opened = counter.opened + excluded.opened, clicked = counter.clicked + excluded.clicked;
    RETURN NULL;
  END
  $function$`;

/** After contacts were erased: once a statement. What is counted stays; what was not handed in yet never is. */
export const FORGET_RECIPIENTS = `
  CREATE OR REPLACE FUNCTION forget_recipients() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE campaign_recipients recipient
    SET customer_id = NULL, address = NULL,
        status = CASE WHEN recipient.status IN ('pending', 'held', 'claimed') THEN 'skipped' ELSE recipient.status END,
        claimed_by = CASE WHEN recipient.status IN ('pending', 'held', 'claimed') THEN NULL ELSE recipient.claimed_by END,
        error = CASE WHEN recipient.status IN ('pending', 'held', 'claimed') THEN 'erased' END
    FROM was
    WHERE recipient.client_id = was.client_id AND recipient.customer_id = was.customer_id;
    RETURN NULL;
  END
  $function$`;
