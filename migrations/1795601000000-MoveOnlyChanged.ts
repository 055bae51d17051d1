import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is told of a delivery and changes nothing leaves its row alone, its `updated_at` too. */
export class MoveOnlyChanged1795601000000 implements MigrationInterface {
  name = 'MoveOnlyChanged1795601000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(MOVE_DELIVERY);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FORMER_MOVE_DELIVERY);
  }
}

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
    UPDATE deliveries one
    SET status = CASE WHEN moved THEN next ELSE was.status END,
        provider_message_id = coalesce(was.provider_message_id, told->>'providerMessageId'),
        segments = coalesce((told->>'segments')::int, was.segments, (told->>'computedSegments')::int),
        encoding = coalesce(was.encoding, told->>'encoding'),
        price = coalesce(was.price, (told->>'price')::numeric), currency = coalesce(was.currency, told->>'currency'),
        error_code = CASE WHEN moved THEN told->>'errorCode' ELSE was.error_code END,
        provider_code = CASE WHEN moved THEN told->>'providerCode' ELSE was.provider_code END,
        error_text = CASE WHEN moved THEN told->>'errorText' ELSE was.error_text END,
        sent_at = CASE WHEN moved AND next IN ('sent', 'delivered', 'undelivered', 'read')
                    THEN coalesce(was.sent_at, now()) ELSE was.sent_at END,
        done_at = CASE WHEN moved AND next NOT IN ('sending', 'sent') THEN now() ELSE was.done_at END,
        updated_at = now()
    WHERE one.client_id = tenant AND one.id = which
    RETURNING one.* INTO becomes;
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
