import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the readers of campaigns do, and what comes back. */
export class Tracking1795705001000 implements MigrationInterface {
  name = 'Tracking1795705001000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "campaign_clicks" ("client_id" uuid NOT NULL, "campaign" bigint NOT NULL, "number" bigint NOT NULL, "n" smallint NOT NULL, "at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "by_machine" boolean NOT NULL, CONSTRAINT "PK_638ba442c87421fa296fb5bb340" PRIMARY KEY ("client_id", "campaign", "number", "n"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "campaign_clicks" ADD CONSTRAINT "FK_888f0cfd0e1769204645ab5db09" FOREIGN KEY ("client_id", "campaign", "number") REFERENCES "campaign_recipients"("client_id", "campaign", "number") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION track_open(tenant uuid, which uuid, machine boolean)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    one campaign_recipients;
  BEGIN
    SELECT * INTO one FROM campaign_recipients WHERE client_id = tenant AND id = which;
    IF machine OR one.status IN ('pending', 'claimed', 'transmitting') OR now() < one.sent_at + interval '10 seconds' THEN
      IF one.machine_opened_at IS NULL THEN
        UPDATE campaign_recipients SET machine_opened_at = now()
        WHERE client_id = tenant AND id = which AND machine_opened_at IS NULL;
      END IF;
    ELSIF one.opened_at IS NULL THEN
      UPDATE campaign_recipients SET opened_at = now()
      WHERE client_id = tenant AND id = which AND opened_at IS NULL;
      IF FOUND THEN 
      IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
        PERFORM raise_event(tenant, 'campaign.opened', NULL, NULL,
                  jsonb_build_object('id', one.id, 'number', one.campaign), false);
        RETURN true;
      END IF;
      END IF;
    END IF;
    RETURN false;
  END
  $function$`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`
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
    IF FOUND THEN 
      IF EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
        PERFORM raise_event(tenant, 'email.unsubscribed', NULL, NULL,
                  jsonb_build_object('id', one.id, 'number', one.campaign), false);
        RETURN true;
      END IF;
    END IF;
    RETURN EXISTS (SELECT FROM listeners WHERE client_id = tenant);
  END
  $function$`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`
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
      WHERE (kind = 'gone' OR 2 <= (
        SELECT count(*) FROM campaign_recipients other
        WHERE other.client_id = tenant AND other.customer_id = one.customer_id AND other.id <> which
          AND other.bounced_at > now() - interval '30 days'
      )) AND NOT EXISTS (
        SELECT FROM suppressions WHERE client_id = tenant AND address_hash = one.address_hash)
      ON CONFLICT (client_id, address_hash) DO NOTHING;
      UPDATE campaign_recipients SET status = 'bounced', bounced_at = now(), error = said
      WHERE client_id = tenant AND id = which AND status IN ('transmitting', 'sent', 'unknown');
    END IF;
    RETURN true;
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const signature of [
      'track_open(uuid, uuid, boolean)',
      'track_click(uuid, uuid, smallint, boolean)',
      'unsubscribe_recipient(uuid, uuid, uuid)',
      'resubscribe_recipient(uuid, uuid)',
      'bounce_recipient(uuid, uuid, text, text, uuid)',
    ]) {
      await queryRunner.query(`DROP FUNCTION ${signature}`);
    }
    await queryRunner.query(`DROP TABLE "campaign_clicks"`);
  }
}
