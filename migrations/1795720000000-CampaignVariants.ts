import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A/B tests of campaigns: what they try, who gets which, and who waits for the winner. */
export class CampaignVariants1795720000000 implements MigrationInterface {
  name = 'CampaignVariants1795720000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "campaign_variants" ("client_id" uuid NOT NULL, "campaign" bigint NOT NULL, "letter" text NOT NULL, "subject" text, "html_body" text, "text_body" text, "share" smallint NOT NULL, "frozen_subject" text, "frozen_html" text, "frozen_text" text, CONSTRAINT "PK_99b92de6a085b07ffaac58b90fa" PRIMARY KEY ("client_id", "campaign", "letter"))`,
    );
    await queryRunner.query(`ALTER TABLE "campaigns" ADD "winner_by" text`);
    await queryRunner.query(`ALTER TABLE "campaigns" ADD "winner_after_minutes" integer`);
    await queryRunner.query(`ALTER TABLE "campaigns" ADD "winner_due_at" TIMESTAMP WITH TIME ZONE`);
    await queryRunner.query(`ALTER TABLE "campaigns" ADD "winner" text`);
    await queryRunner.query(`ALTER TABLE "campaigns" ADD "dealt" bigint NOT NULL DEFAULT '0'`);
    await queryRunner.query(`ALTER TABLE "campaign_recipients" ADD "variant" text`);
    await queryRunner.query(
      `ALTER TABLE "campaign_variants" ADD CONSTRAINT "FK_d02669b1bd18d9f40dd86bda030" FOREIGN KEY ("client_id", "campaign") REFERENCES "campaigns"("client_id","number") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`DROP FUNCTION claim_recipients(uuid, uuid, uuid, int)`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`
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
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION claim_recipients(uuid, uuid, uuid, int)`);
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
  CREATE OR REPLACE FUNCTION forget_recipients() RETURNS trigger LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE campaign_recipients recipient
    SET customer_id = NULL, address = NULL,
        status = CASE WHEN recipient.status IN ('pending', 'claimed') THEN 'skipped' ELSE recipient.status END,
        claimed_by = CASE WHEN recipient.status IN ('pending', 'claimed') THEN NULL ELSE recipient.claimed_by END,
        error = CASE WHEN recipient.status IN ('pending', 'claimed') THEN 'erased' END
    FROM was
    WHERE recipient.client_id = was.client_id AND recipient.customer_id = was.customer_id;
    RETURN NULL;
  END
  $function$`);
    await queryRunner.query(`ALTER TABLE "campaign_recipients" DROP COLUMN "variant"`);
    await queryRunner.query(
      `ALTER TABLE "campaigns" DROP COLUMN "dealt", DROP COLUMN "winner", DROP COLUMN "winner_due_at", DROP COLUMN "winner_after_minutes", DROP COLUMN "winner_by"`,
    );
    await queryRunner.query(`DROP TABLE "campaign_variants"`);
  }
}
