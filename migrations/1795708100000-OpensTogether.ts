import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails of a client that are shown at once are noted in one statement. */
export class OpensTogether1795708100000 implements MigrationInterface {
  name = 'OpensTogether1795708100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION track_open(uuid, uuid, boolean)`);
    await queryRunner.query(`
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
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION track_opens(uuid, uuid[], boolean[])`);
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
  }
}
