import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The point of no return says which provider is to be called. */
export class Providers1795500000000 implements MigrationInterface {
  name = 'Providers1795500000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION submit_delivery(uuid, uuid, int)`);
    await queryRunner.query(SUBMIT_DELIVERY);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION submit_delivery(uuid, uuid, int)`);
    await queryRunner.query(FORMER_SUBMIT_DELIVERY);
  }
}

const SUBMIT_DELIVERY = `
  CREATE OR REPLACE FUNCTION submit_delivery(tenant uuid, which uuid, attempt int)
  RETURNS TABLE (answer text, raised boolean, carrier_id uuid) LANGUAGE plpgsql AS $function$
  #variable_conflict use_column
  DECLARE
    one deliveries;
    carrier messaging_providers;
    why text;
    ended text := 'failed';
  BEGIN
    raised := false;
    SELECT * INTO one FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF NOT FOUND OR one.status NOT IN ('queued', 'sending') OR NOT EXISTS (
      SELECT FROM delivery_jobs job
      WHERE job.client_id = tenant AND job.id = which AND job.kind = 'send' AND job.attempts = attempt FOR UPDATE
    ) THEN
      answer := 'gone';
      RETURN NEXT;
      RETURN;
    END IF;
    IF one.submitted_at IS NOT NULL THEN
      answer := 'unknown';
      carrier_id := one.provider_id;
      RETURN NEXT;
      RETURN;
    END IF;
    SELECT active.* INTO carrier FROM messaging_providers active WHERE active.client_id = tenant AND active.active;
    IF NOT EXISTS (
      SELECT FROM messages message
      WHERE message.client_id = tenant AND message.id = which AND message.deleted_at IS NULL
    ) THEN
      why := 'canceled';
      ended := 'canceled';
    ELSIF EXISTS (SELECT FROM clients client WHERE client.id = tenant AND client.disabled_at IS NOT NULL) THEN
      why := 'workspace_disabled';
    ELSIF NOT EXISTS (
      SELECT FROM addresses address
      WHERE address.client_id = tenant AND address.customer_id = one.address_id AND address.verified_at IS NOT NULL
        AND address.released_at IS NULL AND address.provider_id = carrier.id
    ) THEN
      why := 'invalid_from';
    ELSIF one.to_text IS NULL OR one.to_text !~ '^\\+[1-9][0-9]{1,14}$' THEN
      why := 'invalid_number';
    ELSIF NOT one.may_reach_opted_out AND EXISTS (
      SELECT FROM opt_outs
      WHERE client_id = tenant AND scope_id IN (one.address_id, tenant)
        AND number_sha256 = opt_out_hash(tenant, one.to_text) AND ended_at IS NULL
    ) THEN
      why := 'recipient_opted_out';
    END IF;
    IF why IS NOT NULL THEN
      answer := 'ended';
      SELECT end_of.raised INTO raised
      FROM move_delivery(tenant, which, ended, '{queued,sending}', jsonb_build_object('errorCode', why)) end_of;
      RETURN NEXT;
      RETURN;
    END IF;
    UPDATE deliveries
    SET submitted_at = now(), attempts = one.attempts + 1, provider_id = carrier.id,
        provider = carrier.kind || ':' || carrier.id
    WHERE client_id = tenant AND id = which;
    answer := 'go';
    carrier_id := carrier.id;
    SELECT begun.raised INTO raised FROM move_delivery(tenant, which, 'sending', '{queued}', '{}') begun;
    RETURN NEXT;
  END
  $function$`;

const FORMER_SUBMIT_DELIVERY = `
  CREATE OR REPLACE FUNCTION submit_delivery(tenant uuid, which uuid, attempt int)
  RETURNS TABLE (answer text, raised boolean) LANGUAGE plpgsql AS $function$
  #variable_conflict use_column
  DECLARE
    one deliveries;
    carrier messaging_providers;
    why text;
    ended text := 'failed';
  BEGIN
    raised := false;
    SELECT * INTO one FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF NOT FOUND OR one.status NOT IN ('queued', 'sending') OR NOT EXISTS (
      SELECT FROM delivery_jobs job
      WHERE job.client_id = tenant AND job.id = which AND job.kind = 'send' AND job.attempts = attempt FOR UPDATE
    ) THEN
      answer := 'gone';
      RETURN NEXT;
      RETURN;
    END IF;
    IF one.submitted_at IS NOT NULL THEN
      answer := 'unknown';
      RETURN NEXT;
      RETURN;
    END IF;
    SELECT active.* INTO carrier FROM messaging_providers active WHERE active.client_id = tenant AND active.active;
    IF NOT EXISTS (
      SELECT FROM messages message
      WHERE message.client_id = tenant AND message.id = which AND message.deleted_at IS NULL
    ) THEN
      why := 'canceled';
      ended := 'canceled';
    ELSIF EXISTS (SELECT FROM clients client WHERE client.id = tenant AND client.disabled_at IS NOT NULL) THEN
      why := 'workspace_disabled';
    ELSIF NOT EXISTS (
      SELECT FROM addresses address
      WHERE address.client_id = tenant AND address.customer_id = one.address_id AND address.verified_at IS NOT NULL
        AND address.released_at IS NULL AND address.provider_id = carrier.id
    ) THEN
      why := 'invalid_from';
    ELSIF one.to_text IS NULL OR one.to_text !~ '^\\+[1-9][0-9]{1,14}$' THEN
      why := 'invalid_number';
    ELSIF NOT one.may_reach_opted_out AND EXISTS (
      SELECT FROM opt_outs
      WHERE client_id = tenant AND scope_id IN (one.address_id, tenant)
        AND number_sha256 = opt_out_hash(tenant, one.to_text) AND ended_at IS NULL
    ) THEN
      why := 'recipient_opted_out';
    END IF;
    IF why IS NOT NULL THEN
      answer := 'ended';
      SELECT end_of.raised INTO raised
      FROM move_delivery(tenant, which, ended, '{queued,sending}', jsonb_build_object('errorCode', why)) end_of;
      RETURN NEXT;
      RETURN;
    END IF;
    UPDATE deliveries
    SET submitted_at = now(), attempts = one.attempts + 1, provider_id = carrier.id,
        provider = carrier.kind || ':' || carrier.id
    WHERE client_id = tenant AND id = which;
    answer := 'go';
    SELECT begun.raised INTO raised FROM move_delivery(tenant, which, 'sending', '{queued}', '{}') begun;
    RETURN NEXT;
  END
  $function$`;
