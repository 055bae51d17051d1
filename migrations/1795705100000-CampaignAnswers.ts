import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who answers a mail of a campaign is counted, and the conversation shows what is answered. */
export class CampaignAnswers1795705100000 implements MigrationInterface {
  name = 'CampaignAnswers1795705100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
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
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION answer_campaign(uuid, uuid[], uuid, uuid, boolean)');
  }
}
