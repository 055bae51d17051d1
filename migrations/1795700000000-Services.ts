import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Numbers may belong to a messaging service, which speaks and is opted out of in their place. */
export class Services1795700000000 implements MigrationInterface {
  name = 'Services1795700000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "addresses" ADD "service_id" uuid`);
    await queryRunner.query(
      `CREATE INDEX "IDX_074a39e2ca24a968781f7bba5b" ON "addresses" ("client_id", "service_id") WHERE service_id IS NOT NULL`,
    );
    await queryRunner.query(OPT_OUT_SCOPES);
    await queryRunner.query(OBSTACLE_TO);
    await queryRunner.query(MOVE_DELIVERY);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FORMER_MOVE_DELIVERY);
    await queryRunner.query(FORMER_OBSTACLE_TO);
    await queryRunner.query(`DROP FUNCTION opt_out_scopes(uuid, uuid)`);
    await queryRunner.query(`DROP INDEX "IDX_074a39e2ca24a968781f7bba5b"`);
    await queryRunner.query(`ALTER TABLE "addresses" DROP COLUMN "service_id"`);
  }
}

const OPT_OUT_SCOPES = `
  CREATE OR REPLACE FUNCTION opt_out_scopes(tenant uuid, speaker uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $function$
  DECLARE
    service uuid := coalesce((
      SELECT one.service_id FROM addresses one WHERE one.client_id = tenant AND one.customer_id = speaker), speaker);
  BEGIN
    RETURN ARRAY[tenant, service] || ARRAY(
      SELECT one.customer_id FROM addresses one WHERE one.client_id = tenant AND one.service_id = service);
  END
  $function$`;

const OBSTACLE_TO = `
  CREATE OR REPLACE FUNCTION obstacle_to(one deliveries, carrier_id uuid) RETURNS text LANGUAGE plpgsql STABLE AS $function$
  BEGIN
    IF NOT EXISTS (
      SELECT FROM messages message
      WHERE message.client_id = one.client_id AND message.id = one.id AND message.deleted_at IS NULL
    ) THEN
      RETURN 'canceled';
    ELSIF EXISTS (SELECT FROM clients client WHERE client.id = one.client_id AND client.disabled_at IS NOT NULL) THEN
      RETURN 'workspace_disabled';
    ELSIF NOT EXISTS (
      SELECT FROM addresses address
      WHERE address.client_id = one.client_id AND address.customer_id = one.address_id AND address.verified_at IS NOT NULL
        AND address.released_at IS NULL AND address.provider_id = carrier_id
    ) THEN
      RETURN 'invalid_from';
    ELSIF one.to_text IS NULL OR one.to_text !~ '^\\+[1-9][0-9]{1,14}$' THEN
      RETURN 'invalid_number';
    ELSIF NOT one.may_reach_opted_out AND EXISTS (
      SELECT FROM opt_outs
      WHERE client_id = one.client_id AND scope_id = ANY(opt_out_scopes(one.client_id, one.address_id))
        AND number_sha256 = opt_out_hash(one.client_id, one.to_text) AND ended_at IS NULL
    ) THEN
      RETURN 'recipient_opted_out';
    END IF;
    RETURN NULL;
  END
  $function$`;

const MOVE_DELIVERY = `
  CREATE OR REPLACE FUNCTION move_delivery(tenant uuid, which uuid, next text, leaves text[], told jsonb)
  RETURNS TABLE (status text, moved boolean, raised boolean) LANGUAGE plpgsql AS $function$
  #variable_conflict use_column
  DECLARE
    was deliveries;
    becomes deliveries;
  BEGIN
    SELECT * INTO was FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    moved := was.status = ANY(leaves) OR was.status = 'failed'
      AND coalesce(was.error_code, '') = 'outcome_unknown' AND told ? 'reported' AND next <> 'sending';
    becomes := was;
    becomes.provider_message_id := coalesce(was.provider_message_id, told->>'providerMessageId');
    IF was.from_text ~ '^MG[0-9a-fA-F]{32}$' THEN
      becomes.from_text := coalesce(told->>'from', was.from_text);
    END IF;
    becomes.segments := coalesce((told->>'segments')::int, was.segments, (told->>'computedSegments')::int);
    becomes.encoding := coalesce(was.encoding, told->>'encoding');
    becomes.price := coalesce(was.price, (told->>'price')::numeric);
    becomes.currency := coalesce(was.currency, told->>'currency');
    IF moved THEN
      becomes.status := next;
      becomes.error_code := told->>'errorCode';
      becomes.provider_code := told->>'providerCode';
      becomes.error_text := told->>'errorText';
      IF next IN ('sent', 'delivered', 'undelivered', 'read') THEN
        becomes.sent_at := coalesce(was.sent_at, now());
      END IF;
      IF next NOT IN ('sending', 'sent') THEN
        becomes.done_at := now();
      END IF;
    END IF;
    IF becomes IS DISTINCT FROM was THEN
      becomes.updated_at := now();
      UPDATE deliveries one
      SET status = becomes.status, provider_message_id = becomes.provider_message_id, from_text = becomes.from_text,
          segments = becomes.segments, encoding = becomes.encoding, price = becomes.price, currency = becomes.currency, error_code = becomes.error_code,
          provider_code = becomes.provider_code, error_text = becomes.error_text, sent_at = becomes.sent_at,
          done_at = becomes.done_at, updated_at = becomes.updated_at
      WHERE one.client_id = tenant AND one.id = which;
    END IF;
    DELETE FROM delivery_jobs job
    WHERE job.client_id = tenant AND job.id = which
      AND (becomes.status NOT IN ('queued', 'sending', 'sent')
        OR job.kind IN ('send', 'reconcile') AND (becomes.provider_message_id IS NOT NULL OR becomes.status = 'sent'));
    PERFORM count_delivery(was, becomes);
    status := becomes.status;
    raised := moved AND EXISTS (SELECT FROM listeners WHERE client_id = tenant);
    IF raised THEN
      PERFORM raise_event(tenant, 'delivery.updated', becomes.channel_id, NULL, delivery_data(becomes), true);
    END IF;
    RETURN NEXT;
  END
  $function$`;

const FORMER_OBSTACLE_TO = `
  CREATE OR REPLACE FUNCTION obstacle_to(one deliveries, carrier_id uuid) RETURNS text LANGUAGE plpgsql STABLE AS $function$
  BEGIN
    IF NOT EXISTS (
      SELECT FROM messages message
      WHERE message.client_id = one.client_id AND message.id = one.id AND message.deleted_at IS NULL
    ) THEN
      RETURN 'canceled';
    ELSIF EXISTS (SELECT FROM clients client WHERE client.id = one.client_id AND client.disabled_at IS NOT NULL) THEN
      RETURN 'workspace_disabled';
    ELSIF NOT EXISTS (
      SELECT FROM addresses address
      WHERE address.client_id = one.client_id AND address.customer_id = one.address_id AND address.verified_at IS NOT NULL
        AND address.released_at IS NULL AND address.provider_id = carrier_id
    ) THEN
      RETURN 'invalid_from';
    ELSIF one.to_text IS NULL OR one.to_text !~ '^\\+[1-9][0-9]{1,14}$' THEN
      RETURN 'invalid_number';
    ELSIF NOT one.may_reach_opted_out AND EXISTS (
      SELECT FROM opt_outs
      WHERE client_id = one.client_id AND scope_id IN (one.address_id, one.client_id)
        AND number_sha256 = opt_out_hash(one.client_id, one.to_text) AND ended_at IS NULL
    ) THEN
      RETURN 'recipient_opted_out';
    END IF;
    RETURN NULL;
  END
  $function$`;

const FORMER_MOVE_DELIVERY = `
  CREATE OR REPLACE FUNCTION move_delivery(tenant uuid, which uuid, next text, leaves text[], told jsonb)
  RETURNS TABLE (status text, moved boolean, raised boolean) LANGUAGE plpgsql AS $function$
  #variable_conflict use_column
  DECLARE
    was deliveries;
    becomes deliveries;
  BEGIN
    SELECT * INTO was FROM deliveries WHERE client_id = tenant AND id = which FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    moved := was.status = ANY(leaves) OR was.status = 'failed'
      AND coalesce(was.error_code, '') = 'outcome_unknown' AND told ? 'reported' AND next <> 'sending';
    becomes := was;
    becomes.provider_message_id := coalesce(was.provider_message_id, told->>'providerMessageId');
    becomes.segments := coalesce((told->>'segments')::int, was.segments, (told->>'computedSegments')::int);
    becomes.encoding := coalesce(was.encoding, told->>'encoding');
    becomes.price := coalesce(was.price, (told->>'price')::numeric);
    becomes.currency := coalesce(was.currency, told->>'currency');
    IF moved THEN
      becomes.status := next;
      becomes.error_code := told->>'errorCode';
      becomes.provider_code := told->>'providerCode';
      becomes.error_text := told->>'errorText';
      IF next IN ('sent', 'delivered', 'undelivered', 'read') THEN
        becomes.sent_at := coalesce(was.sent_at, now());
      END IF;
      IF next NOT IN ('sending', 'sent') THEN
        becomes.done_at := now();
      END IF;
    END IF;
    IF becomes IS DISTINCT FROM was THEN
      becomes.updated_at := now();
      UPDATE deliveries one
      SET status = becomes.status, provider_message_id = becomes.provider_message_id, segments = becomes.segments,
          encoding = becomes.encoding, price = becomes.price, currency = becomes.currency, error_code = becomes.error_code,
          provider_code = becomes.provider_code, error_text = becomes.error_text, sent_at = becomes.sent_at,
          done_at = becomes.done_at, updated_at = becomes.updated_at
      WHERE one.client_id = tenant AND one.id = which;
    END IF;
    DELETE FROM delivery_jobs job
    WHERE job.client_id = tenant AND job.id = which
      AND (becomes.status NOT IN ('queued', 'sending', 'sent')
        OR job.kind IN ('send', 'reconcile') AND (becomes.provider_message_id IS NOT NULL OR becomes.status = 'sent'));
    PERFORM count_delivery(was, becomes);
    status := becomes.status;
    raised := moved AND EXISTS (SELECT FROM listeners WHERE client_id = tenant);
    IF raised THEN
      PERFORM raise_event(tenant, 'delivery.updated', becomes.channel_id, NULL, delivery_data(becomes), true);
    END IF;
    RETURN NEXT;
  END
  $function$`;
