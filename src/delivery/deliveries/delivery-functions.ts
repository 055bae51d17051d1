/**
 * Functions of the database, as the migrations left them; a test holds the two against each other. Each is called by one
 * statement and is a round trip; within it every step sees what was committed while the step before waited for a lock. Rows
 * are locked in this order: delivery, its jobs, counts.
 */

/** Of a row of deliveries: the shard of the counts it is in. */
const SHARD = '(get_byte(uuid_send(id), 15) & 7)';

/**
 * What the statement of a send calls for messages `sent`, where their channel has an address: each that was said as the
 * address is to go out, and moves its conversation (follow_conversation, in src/engagement). What can't go is found out by the
 * worker. What an e-mail account says goes out as a mail: see make_mails, in ../email. One call for all, so that counts are locked in one order. `keys` are the API keys that sent them, in the same order.
 */
export const MAKE_DELIVERIES = `
  CREATE OR REPLACE FUNCTION make_deliveries(tenant uuid, sent uuid[], keys uuid[] DEFAULT NULL)
  RETURNS boolean LANGUAGE plpgsql AS $function$
  DECLARE
    is_any boolean;
    is_mail boolean;
  BEGIN
    PERFORM follow_conversation(tenant, sent);
    WITH spoken AS (
      SELECT message.id, message.channel_id, message.position, message.sender_id, message.type, message.created_at,
             jsonb_array_length(jsonb_path_query_array(message.parts, '$[*].fileId')) AS media_count,
             conversation.address_id, conversation.person_id, conversation.medium
      FROM messages message
      JOIN conversations conversation
        ON conversation.client_id = tenant AND conversation.channel_id = message.channel_id
      WHERE message.client_id = tenant AND message.id = ANY(sent)
    ), made AS (
      INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, person_id, from_text, to_text,
                              status, media_count, key_id, created_at, updated_at)
      SELECT tenant, spoken.id, 'outbound', CASE WHEN spoken.media_count > 0 THEN 'mms' ELSE 'sms' END,
             spoken.channel_id, spoken.address_id, spoken.person_id, address.address, person.phone,
             'queued', coalesce(spoken.media_count, 0), keys[array_position(sent, spoken.id)],
             spoken.created_at, spoken.created_at
      FROM spoken
      JOIN addresses address ON address.client_id = tenant AND address.customer_id = spoken.address_id
      LEFT JOIN customers person ON person.client_id = tenant AND person.id = spoken.person_id
      WHERE spoken.sender_id = spoken.address_id AND spoken.type <> 'system' AND address.medium = 'sms'
      RETURNING *
    ), queued AS (
      INSERT INTO delivery_jobs (client_id, id, kind, channel_id, position)
      SELECT tenant, made.id, 'send', made.channel_id, spoken.position FROM made JOIN spoken ON spoken.id = made.id
    ), counted AS (
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, n)
      SELECT tenant, (created_at AT TIME ZONE 'UTC')::date, address_id, direction, status, ${SHARD}, count(*)
      FROM made GROUP BY 2, 3, 4, 5, 6 ORDER BY 2, 3, 4, 5, 6
      ON CONFLICT (client_id, day, address_id, direction, status, shard, currency)
        DO UPDATE SET n = delivery_counts.n + excluded.n
    ), raised AS MATERIALIZED (
      SELECT raise_event(tenant, 'delivery.created', made.channel_id, NULL, delivery_data(made), true)
      FROM made
      WHERE EXISTS (SELECT FROM listeners WHERE client_id = tenant)
    )
    SELECT count(*) > 0 AND (SELECT count(*) FROM raised) >= 0, (SELECT bool_or(medium = 'email') FROM spoken)
    INTO is_any, is_mail FROM made;
    IF is_mail THEN
      is_any := make_mails(tenant, sent) OR is_any;
    END IF;
    RETURN is_any;
  END
  $function$`;

/** The data of an event about it: see DeliveryEventData. */
export const DELIVERY_DATA = `
  CREATE OR REPLACE FUNCTION delivery_data(one deliveries) RETURNS jsonb LANGUAGE sql STABLE AS $function$
    SELECT jsonb_build_object('id', one.id, 'channelId', one.channel_id, 'direction', one.direction,
      'medium', one.medium, 'status', one.status, 'from', one.from_text, 'to', one.to_text,
      'errorCode', one.error_code, 'segments', one.segments, 'price', one.price::text, 'currency', one.currency,
      'provider', split_part(one.provider, ':', 1), 'createdAt', one.created_at,
      'body', message.words, 'media', coalesce(message.files, '[]'))
    FROM (VALUES (1)) AS single
    LEFT JOIN LATERAL (
      SELECT CASE WHEN content = parts->0->>'mimeType' THEN '' ELSE content END AS words,
             jsonb_path_query_array(parts, '$[*] ? (exists(@.fileId))') AS files
      FROM messages said WHERE said.client_id = one.client_id AND said.id = one.id
    ) message ON true
  $function$`;

/** Moves the counts of a delivery that `was` and `becomes`; the former is null where there was none. */
export const COUNT_DELIVERY = `
  CREATE OR REPLACE FUNCTION count_delivery(was deliveries, becomes deliveries) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
    SELECT becomes.client_id, (becomes.created_at AT TIME ZONE 'UTC')::date, becomes.address_id, becomes.direction, moved.status,
           get_byte(uuid_send(becomes.id), 15) & 7, moved.currency, sum(moved.n), sum(moved.segments), sum(moved.price)
    FROM (VALUES
      (was.status, coalesce(was.currency, ''), -1, -coalesce(was.segments, 0), -coalesce(was.price, 0)),
      (becomes.status, coalesce(becomes.currency, ''), 1, coalesce(becomes.segments, 0), coalesce(becomes.price, 0))
    ) AS moved (status, currency, n, segments, price)
    WHERE moved.status IS NOT NULL
    GROUP BY moved.status, moved.currency
    HAVING sum(moved.n) <> 0 OR sum(moved.segments) <> 0 OR sum(moved.price) <> 0
    ORDER BY moved.status, moved.currency
    ON CONFLICT (client_id, day, address_id, direction, status, shard, currency) DO UPDATE
    SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
        price = delivery_counts.price + excluded.price;
  END
  $function$`;

/**
 * Delivery `which` becomes `next`, where it is one of `leaves` (or an unknown outcome of which its provider tells now);
 * otherwise `told` fills in at most what is not known yet, such as which number a messaging service picked, and a row that
 * stays as it was is not written. Its jobs go where they have nothing more to do. Answers the status it has then, and whether
 * somebody listens; no row: there is no such delivery.
 */
export const MOVE_DELIVERY = `
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

/** Salted with a secret of the workspace, so that two workspaces' opt-outs of one number can not be told to be of one. */
export const OPT_OUT_HASH = `
  CREATE OR REPLACE FUNCTION opt_out_hash(tenant uuid, number text) RETURNS bytea LANGUAGE sql STABLE AS $function$
    SELECT sha256(convert_to('opt-out', 'UTF8') || opt_out_salt || convert_to($2, 'UTF8'))
    FROM workspace_settings WHERE client_id = tenant
  $function$`;

/**
 * What an opt-out may be for that keeps `speaker` from writing: the client, and the address or its messaging service with all
 * its numbers. One that came before a number was in the service holds on.
 */
export const OPT_OUT_SCOPES = `
  CREATE OR REPLACE FUNCTION opt_out_scopes(tenant uuid, speaker uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $function$
  DECLARE
    service uuid := coalesce((
      SELECT one.service_id FROM addresses one WHERE one.client_id = tenant AND one.customer_id = speaker), speaker);
  BEGIN
    RETURN ARRAY[tenant, service] || ARRAY(
      SELECT one.customer_id FROM addresses one WHERE one.client_id = tenant AND one.service_id = service);
  END
  $function$`;

/** Of a person who is being erased: the person's side of up to `most` deliveries, whose number an opt-out is, and as many mails. */
export const FORGET_PERSON = `
  CREATE OR REPLACE FUNCTION forget_person(tenant uuid, person uuid, most int) RETURNS int LANGUAGE plpgsql AS $function$
  DECLARE
    forgotten int;
    mails int;
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
    mails := forget_mails_of(tenant, person, most);
    RETURN greatest(forgotten, mails);
  END
  $function$`;
