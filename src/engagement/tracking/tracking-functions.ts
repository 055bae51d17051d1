/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. Each is one
 * statement, and what was seen before writes nothing. Rows are locked as everywhere: contact, suppression, recipient, link,
 * counters, which a trigger moves (campaign-functions.ts).
 */

/** Whether it was too soon for a person: before the server that took the mail had said so, or within ten seconds. */
const TOO_SOON = `one.status IN ('pending', 'claimed', 'transmitting') OR now() < one.sent_at + interval '10 seconds'`;

/** What happened to the recipient is told where somebody listens. */
const raised = (type: string): string => `
      IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
        PERFORM raise_event(tenant, '${type}', NULL, NULL,
                  jsonb_build_object('id', one.id, 'number', one.campaign), false);
        RETURN true;
      END IF;`;

/**
 * The mails of recipients `which` were shown, each by a machine where `machines` says so. All are locked before the first
 * counts: whoever else holds one of them may be about to count. Answers whether an event was raised.
 */
export const TRACK_OPENS = `
  CREATE OR REPLACE FUNCTION track_opens(tenant uuid, which uuid[], machines boolean[])
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    by_machine uuid[];
    by_person uuid[];
  BEGIN
    SELECT array_agg(id) FILTER (WHERE is_machine AND machine_opened_at IS NULL),
           array_agg(id) FILTER (WHERE NOT is_machine AND opened_at IS NULL)
    INTO by_machine, by_person
    FROM (
      SELECT one.*, shown.by_machine OR coalesce(${TOO_SOON}, false) AS is_machine
      FROM unnest(which, machines) AS shown (id, by_machine)
      JOIN campaign_recipients one ON one.client_id = tenant AND one.id = shown.id
    ) hit;
    IF by_machine IS NULL AND by_person IS NULL THEN
      RETURN false;
    END IF;
    SELECT array_agg(id) FILTER (WHERE machine_opened_at IS NULL AND id = ANY(by_machine)),
           array_agg(id) FILTER (WHERE opened_at IS NULL AND id = ANY(by_person))
    INTO by_machine, by_person
    FROM (
      SELECT * FROM campaign_recipients WHERE client_id = tenant AND id = ANY(by_machine || by_person)
      ORDER BY id FOR NO KEY UPDATE
    ) held;
    UPDATE campaign_recipients
    SET machine_opened_at = CASE WHEN id = ANY(by_machine) THEN now() ELSE machine_opened_at END,
        opened_at = CASE WHEN id = ANY(by_person) THEN now() ELSE opened_at END
    WHERE client_id = tenant AND id = ANY(by_machine || by_person);
    PERFORM trigger_workflows(tenant, 'campaign.opened', customer_id, NULL, jsonb_build_object('campaign_id', campaign))
    FROM campaign_recipients WHERE client_id = tenant AND id = ANY(by_person) AND customer_id IS NOT NULL;
    IF by_person IS NULL OR NOT EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      RETURN false;
    END IF;
    PERFORM raise_event(tenant, 'campaign.opened', NULL, NULL, jsonb_build_object('id', id, 'number', campaign), false)
    FROM campaign_recipients WHERE client_id = tenant AND id = ANY(by_person);
    RETURN true;
  END
  $function$`;

/**
 * Link `link` in the mail of recipient `which` was followed, be it by a machine. Who follows three links within two seconds
 * is one, so what it did as a person is taken back. Answers whether an event was raised.
 */
export const TRACK_CLICK = `
  CREATE OR REPLACE FUNCTION track_click(tenant uuid, which uuid, link smallint, machine boolean)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
    is_machine boolean;
    is_burst boolean;
  BEGIN
    SELECT * INTO one FROM campaign_recipients WHERE client_id = tenant AND id = which;
    is_machine := machine OR coalesce(${TOO_SOON}, false);
    IF EXISTS (
      SELECT FROM campaign_clicks
      WHERE client_id = tenant AND campaign = one.campaign AND number = one.number AND n = link
        AND (is_machine OR NOT by_machine)
    ) THEN
      RETURN false;
    END IF;
    SELECT * INTO one FROM campaign_recipients WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    INSERT INTO campaign_clicks AS click (client_id, campaign, number, n, by_machine)
    SELECT tenant, campaign, one.number, n, is_machine FROM campaign_links
    WHERE client_id = tenant AND campaign = one.campaign AND n = link
    ON CONFLICT (client_id, campaign, number, n) DO UPDATE SET at = now(), by_machine = false
    WHERE click.by_machine AND NOT is_machine;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    is_burst := 3 <= (
      SELECT count(*) FROM campaign_clicks
      WHERE client_id = tenant AND campaign = one.campaign AND number = one.number AND at > now() - interval '2 seconds'
    );
    IF is_machine OR is_burst THEN
      WITH unmasked AS (
        UPDATE campaign_clicks SET by_machine = true
        WHERE client_id = tenant AND campaign = one.campaign AND number = one.number AND NOT by_machine
          AND is_burst AND at > now() - interval '2 seconds'
        RETURNING n
      )
      UPDATE campaign_links SET clicks = clicks - 1
      WHERE client_id = tenant AND campaign = one.campaign AND n IN (SELECT n FROM unmasked WHERE n <> link);
      UPDATE campaign_recipients
      SET machine_clicked_at = coalesce(machine_clicked_at, now()), clicked_at = (
        SELECT min(at) FROM campaign_clicks
        WHERE client_id = tenant AND campaign = one.campaign AND number = one.number AND NOT by_machine
      )
      WHERE client_id = tenant AND id = which;
      RETURN false;
    END IF;
    UPDATE campaign_recipients SET clicked_at = now() WHERE client_id = tenant AND id = which AND clicked_at IS NULL;
    UPDATE campaign_links SET clicks = clicks + 1 WHERE client_id = tenant AND campaign = one.campaign AND n = link;
    IF one.customer_id IS NOT NULL THEN
      PERFORM trigger_workflows(tenant, 'campaign.clicked', one.customer_id, NULL,
                jsonb_build_object('campaign_id', one.campaign, 'first', one.clicked_at IS NULL, 'link', (
                  SELECT url FROM campaign_links WHERE client_id = tenant AND campaign = one.campaign AND n = link)));
    END IF;
    IF one.clicked_at IS NULL THEN ${raised('campaign.clicked')}
    END IF;
    RETURN false;
  END
  $function$`;

/** Recipient `which` wants no more mails; `suppression` is the id where that is new of the address. Answers whether an event may have been raised. */
export const UNSUBSCRIBE_RECIPIENT = `
  CREATE OR REPLACE FUNCTION unsubscribe_recipient(tenant uuid, which uuid, suppression uuid)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
  BEGIN
    SELECT * INTO one FROM campaign_recipients WHERE client_id = tenant AND id = which;
    UPDATE contacts SET status = 'unsubscribed', updated_at = now()
    WHERE client_id = tenant AND customer_id = one.customer_id AND status <> 'unsubscribed';
    INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
    SELECT tenant, suppression, one.address_hash, one.address, 'unsubscribed', 'campaign',
           draw_numbers(tenant, 'suppressions', 1)
    WHERE one.address_hash IS NOT NULL AND NOT EXISTS (
      SELECT FROM suppressions WHERE client_id = tenant AND address_hash = one.address_hash)
    ON CONFLICT (client_id, address_hash) DO NOTHING;
    UPDATE campaign_recipients SET unsubscribed_at = now()
    WHERE client_id = tenant AND id = which AND unsubscribed_at IS NULL;
    IF FOUND THEN ${raised('email.unsubscribed')}
    END IF;
    RETURN EXISTS (SELECT FROM listeners WHERE client_id = tenant);
  END
  $function$`;

/** Recipient `which` did not mean to. What others said of the address stays. Answers whether an event may have been raised. */
export const RESUBSCRIBE_RECIPIENT = `
  CREATE OR REPLACE FUNCTION resubscribe_recipient(tenant uuid, which uuid)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
  BEGIN
    SELECT * INTO one FROM campaign_recipients WHERE client_id = tenant AND id = which AND unsubscribed_at IS NOT NULL;
    UPDATE contacts SET status = 'active', updated_at = now()
    WHERE client_id = tenant AND customer_id = one.customer_id AND status = 'unsubscribed' AND NOT EXISTS (
      SELECT FROM suppressions
      WHERE client_id = tenant AND address_hash = one.address_hash AND source <> 'campaign');
    DELETE FROM suppressions
    WHERE client_id = tenant AND address_hash = one.address_hash AND source = 'campaign';
    UPDATE campaign_recipients SET unsubscribed_at = NULL
    WHERE client_id = tenant AND id = which AND unsubscribed_at IS NOT NULL;
    RETURN EXISTS (SELECT FROM listeners WHERE client_id = tenant);
  END
  $function$`;

/**
 * Customer `writer` answers the first of the mails to recipients `mails` that there is. Channel `begun`, where there is one,
 * began with that, and shows it. Who answers is counted where `is_person`, and where it is who got the mail.
 */
export const ANSWER_CAMPAIGN = `
  CREATE OR REPLACE FUNCTION answer_campaign(tenant uuid, mails uuid[], writer uuid, begun uuid, is_person boolean)
  RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    one record;
  BEGIN
    SELECT recipient.id, recipient.customer_id, campaign.number, campaign.name INTO one
    FROM campaign_recipients recipient
    JOIN campaigns campaign ON campaign.client_id = tenant AND campaign.number = recipient.campaign
    WHERE recipient.client_id = tenant AND recipient.id = ANY(mails)
    ORDER BY array_position(mails, recipient.id) LIMIT 1;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    IF begun IS NOT NULL THEN
      PERFORM add_conversation_entry(tenant, begun, 'activity', NULL, NULL,
        jsonb_build_object('type', 'campaign', 'from', one.number, 'to', one.name));
    END IF;
    IF is_person AND one.customer_id = writer THEN
      UPDATE campaign_recipients SET replied_at = now()
      WHERE client_id = tenant AND id = one.id AND replied_at IS NULL;
    END IF;
  END
  $function$`;

/**
 * The mail of recipient `which` came back, in its server's words `said`: `gone` (there is nobody), `failed`, or `delayed` (it is
 * still on its way). Nobody gets anything unasked where there is nobody, or from the third within thirty days on. Answers
 * whether there is such a recipient.
 */
export const BOUNCE_RECIPIENT = `
  CREATE OR REPLACE FUNCTION bounce_recipient(tenant uuid, which uuid, kind text, said text, suppression uuid)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
  BEGIN
    SELECT * INTO one FROM campaign_recipients WHERE client_id = tenant AND id = which;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    IF kind = 'delayed' THEN
      UPDATE campaign_recipients SET error = said WHERE client_id = tenant AND id = which AND status = 'sent';
    ELSE
      INSERT INTO suppressions (client_id, id, address_hash, email, reason, source, number)
      SELECT tenant, suppression, one.address_hash, one.address, 'bounced', 'bounce',
             draw_numbers(tenant, 'suppressions', 1)
      WHERE (
        kind = 'gone' OR one.status <> 'bounced' AND 2 <= count_returned(tenant, lower(one.address))
      ) AND NOT EXISTS (
        SELECT FROM suppressions WHERE client_id = tenant AND address_hash = one.address_hash)
      ON CONFLICT (client_id, address_hash) DO NOTHING;
      UPDATE campaign_recipients SET status = 'bounced', bounced_at = now(), error = said
      WHERE client_id = tenant AND id = which AND status IN ('transmitting', 'sent', 'unknown');
    END IF;
    RETURN true;
  END
  $function$`;
