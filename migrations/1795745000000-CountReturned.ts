import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The third mail that comes back suppresses an address, whether it is of a campaign or not. */
export class CountReturned1795745000000 implements MigrationInterface {
  name = 'CountReturned1795745000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(COUNT_RETURNED);
    await queryRunner.query(BOUNCE_RECIPIENT);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FORMER_BOUNCE_RECIPIENT);
    await queryRunner.query('DROP FUNCTION count_returned(uuid, text)');
  }
}

const COUNT_RETURNED = `
  CREATE OR REPLACE FUNCTION count_returned(tenant uuid, address text) RETURNS integer LANGUAGE sql STABLE AS $function$
    SELECT (
      SELECT count(*) FROM email_deliveries one
      JOIN email_messages mail ON mail.client_id = tenant AND mail.id = one.id
      WHERE one.client_id = tenant AND one.status = 'undelivered' AND one.done_at > now() - interval '30 days'
        AND EXISTS (
          SELECT FROM jsonb_array_elements(mail."to" || mail.cc || mail.bcc) named WHERE lower(named->>'address') = $2)
    )::int + (
      SELECT count(*) FROM customers person
      JOIN campaign_recipients recipient ON recipient.client_id = tenant AND recipient.customer_id = person.id
      WHERE person.client_id = tenant AND person.email = $2 AND recipient.bounced_at > now() - interval '30 days'
    )::int
  $function$`;

const BOUNCE_RECIPIENT = `
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

const FORMER_BOUNCE_RECIPIENT = `
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
  $function$`;
