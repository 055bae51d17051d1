import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Numbers that a client speaks through, how messages travelled between them and phones, and who must not be written to. */
export class Delivery1795400201000 implements MigrationInterface {
  name = 'Delivery1795400201000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "addresses" ("client_id" uuid NOT NULL, "customer_id" uuid NOT NULL, "medium" text NOT NULL DEFAULT 'sms', "kind" text NOT NULL, "address" text NOT NULL, "provider_id" uuid NOT NULL, "name" text, "capabilities" text array NOT NULL DEFAULT '{sms}', "is_default" boolean NOT NULL DEFAULT false, "verified_at" TIMESTAMP WITH TIME ZONE, "thread_count" integer NOT NULL DEFAULT '0', "archived_count" integer NOT NULL DEFAULT '0', "released_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_63dff0684b6d818e450d8c7c164" PRIMARY KEY ("client_id", "customer_id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_3ad0b1ec4d40da2496e99bd894" ON "addresses" ("client_id", "medium") WHERE is_default`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_a8137aa9d4e3b074455bedd240" ON "addresses" ("client_id", "address") WHERE released_at IS NULL`,
    );
    await queryRunner.query(
      `CREATE TABLE "conversations" ("client_id" uuid NOT NULL, "channel_id" uuid NOT NULL, "address_id" uuid NOT NULL, "person_id" uuid, "last_message_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "archived" boolean NOT NULL DEFAULT false, CONSTRAINT "PK_f09027c56e3beb4c77fa5eb94f0" PRIMARY KEY ("client_id", "channel_id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_5f1ef6ee572ba2e6036aa9d828" ON "conversations" ("client_id", "person_id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_f27cdbc6f64a588ce0f5ac39dc" ON "conversations" ("client_id", "address_id", "archived", "last_message_at", "channel_id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_46dbb491c5b4f281192d532d82" ON "conversations" ("client_id", "archived", "last_message_at", "channel_id")`,
    );
    await queryRunner.query(
      `CREATE TABLE "delivery_counts" ("client_id" uuid NOT NULL, "day" date NOT NULL, "address_id" uuid NOT NULL, "direction" text NOT NULL, "status" text NOT NULL, "shard" smallint NOT NULL, "n" bigint NOT NULL DEFAULT '0', "segments" bigint NOT NULL DEFAULT '0', "price" numeric NOT NULL DEFAULT '0', CONSTRAINT "PK_f816dd0b1dcc5aafe2b009f89f3" PRIMARY KEY ("client_id", "day", "address_id", "direction", "status", "shard"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "deliveries" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "direction" text NOT NULL, "medium" text NOT NULL, "channel_id" uuid NOT NULL, "address_id" uuid NOT NULL, "person_id" uuid, "from_text" text, "to_text" text, "provider_id" uuid, "provider" text, "provider_message_id" text, "status" text NOT NULL, "submitted_at" TIMESTAMP WITH TIME ZONE, "attempts" integer NOT NULL DEFAULT '0', "error_code" text, "provider_code" text, "error_text" text, "segments" integer, "encoding" text, "media_count" integer NOT NULL DEFAULT '0', "price" numeric, "currency" text, "may_reach_opted_out" boolean NOT NULL DEFAULT false, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "sent_at" TIMESTAMP WITH TIME ZONE, "done_at" TIMESTAMP WITH TIME ZONE, "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ef7b87cabb0a46a04d9d5b4c3c1" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_0c6270334f5b3ff90731a2b095" ON "deliveries" ("client_id", "person_id")`);
    await queryRunner.query(
      `CREATE INDEX "IDX_407b42cebab6e51566c4bb0ae5" ON "deliveries" ("client_id", "status", "created_at", "id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_d588d44b669838a8689ebbb017" ON "deliveries" ("client_id", "address_id", "created_at", "id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_63a4c82f05995ab1886b967d9b" ON "deliveries" ("client_id", "created_at", "id")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_de7375253dedd98be69b89a301" ON "deliveries" ("client_id", "provider", "provider_message_id")`,
    );
    await queryRunner.query(
      `CREATE TABLE "message_authors" ("client_id" uuid NOT NULL, "message_id" uuid NOT NULL, "user_id" uuid NOT NULL, CONSTRAINT "PK_d30a8cc158ab0ded76dfb48fc28" PRIMARY KEY ("client_id", "message_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "opt_outs" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "scope_id" uuid NOT NULL, "number_sha256" bytea NOT NULL, "number" text, "person_id" uuid, "source" text NOT NULL, "keyword" text, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "ended_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_87ee3d041f0c2ce32c2fde0c3ea" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_6a3c10857627313b83f338e157" ON "opt_outs" ("client_id", "person_id")`);
    await queryRunner.query(
      `CREATE INDEX "IDX_99608f754dec8870bcd687c5bb" ON "opt_outs" ("client_id", "created_at", "id")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_940d38f3a1ebaf3a58e6dba268" ON "opt_outs" ("client_id", "scope_id", "number_sha256") WHERE ended_at IS NULL`,
    );
    await queryRunner.query(
      `CREATE TABLE "messaging_providers" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "kind" text NOT NULL, "secret" bytea, "public" jsonb NOT NULL DEFAULT '{}', "active" boolean NOT NULL DEFAULT true, "last_error" text, "last_error_at" TIMESTAMP WITH TIME ZONE, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_7f597970d1363a9d29d16e29a64" PRIMARY KEY ("client_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_8ae9143441928ac8d09b5f3157" ON "messaging_providers" ("client_id") WHERE active`,
    );
    await queryRunner.query(
      `CREATE TABLE "delivery_jobs" ("client_id" uuid NOT NULL, "id" uuid NOT NULL, "kind" text NOT NULL, "channel_id" uuid NOT NULL, "position" integer NOT NULL, "next_attempt_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "attempts" integer NOT NULL DEFAULT '0', "tries" integer NOT NULL DEFAULT '0', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_c36ac0057cc8609226bdde51df0" PRIMARY KEY ("client_id", "id", "kind"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_99e660687b0fc3a3dd7429ec23" ON "delivery_jobs" ("client_id", "channel_id", "position") WHERE kind = 'send'`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_2ab7eed81e8665dbc19d8e9728" ON "delivery_jobs" ("next_attempt_at")`);
    await queryRunner.query(`ALTER TABLE "channels" ADD "address_id" uuid`);
    await queryRunner.query(
      `ALTER TABLE "addresses" ADD CONSTRAINT "FK_63dff0684b6d818e450d8c7c164" FOREIGN KEY ("client_id", "customer_id") REFERENCES "customers"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "conversations" ADD CONSTRAINT "FK_f09027c56e3beb4c77fa5eb94f0" FOREIGN KEY ("client_id", "channel_id") REFERENCES "channels"("client_id","id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION keep_conversation(tenant uuid, channel uuid, speaker uuid, others uuid[])
  RETURNS void LANGUAGE plpgsql AS $function$
  DECLARE
    is_new boolean;
  BEGIN
    IF cardinality(others) = 0 THEN
      WITH closed AS (
        DELETE FROM conversations WHERE client_id = tenant AND channel_id = channel RETURNING address_id, archived
      )
      UPDATE addresses
      SET thread_count = thread_count - 1, archived_count = archived_count - closed.archived::int
      FROM closed
      WHERE client_id = tenant AND customer_id = closed.address_id;
      RETURN;
    END IF;
    INSERT INTO conversations (client_id, channel_id, address_id, person_id)
    VALUES (tenant, channel, speaker, CASE WHEN cardinality(others) = 1 THEN others[1] END)
    ON CONFLICT (client_id, channel_id) DO UPDATE SET person_id = excluded.person_id
    RETURNING xmax = 0 INTO is_new;
    IF is_new THEN
      UPDATE addresses SET thread_count = thread_count + 1 WHERE client_id = tenant AND customer_id = speaker;
    END IF;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION delivery_data(one deliveries) RETURNS jsonb LANGUAGE sql STABLE AS $function$
    SELECT jsonb_build_object('id', one.id, 'channelId', one.channel_id, 'direction', one.direction,
      'medium', one.medium, 'status', one.status, 'from', one.from_text, 'to', one.to_text,
      'errorCode', one.error_code, 'segments', one.segments, 'price', one.price::text, 'currency', one.currency,
      'provider', split_part(one.provider, ':', 1), 'createdAt', one.created_at,
      'body', (SELECT content FROM messages message WHERE message.client_id = one.client_id AND message.id = one.id))
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION count_delivery(was deliveries, becomes deliveries) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, n, segments, price)
    SELECT becomes.client_id, (becomes.created_at AT TIME ZONE 'UTC')::date, becomes.address_id, becomes.direction, moved.status,
           get_byte(uuid_send(becomes.id), 15) & 7, sum(moved.n), sum(moved.segments), sum(moved.price)
    FROM (VALUES
      (was.status, -1, -coalesce(was.segments, 0), -coalesce(was.price, 0)),
      (becomes.status, 1, coalesce(becomes.segments, 0), coalesce(becomes.price, 0))
    ) AS moved (status, n, segments, price)
    WHERE moved.status IS NOT NULL
    GROUP BY moved.status
    HAVING sum(moved.n) <> 0 OR sum(moved.segments) <> 0 OR sum(moved.price) <> 0
    ORDER BY moved.status
    ON CONFLICT (client_id, day, address_id, direction, status, shard) DO UPDATE
    SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
        price = delivery_counts.price + excluded.price;
  END
  $function$`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION opt_out_hash(tenant uuid, number text) RETURNS bytea LANGUAGE sql STABLE AS $function$
    SELECT sha256(convert_to('opt-out', 'UTF8') || realtime_secret || convert_to($2, 'UTF8'))
    FROM clients WHERE id = tenant
  $function$`);
    await queryRunner.query(`
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
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION make_deliveries(tenant uuid, sent uuid[]) RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    is_any boolean;
  BEGIN
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             jsonb_array_length(jsonb_path_query_array(message.parts, '$[*].fileId')) AS media_count,
             conversation.address_id, conversation.person_id
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
      WHERE message.client_id = tenant AND message.id = ANY(sent)
    ), touched AS (
      UPDATE conversations SET last_message_at = greatest(last_message_at, said.at)
      FROM (SELECT channel_id, max(created_at) AS at FROM spoken GROUP BY channel_id) said
      WHERE conversations.client_id = tenant AND conversations.channel_id = said.channel_id
    ), made AS (
      INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, person_id, from_text, to_text,
                              status, media_count, created_at, updated_at)
      SELECT tenant, spoken.id, 'outbound', CASE WHEN spoken.media_count > 0 THEN 'mms' ELSE 'sms' END,
             spoken.channel_id, spoken.address_id, spoken.person_id, address.address, person.phone,
             'queued', coalesce(spoken.media_count, 0), spoken.created_at, spoken.created_at
      FROM spoken
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = spoken.address_id
      LEFT JOIN customers person ON person.client_id = tenant AND person.id = spoken.person_id
      WHERE spoken.sender_id = spoken.address_id AND spoken.type <> 'system'
      RETURNING *
    ), queued AS (
      INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position)
      SELECT tenant, made.id, 'send', made.channel_id, spoken.position FROM made JOIN spoken ON spoken.id = made.id
    ), counted AS (
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, n)
      SELECT tenant, (created_at AT TIME ZONE 'UTC')::date, address_id, direction, status, (get_byte(uuid_send(id), 15) & 7), count(*)
      FROM made GROUP BY 2, 3, 4, 5, 6 ORDER BY 2, 3, 4, 5, 6
      ON CONFLICT (client_id, day, address_id, direction, status, shard)
        DO UPDATE SET n = delivery_counts.n + excluded.n
    ), raised AS MATERIALIZED (
      SELECT raise_event(tenant, 'delivery.created', made.channel_id, NULL, delivery_data(made), true)
      FROM made
      WHERE EXISTS (SELECT FROM listeners WHERE client_id = tenant)
    )
    SELECT count(*) > 0 AND (SELECT count(*) FROM raised) >= 0 INTO is_any FROM made;
    RETURN is_any;
  END
  $function$`);
    await queryRunner.query(`
  CREATE OR REPLACE FUNCTION forget_person(tenant uuid, person uuid, most int) RETURNS int LANGUAGE plpgsql AS $function$
  DECLARE
    forgotten int;
  BEGIN
    WITH few AS (
      SELECT id FROM deliveries WHERE client_id = tenant AND person_id = person ORDER BY id LIMIT most
      FOR NO KEY UPDATE
    )
    UPDATE deliveries
    SET from_text = CASE WHEN direction = 'outbound' THEN from_text END,
        to_text = CASE WHEN direction = 'inbound' THEN to_text END, error_text = NULL, person_id = NULL
    FROM few
    WHERE client_id = tenant AND deliveries.id = few.id;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    UPDATE opt_outs SET number = NULL, person_id = NULL WHERE client_id = tenant AND person_id = person;
    RETURN forgotten;
  END
  $function$`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const signature of [
      'forget_person(uuid, uuid, int)',
      'make_deliveries(uuid, uuid[])',
      'submit_delivery(uuid, uuid, int)',
      'opt_out_hash(uuid, text)',
      'move_delivery(uuid, uuid, text, text[], jsonb)',
      'count_delivery(deliveries, deliveries)',
      'delivery_data(deliveries)',
      'keep_conversation(uuid, uuid, uuid, uuid[])',
    ]) {
      await queryRunner.query(`DROP FUNCTION ${signature}`);
    }
    await queryRunner.query(`ALTER TABLE "channels" DROP COLUMN "address_id"`);
    for (const table of [
      'addresses',
      'conversations',
      'delivery_counts',
      'deliveries',
      'message_authors',
      'opt_outs',
      'messaging_providers',
      'delivery_jobs',
    ]) {
      await queryRunner.query(`DROP TABLE "${table}"`);
    }
  }
}
