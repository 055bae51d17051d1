import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Campaigns, whom they are for, what their mails link to and what became of them. */
export class Campaigns1795703000000 implements MigrationInterface {
  name = 'Campaigns1795703000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "campaigns" ("client_id" uuid NOT NULL, "number" bigint NOT NULL, "id" uuid NOT NULL, "name" text NOT NULL, "type" text NOT NULL DEFAULT 'broadcast', "subject" text, "preview_text" text, "html_body" text, "text_body" text, "body_json" jsonb, "audience" jsonb, "email_account_id" uuid, "tracks_opens" boolean NOT NULL DEFAULT true, "tracks_clicks" boolean NOT NULL DEFAULT true, "status" text NOT NULL DEFAULT 'draft', "status_reason" text, "scheduled_at" TIMESTAMP WITH TIME ZONE, "frozen_subject" text, "frozen_html" text, "frozen_text" text, "frozen_audience" jsonb, "prepared_upto" bigint NOT NULL DEFAULT '0', "prepare_to" bigint, "prepared_at" TIMESTAMP WITH TIME ZONE, "started_at" TIMESTAMP WITH TIME ZONE, "sent_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "deleted_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_3245cef84800da246986a5aa638" PRIMARY KEY ("client_id", "number"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_30420a37fe32dc06c7de40215e" ON "campaigns"  ("client_id", "email_account_id") WHERE status = 'sending'`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_0b6e66247255ddfa96a5306e82" ON "campaigns"  ("scheduled_at") WHERE status = 'scheduled'`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "IDX_b54f3c7c1f4912317b4e76d7c9" ON "campaigns"  ("client_id", "id")`);
    await queryRunner.query(
      `CREATE TABLE "campaign_counters" ("client_id" uuid NOT NULL, "campaign" bigint NOT NULL, "shard" smallint NOT NULL, "recipients" integer NOT NULL DEFAULT '0', "skipped" integer NOT NULL DEFAULT '0', "sent" integer NOT NULL DEFAULT '0', "failed" integer NOT NULL DEFAULT '0', "unknown" integer NOT NULL DEFAULT '0', "bounced" integer NOT NULL DEFAULT '0', "opened" integer NOT NULL DEFAULT '0', "clicked" integer NOT NULL DEFAULT '0', "machine_opens" integer NOT NULL DEFAULT '0', "machine_clicks" integer NOT NULL DEFAULT '0', "unsubscribed" integer NOT NULL DEFAULT '0', "replied" integer NOT NULL DEFAULT '0', CONSTRAINT "PK_f09db24b6ea03cabf8760441ed1" PRIMARY KEY ("client_id", "campaign", "shard"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "campaign_days" ("client_id" uuid NOT NULL, "day" date NOT NULL, "shard" smallint NOT NULL, "sent" integer NOT NULL DEFAULT '0', "bounced" integer NOT NULL DEFAULT '0', "opened" integer NOT NULL DEFAULT '0', "clicked" integer NOT NULL DEFAULT '0', CONSTRAINT "PK_92ce999985667d60fc2abc7060f" PRIMARY KEY ("client_id", "day", "shard"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "campaign_hours" ("client_id" uuid NOT NULL, "campaign" bigint NOT NULL, "hour" TIMESTAMP WITH TIME ZONE NOT NULL, "shard" smallint NOT NULL, "sent" integer NOT NULL DEFAULT '0', "opened" integer NOT NULL DEFAULT '0', "clicked" integer NOT NULL DEFAULT '0', CONSTRAINT "PK_16af76e1f6aa7df1a3aa2c77d5c" PRIMARY KEY ("client_id", "campaign", "hour", "shard"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "campaign_links" ("client_id" uuid NOT NULL, "campaign" bigint NOT NULL, "n" smallint NOT NULL, "url" text NOT NULL, "clicks" integer NOT NULL DEFAULT '0', CONSTRAINT "PK_4d12ca3a615b045336d55bf0290" PRIMARY KEY ("client_id", "campaign", "n"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "campaign_recipients" ("client_id" uuid NOT NULL, "campaign" bigint NOT NULL, "number" bigint NOT NULL, "id" uuid NOT NULL, "customer_id" uuid, "address" text, "address_hash" bytea, "status" text NOT NULL, "claimed_by" uuid, "claims" integer NOT NULL DEFAULT '0', "attempts" integer NOT NULL DEFAULT '0', "next_attempt_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "sent_at" TIMESTAMP WITH TIME ZONE, "opened_at" TIMESTAMP WITH TIME ZONE, "clicked_at" TIMESTAMP WITH TIME ZONE, "machine_opened_at" TIMESTAMP WITH TIME ZONE, "machine_clicked_at" TIMESTAMP WITH TIME ZONE, "bounced_at" TIMESTAMP WITH TIME ZONE, "unsubscribed_at" TIMESTAMP WITH TIME ZONE, "replied_at" TIMESTAMP WITH TIME ZONE, "error" text, CONSTRAINT "PK_6e0108dd1a70ec27e411b8112cd" PRIMARY KEY ("client_id", "campaign", "number"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_d9347dd69f754eb1d1032b52bc" ON "campaign_recipients"  ("client_id", "campaign") WHERE status IN ('claimed', 'transmitting') AND claimed_by IS NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_0fc366c9812cea9a59d79c2797" ON "campaign_recipients"  ("claimed_by") WHERE claimed_by IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_77913b4e219d9ade212d663cf7" ON "campaign_recipients"  ("client_id", "campaign", "next_attempt_at", "number") WHERE status = 'pending'`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_48ec14bbda5c5bc402800a347f" ON "campaign_recipients"  ("client_id", "customer_id", "campaign")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_97a592b3194c82a58765777fe8" ON "campaign_recipients"  ("client_id", "campaign", "status", "number")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_ab390bea0037a3ed64f37be04b" ON "campaign_recipients"  ("client_id", "campaign", "address_hash")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_c4aafc072f14ee40505d7fc28f" ON "campaign_recipients"  ("client_id", "id")`,
    );
    await queryRunner.query(
      `ALTER TABLE "campaigns" ADD CONSTRAINT "FK_b5c217c6c468259b1ac4549f9eb" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "campaign_counters" ADD CONSTRAINT "FK_32238d1d01a7e91b1ce8ad0ec74" FOREIGN KEY ("client_id", "campaign") REFERENCES "campaigns"("client_id","number") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "campaign_days" ADD CONSTRAINT "FK_dc569e2c0c67ff83e78e0e3bd80" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "campaign_hours" ADD CONSTRAINT "FK_f9413671ccee228f27992f1c49d" FOREIGN KEY ("client_id", "campaign") REFERENCES "campaigns"("client_id","number") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "campaign_links" ADD CONSTRAINT "FK_6cea80d5309979d3461a46f5498" FOREIGN KEY ("client_id", "campaign") REFERENCES "campaigns"("client_id","number") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "campaign_recipients" ADD CONSTRAINT "FK_d28d1c44b8e8382626b27d38c36" FOREIGN KEY ("client_id", "campaign") REFERENCES "campaigns"("client_id","number") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "campaign_recipients" ADD CONSTRAINT "FK_9c10dd6d244fdc40abd353401c9" FOREIGN KEY ("claimed_by") REFERENCES "replicas"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
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
      (n.sent_at, (n.sent_at IS NOT NULL AND w.sent_at IS NULL)::int, 0, 0),
      (n.opened_at, 0, (n.opened_at IS NOT NULL AND w.opened_at IS NULL)::int, 0),
      (n.clicked_at, 0, 0, (n.clicked_at IS NOT NULL AND w.clicked_at IS NULL)::int)
    ) AS happened (at, sent, opened, clicked)
    CROSS JOIN LATERAL date_trunc('hour', happened.at, 'UTC') AS hour
    WHERE sent + opened + clicked > 0
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
    await queryRunner.query(`CREATE TRIGGER count_recipients_made AFTER INSERT ON campaign_recipients
     REFERENCING NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION count_recipients()`);
    await queryRunner.query(`CREATE TRIGGER count_recipients AFTER UPDATE ON campaign_recipients
     REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION count_recipients()`);
    await queryRunner.query(`CREATE TRIGGER forget_recipients AFTER DELETE ON contacts
     REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION forget_recipients()`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TRIGGER forget_recipients ON contacts`);
    for (const table of [
      'campaign_recipients',
      'campaign_links',
      'campaign_counters',
      'campaign_hours',
      'campaign_days',
    ]) {
      await queryRunner.query(`DROP TABLE "${table}"`);
    }
    await queryRunner.query(`DROP TABLE "campaigns"`);
    await queryRunner.query(`DROP FUNCTION forget_recipients()`);
    await queryRunner.query(`DROP FUNCTION count_recipients()`);
  }
}
