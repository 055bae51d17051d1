import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recipients are claimed and sent to by their id, and counted where something of them counts. */
export class CampaignPlans1795708000000 implements MigrationInterface {
  name = 'CampaignPlans1795708000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION claim_recipients(uuid, uuid, uuid, int)`);
    await queryRunner.query(`DROP FUNCTION transmit_recipient(uuid, bigint, bigint, int, uuid)`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION claim_recipients(tenant uuid, sender uuid, replica uuid, most int)
  RETURNS TABLE (recipient_id uuid, campaign_number bigint, person uuid, mailed text, tries int, claim int, wait_ms float8)
  LANGUAGE plpgsql SET enable_sort = off AS $function$
  DECLARE
    account email_accounts;
    turn timestamptz;
    step interval;
    room int;
    taken int := 0;
  BEGIN
    SELECT * INTO account FROM email_accounts
    WHERE client_id = tenant AND customer_id = sender FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND OR EXISTS (
      SELECT FROM email_deliveries
      WHERE client_id = tenant AND account_id = sender AND next_attempt_at <= now()
    ) THEN
      RETURN;
    END IF;
    step := make_interval(secs => 60.0 / account.rate_per_minute);
    turn := greatest(account.next_send_at, now());
    room := least(most, 1 + floor(extract(epoch FROM now() + interval '1 second' - turn) / extract(epoch FROM step)));
    IF account.status <> 'ok' THEN
      IF account.retry_at IS NULL OR account.retry_at > now() THEN
        RETURN;
      END IF;
      -- After a pause that ends by itself one goes before all others.
      UPDATE email_accounts SET retry_at = now() + interval '5 minutes'
      WHERE client_id = tenant AND customer_id = sender;
      room := least(room, 1);
    END IF;
    IF room <= 0 THEN
      RETURN;
    END IF;
    FOR recipient_id, campaign_number, person, mailed, tries, claim, wait_ms IN
    WITH due AS MATERIALIZED (
      SELECT one.*, recipient_obstacle(tenant, one.customer_id, one.address, one.address_hash) AS obstacle
      FROM campaigns sending
      CROSS JOIN LATERAL (
        SELECT * FROM campaign_recipients recipient
        WHERE recipient.client_id = tenant AND recipient.campaign = sending.number AND recipient.status = 'pending'
          AND recipient.next_attempt_at <= now()
        ORDER BY recipient.next_attempt_at, recipient.number LIMIT room + 100
      ) one
      WHERE sending.client_id = tenant AND sending.email_account_id = sender AND sending.status = 'sending'
      ORDER BY one.next_attempt_at, one.campaign, one.number LIMIT room + 100
    ), placed AS (
      SELECT due.*, count(*) FILTER (WHERE obstacle IS NULL) OVER (
        ORDER BY due.next_attempt_at, due.campaign, due.number) AS place
      FROM due
    ), moved AS (
      UPDATE campaign_recipients recipient
      SET status = CASE WHEN placed.obstacle IS NULL THEN 'claimed' ELSE 'skipped' END, error = placed.obstacle,
          claimed_by = CASE WHEN placed.obstacle IS NULL THEN replica END, claims = recipient.claims + 1
      FROM placed
      WHERE recipient.client_id = tenant AND recipient.id = placed.id
        AND recipient.status IS NOT DISTINCT FROM 'pending' AND (placed.obstacle IS NOT NULL OR placed.place <= room)
      RETURNING recipient.*, placed.place
    )
    SELECT moved.id, moved.campaign, moved.customer_id, moved.address, moved.attempts, moved.claims, CASE WHEN moved.status = 'claimed'
             THEN (extract(epoch FROM turn + (moved.place - 1) * step - now()) * 1000)::float8 END
    FROM moved ORDER BY moved.place
    LOOP
      taken := taken + (wait_ms IS NOT NULL)::int;
      RETURN NEXT;
    END LOOP;
    UPDATE email_accounts SET next_send_at = turn + taken * step
    WHERE client_id = tenant AND customer_id = sender AND taken > 0;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION transmit_recipient(tenant uuid, which uuid, claim int, replica uuid)
  RETURNS text LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
    why text;
  BEGIN
    PERFORM FROM campaign_recipients recipient
    JOIN contacts contact ON contact.client_id = tenant AND contact.customer_id = recipient.customer_id
    WHERE recipient.client_id = tenant AND recipient.id = which
    FOR SHARE OF contact;
    SELECT * INTO one FROM campaign_recipients
    WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF NOT FOUND OR one.status <> 'claimed' OR one.claims <> claim OR one.claimed_by IS DISTINCT FROM replica THEN
      RETURN 'gone';
    END IF;
    IF EXISTS (SELECT FROM campaigns WHERE client_id = tenant AND number = one.campaign AND status = 'paused') THEN
      UPDATE campaign_recipients SET status = 'pending', claimed_by = NULL
      WHERE client_id = tenant AND id = which;
      RETURN 'held';
    END IF;
    why := recipient_obstacle(tenant, one.customer_id, one.address, one.address_hash);
    UPDATE campaign_recipients
    SET status = CASE WHEN why IS NULL THEN 'transmitting' ELSE 'skipped' END, error = why,
        claimed_by = CASE WHEN why IS NULL THEN replica END
    WHERE client_id = tenant AND id = which;
    RETURN CASE WHEN why IS NULL THEN 'go' ELSE 'skipped' END;
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION claim_recipients(uuid, uuid, uuid, int)`);
    await queryRunner.query(`DROP FUNCTION transmit_recipient(uuid, uuid, int, uuid)`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION claim_recipients(tenant uuid, sender uuid, replica uuid, most int)
  RETURNS TABLE (campaign_number bigint, contact_number bigint, claim int, wait_ms float8) LANGUAGE plpgsql AS $function$
  DECLARE
    account email_accounts;
    turn timestamptz;
    step interval;
    room int;
    taken int := 0;
  BEGIN
    SELECT * INTO account FROM email_accounts
    WHERE client_id = tenant AND customer_id = sender FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND OR EXISTS (
      SELECT FROM email_deliveries
      WHERE client_id = tenant AND account_id = sender AND next_attempt_at <= now()
    ) THEN
      RETURN;
    END IF;
    step := make_interval(secs => 60.0 / account.rate_per_minute);
    turn := greatest(account.next_send_at, now());
    room := least(most, 1 + floor(extract(epoch FROM now() + interval '1 second' - turn) / extract(epoch FROM step)));
    IF account.status <> 'ok' THEN
      IF account.retry_at IS NULL OR account.retry_at > now() THEN
        RETURN;
      END IF;
      -- After a pause that ends by itself one goes before all others.
      UPDATE email_accounts SET retry_at = now() + interval '5 minutes'
      WHERE client_id = tenant AND customer_id = sender;
      room := least(room, 1);
    END IF;
    IF room <= 0 THEN
      RETURN;
    END IF;
    FOR campaign_number, contact_number, claim, wait_ms IN
    WITH due AS MATERIALIZED (
      SELECT one.*, recipient_obstacle(tenant, one.customer_id, one.address, one.address_hash) AS obstacle
      FROM campaigns sending
      CROSS JOIN LATERAL (
        SELECT * FROM campaign_recipients recipient
        WHERE recipient.client_id = tenant AND recipient.campaign = sending.number AND recipient.status = 'pending'
          AND recipient.next_attempt_at <= now()
        ORDER BY recipient.next_attempt_at, recipient.number LIMIT room + 100
      ) one
      WHERE sending.client_id = tenant AND sending.email_account_id = sender AND sending.status = 'sending'
      ORDER BY one.next_attempt_at, one.campaign, one.number LIMIT room + 100
    ), placed AS (
      SELECT due.*, count(*) FILTER (WHERE obstacle IS NULL) OVER (
        ORDER BY due.next_attempt_at, due.campaign, due.number) AS place
      FROM due
    ), moved AS (
      UPDATE campaign_recipients recipient
      SET status = CASE WHEN placed.obstacle IS NULL THEN 'claimed' ELSE 'skipped' END, error = placed.obstacle,
          claimed_by = CASE WHEN placed.obstacle IS NULL THEN replica END, claims = recipient.claims + 1
      FROM placed
      WHERE recipient.client_id = tenant AND recipient.campaign = placed.campaign AND recipient.number = placed.number
        AND recipient.status = 'pending' AND (placed.obstacle IS NOT NULL OR placed.place <= room)
      RETURNING recipient.campaign, recipient.number, recipient.claims, recipient.status, placed.place
    )
    SELECT moved.campaign, moved.number, moved.claims, CASE WHEN moved.status = 'claimed'
             THEN (extract(epoch FROM turn + (moved.place - 1) * step - now()) * 1000)::float8 END
    FROM moved ORDER BY moved.place
    LOOP
      taken := taken + (wait_ms IS NOT NULL)::int;
      RETURN NEXT;
    END LOOP;
    UPDATE email_accounts SET next_send_at = turn + taken * step
    WHERE client_id = tenant AND customer_id = sender AND taken > 0;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION transmit_recipient(tenant uuid, of_campaign bigint, which bigint, claim int, replica uuid)
  RETURNS text LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
    why text;
  BEGIN
    PERFORM FROM campaign_recipients recipient
    JOIN contacts contact ON contact.client_id = tenant AND contact.customer_id = recipient.customer_id
    WHERE recipient.client_id = tenant AND recipient.campaign = of_campaign AND recipient.number = which
    FOR SHARE OF contact;
    SELECT * INTO one FROM campaign_recipients
    WHERE client_id = tenant AND campaign = of_campaign AND number = which FOR NO KEY UPDATE;
    IF NOT FOUND OR one.status <> 'claimed' OR one.claims <> claim OR one.claimed_by IS DISTINCT FROM replica THEN
      RETURN 'gone';
    END IF;
    IF EXISTS (SELECT FROM campaigns WHERE client_id = tenant AND number = of_campaign AND status = 'paused') THEN
      UPDATE campaign_recipients SET status = 'pending', claimed_by = NULL
      WHERE client_id = tenant AND campaign = of_campaign AND number = which;
      RETURN 'held';
    END IF;
    why := recipient_obstacle(tenant, one.customer_id, one.address, one.address_hash);
    UPDATE campaign_recipients
    SET status = CASE WHEN why IS NULL THEN 'transmitting' ELSE 'skipped' END, error = why,
        claimed_by = CASE WHEN why IS NULL THEN replica END
    WHERE client_id = tenant AND campaign = of_campaign AND number = which;
    RETURN CASE WHEN why IS NULL THEN 'go' ELSE 'skipped' END;
  END
  $function$`);
  }
}
