/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. Rows are locked in this
 * order: account, contact, recipient, counters. Recipients are found by their id: of a campaign that has just begun PostgreSQL
 * has counted nothing, takes it for one of a few rows, and would find them by any index that begins with the campaign.
 */

/** Why nothing goes to this contact at this address; null where it may. */
export const RECIPIENT_OBSTACLE = `
  CREATE OR REPLACE FUNCTION recipient_obstacle(tenant uuid, person uuid, mailed text, hash bytea)
  RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT CASE
      WHEN contact.customer_id IS NULL THEN 'erased'
      WHEN contact.email IS DISTINCT FROM mailed THEN 'readdressed'
      WHEN contact.status = 'unsubscribed' THEN 'unsubscribed'
      WHEN EXISTS (SELECT FROM suppressions WHERE client_id = tenant AND address_hash = hash) THEN 'suppressed'
    END
    FROM (SELECT 1) one
    LEFT JOIN contacts contact ON contact.client_id = tenant AND contact.customer_id = person
  $function$`;

/**
 * Takes up to `most` recipients of what account `sender` sends, for process `replica`. An account has so many mails a minute:
 * these have the turns of the next second, in milliseconds from now, and replies that are due go first. Whoever must get
 * nothing by now is skipped, and is answered without a turn. No row: nothing is due, or it is somebody else's turn to take. What
 * is due is read in the order of its index (without sorting), and by nothing that looks shorter (hence the odd comparison).
 */
export const CLAIM_RECIPIENTS = `
  CREATE OR REPLACE FUNCTION claim_recipients(tenant uuid, sender uuid, replica uuid, most int)
  RETURNS TABLE (recipient_id uuid, campaign_number bigint, person uuid, mailed text, tries int, claim int, wait_ms float8,
                letter text)
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
    FOR recipient_id, campaign_number, person, mailed, tries, claim, wait_ms, letter IN
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
             THEN (extract(epoch FROM turn + (moved.place - 1) * step - now()) * 1000)::float8 END, moved.variant
    FROM moved ORDER BY moved.place
    LOOP
      taken := taken + (wait_ms IS NOT NULL)::int;
      RETURN NEXT;
    END LOOP;
    UPDATE email_accounts SET next_send_at = turn + taken * step
    WHERE client_id = tenant AND customer_id = sender AND taken > 0;
  END
  $function$`;

/**
 * The point of no return: the server has taken the envelope of recipient `which`, whom process `replica` claimed for the `claim`th time, and no
 * byte of its content was said. Answers 'go' where it may be; whoever must get nothing by now is skipped. The contact is held
 * for as long as this takes: whoever unsubscribes comes before it, or after the mail began.
 */
export const TRANSMIT_RECIPIENT = `
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
  $function$`;

/** After the state of a campaign changed. Where nobody listens to the client that costs one look-up. */
export const TELL_CAMPAIGN = `
  CREATE OR REPLACE FUNCTION tell_campaign() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    IF EXISTS (SELECT FROM listeners WHERE client_id = NEW.client_id) THEN
      PERFORM raise_event(NEW.client_id, 'campaign.' || CASE NEW.status
          WHEN 'sending' THEN CASE WHEN OLD.started_at IS NULL THEN 'started' ELSE 'resumed' END
          WHEN 'draft' THEN 'cancelled'
          ELSE NEW.status
        END, NULL, NULL, jsonb_build_object('id', NEW.id, 'number', NEW.number), false);
    END IF;
    RETURN NULL;
  END
  $function$`;
