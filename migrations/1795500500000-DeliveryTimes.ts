import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a delivery is to go out, and until when. */
export class DeliveryTimes1795500500000 implements MigrationInterface {
  name = 'DeliveryTimes1795500500000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "deliveries" ADD "scheduled_at" TIMESTAMP WITH TIME ZONE`);
    await queryRunner.query(`ALTER TABLE "deliveries" ADD "expires_at" TIMESTAMP WITH TIME ZONE`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION schedule_delivery(tenant uuid, which uuid, send_at timestamptz, validity int)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    was deliveries;
    becomes deliveries;
  BEGIN
    SELECT * INTO STRICT was FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    UPDATE deliveries
    SET status = CASE WHEN send_at IS NULL THEN was.status ELSE 'scheduled' END, scheduled_at = send_at,
        expires_at = coalesce(send_at, was.created_at) + coalesce(make_interval(secs => validity), interval '4 hours')
    WHERE client_id = tenant AND id = which
    RETURNING * INTO becomes;
    IF send_at IS NULL THEN
      RETURN false;
    END IF;
    UPDATE delivery_jobs SET next_attempt_at = send_at WHERE client_id = tenant AND id = which AND kind = 'send';
    PERFORM count_delivery(was, becomes);
    IF NOT EXISTS (SELECT FROM listeners WHERE client_id = tenant) THEN
      RETURN false;
    END IF;
    PERFORM raise_event(tenant, 'delivery.updated', becomes.channel_id, NULL, delivery_data(becomes), true);
    RETURN true;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION wake_delivery(tenant uuid, which uuid, INOUT attempt int, OUT raised boolean)
  LANGUAGE plpgsql AS $function$
  DECLARE
    was deliveries;
    becomes deliveries;
  BEGIN
    raised := false;
    SELECT * INTO was FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF was.status NOT IN ('scheduled', 'queued', 'sending') OR was.submitted_at IS NOT NULL OR NOT EXISTS (
      SELECT FROM delivery_jobs job
      WHERE job.client_id = tenant AND job.id = which AND job.kind = 'send' AND job.attempts = attempt FOR UPDATE
    ) THEN
      RETURN;
    END IF;
    IF now() > coalesce(was.expires_at, was.created_at + interval '4 hours') THEN
      SELECT ended.raised INTO raised
      FROM move_delivery(tenant, which, 'failed', '{scheduled,queued,sending}', '{"errorCode":"expired"}') ended;
    ELSIF was.status = 'scheduled' THEN
      UPDATE deliveries SET status = 'queued' WHERE client_id = tenant AND id = which RETURNING * INTO becomes;
      PERFORM count_delivery(was, becomes);
    END IF;
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION wake_delivery(uuid, uuid, int)`);
    await queryRunner.query(`DROP FUNCTION schedule_delivery(uuid, uuid, timestamptz, int)`);
    await queryRunner.query(`ALTER TABLE "deliveries" DROP COLUMN "expires_at"`);
    await queryRunner.query(`ALTER TABLE "deliveries" DROP COLUMN "scheduled_at"`);
  }
}
