import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What readers of campaigns do triggers workflows. */
export class CampaignTriggers1795710000000 implements MigrationInterface {
  name = 'CampaignTriggers1795710000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TRACK_OPENS);
    await queryRunner.query(TRACK_CLICK);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FORMER_TRACK_CLICK);
    await queryRunner.query(FORMER_TRACK_OPENS);
  }
}

const TRACK_OPENS = `
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
      SELECT one.*, shown.by_machine OR coalesce(one.status IN ('pending', 'claimed', 'transmitting') OR now() < one.sent_at + interval '10 seconds', false) AS is_machine
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

const TRACK_CLICK = `
  CREATE OR REPLACE FUNCTION track_click(tenant uuid, which uuid, link smallint, machine boolean)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
    is_machine boolean;
    is_burst boolean;
  BEGIN
    SELECT * INTO one FROM campaign_recipients WHERE client_id = tenant AND id = which;
    is_machine := machine OR coalesce(one.status IN ('pending', 'claimed', 'transmitting') OR now() < one.sent_at + interval '10 seconds', false);
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
    IF one.clicked_at IS NULL THEN
      IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
        PERFORM raise_event(tenant, 'campaign.clicked', NULL, NULL,
                  jsonb_build_object('id', one.id, 'number', one.campaign), false);
        RETURN true;
      END IF;
    END IF;
    RETURN false;
  END
  $function$`;

const FORMER_TRACK_OPENS = `
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
      SELECT one.*, shown.by_machine OR coalesce(one.status IN ('pending', 'claimed', 'transmitting') OR now() < one.sent_at + interval '10 seconds', false) AS is_machine
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
    IF by_person IS NULL OR NOT EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      RETURN false;
    END IF;
    PERFORM raise_event(tenant, 'campaign.opened', NULL, NULL, jsonb_build_object('id', id, 'number', campaign), false)
    FROM campaign_recipients WHERE client_id = tenant AND id = ANY(by_person);
    RETURN true;
  END
  $function$`;

const FORMER_TRACK_CLICK = `
  CREATE OR REPLACE FUNCTION track_click(tenant uuid, which uuid, link smallint, machine boolean)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
    is_machine boolean;
    is_burst boolean;
  BEGIN
    SELECT * INTO one FROM campaign_recipients WHERE client_id = tenant AND id = which;
    is_machine := machine OR coalesce(one.status IN ('pending', 'claimed', 'transmitting') OR now() < one.sent_at + interval '10 seconds', false);
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
    IF one.clicked_at IS NULL THEN
      IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
        PERFORM raise_event(tenant, 'campaign.clicked', NULL, NULL,
                  jsonb_build_object('id', one.id, 'number', one.campaign), false);
        RETURN true;
      END IF;
    END IF;
    RETURN false;
  END
  $function$`;
