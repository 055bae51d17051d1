-- sends.send_many
  WITH batch AS MATERIALIZED (
    SELECT $2::uuid[] AS ids, $3::text[] AS types, $4::text[] AS contents, $5::jsonb[] AS metadata, $6::jsonb[] AS parts,
           $7::uuid[] AS channel_ids, $8::uuid[] AS sender_ids
  ), given AS MATERIALIZED (
    SELECT one.*
    FROM batch
    CROSS JOIN LATERAL unnest(ids, types, contents, batch.metadata, batch.parts, channel_ids, sender_ids)
      WITH ORDINALITY AS one (id, type, content, metadata, parts, channel_id, sender_id, at)
  ), held AS MATERIALIZED (
    SELECT wanted.channel_id, wanted.sender_id, locked.message_count
    FROM (SELECT DISTINCT channel_id, sender_id FROM given) wanted
    CROSS JOIN LATERAL (
      SELECT sender.message_count
      FROM channel_members member
      JOIN channels channel ON channel.client_id = $1 AND channel.id = wanted.channel_id
      JOIN customers sender ON sender.client_id = $1 AND sender.id = wanted.sender_id
      WHERE member.client_id = $1 AND member.channel_id = wanted.channel_id AND member.customer_id = wanted.sender_id
      FOR NO KEY UPDATE SKIP LOCKED
    ) locked
  ), held_counter AS MATERIALIZED (
    SELECT name FROM counters
    WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM held WHERE message_count = 0)
    FOR NO KEY UPDATE SKIP LOCKED
  ), ready AS MATERIALIZED (
    SELECT given.*, row_number() OVER (PARTITION BY given.channel_id ORDER BY given.at)::int AS place
    FROM given given
    JOIN held ON held.channel_id = given.channel_id AND held.sender_id = given.sender_id
    WHERE held.message_count > 0 OR EXISTS (SELECT FROM held_counter)
  ), moment AS MATERIALIZED (
    SELECT clock_timestamp() AS at FROM (SELECT count(*) FROM ready) AS held
  ), member AS (
    UPDATE channel_members SET message_count = message_count + said.count, last_message_at = moment.at
    FROM (SELECT channel_id, sender_id, count(*)::int FROM ready GROUP BY channel_id, sender_id) said, moment
    WHERE client_id = $1 AND channel_members.channel_id = said.channel_id
      AND channel_members.customer_id = said.sender_id
  ), channel AS (
    UPDATE channels
    SET last_position = last_position + said.count, message_count = message_count + said.count,
        last_message_at = greatest(last_message_at, moment.at)
    FROM (SELECT channel_id, count(*)::int FROM ready GROUP BY channel_id) said, moment
    WHERE client_id = $1 AND channels.id = said.channel_id
    RETURNING channels.id, last_position - said.count AS before, last_message_at AS at, address_id
  ), sender AS (
    UPDATE customers
    SET message_count = message_count + said.count, latest_message_at = greatest(latest_message_at, said.at)
    FROM (
      SELECT ready.sender_id, count(*)::int, max(channel.at) AS at
      FROM ready JOIN channel ON channel.id = ready.channel_id GROUP BY ready.sender_id
    ) said
    WHERE client_id = $1 AND customers.id = said.sender_id
    RETURNING message_count = said.count AS is_new
  ), newly_active AS (
    UPDATE counters SET value = value + (SELECT count(*) FROM sender WHERE is_new)
    WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM sender WHERE is_new)
  ), message AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, metadata, parts, created_at)
    SELECT $1, ready.channel_id, channel.before + ready.place, ready.id, ready.sender_id, ready.type, ready.content,
           ready.metadata, ready.parts, channel.at
    FROM ready JOIN channel ON channel.id = ready.channel_id
    ORDER BY ready.at
    RETURNING *
  )
  SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt", message.id IS NULL AND EXISTS (
           SELECT FROM given decided JOIN channel_members member ON decided.at = given.at
           WHERE member.client_id = $1 AND member.channel_id = given.channel_id AND member.customer_id = given.sender_id
         ) AS "isHeld", greatest(CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) AND message.id IS NOT NULL THEN raise_message(message) ELSE false END, (
           SELECT make_deliveries($1, array_agg(message.id))
           FROM message JOIN channel ON channel.id = message.channel_id
           WHERE channel.address_id IS NOT NULL HAVING count(*) > 0)) AS raised
  FROM given LEFT JOIN message ON message.id = given.id
  ORDER BY given.at;

-- sends.send_many_by_key
  WITH batch AS MATERIALIZED (
    SELECT $2::uuid[] AS ids, $3::text[] AS types, $4::text[] AS contents, $5::jsonb[] AS metadata, $6::jsonb[] AS parts,
           $7::uuid[] AS channel_ids, $8::uuid[] AS sender_ids, $9::uuid[] AS key_ids
  ), given AS MATERIALIZED (
    SELECT one.*
    FROM batch
    CROSS JOIN LATERAL unnest(ids, types, contents, batch.metadata, batch.parts, channel_ids, sender_ids, key_ids)
      WITH ORDINALITY AS one (id, type, content, metadata, parts, channel_id, sender_id, key_id, at)
  ), held AS MATERIALIZED (
    SELECT wanted.channel_id, wanted.sender_id, locked.message_count
    FROM (SELECT DISTINCT channel_id, sender_id FROM given) wanted
    CROSS JOIN LATERAL (
      SELECT sender.message_count
      FROM channel_members member
      JOIN channels channel ON channel.client_id = $1 AND channel.id = wanted.channel_id
      JOIN customers sender ON sender.client_id = $1 AND sender.id = wanted.sender_id
      WHERE member.client_id = $1 AND member.channel_id = wanted.channel_id AND member.customer_id = wanted.sender_id
      FOR NO KEY UPDATE SKIP LOCKED
    ) locked
  ), held_counter AS MATERIALIZED (
    SELECT name FROM counters
    WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM held WHERE message_count = 0)
    FOR NO KEY UPDATE SKIP LOCKED
  ), ready AS MATERIALIZED (
    SELECT given.*, row_number() OVER (PARTITION BY given.channel_id ORDER BY given.at)::int AS place
    FROM given given
    JOIN held ON held.channel_id = given.channel_id AND held.sender_id = given.sender_id
    WHERE held.message_count > 0 OR EXISTS (SELECT FROM held_counter)
  ), moment AS MATERIALIZED (
    SELECT clock_timestamp() AS at FROM (SELECT count(*) FROM ready) AS held
  ), member AS (
    UPDATE channel_members SET message_count = message_count + said.count, last_message_at = moment.at
    FROM (SELECT channel_id, sender_id, count(*)::int FROM ready GROUP BY channel_id, sender_id) said, moment
    WHERE client_id = $1 AND channel_members.channel_id = said.channel_id
      AND channel_members.customer_id = said.sender_id
  ), channel AS (
    UPDATE channels
    SET last_position = last_position + said.count, message_count = message_count + said.count,
        last_message_at = greatest(last_message_at, moment.at)
    FROM (SELECT channel_id, count(*)::int FROM ready GROUP BY channel_id) said, moment
    WHERE client_id = $1 AND channels.id = said.channel_id
    RETURNING channels.id, last_position - said.count AS before, last_message_at AS at, address_id
  ), sender AS (
    UPDATE customers
    SET message_count = message_count + said.count, latest_message_at = greatest(latest_message_at, said.at)
    FROM (
      SELECT ready.sender_id, count(*)::int, max(channel.at) AS at
      FROM ready JOIN channel ON channel.id = ready.channel_id GROUP BY ready.sender_id
    ) said
    WHERE client_id = $1 AND customers.id = said.sender_id
    RETURNING message_count = said.count AS is_new
  ), newly_active AS (
    UPDATE counters SET value = value + (SELECT count(*) FROM sender WHERE is_new)
    WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM sender WHERE is_new)
  ), message AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, metadata, parts, created_at)
    SELECT $1, ready.channel_id, channel.before + ready.place, ready.id, ready.sender_id, ready.type, ready.content,
           ready.metadata, ready.parts, channel.at
    FROM ready JOIN channel ON channel.id = ready.channel_id
    ORDER BY ready.at
    RETURNING *
  )
  SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt", message.id IS NULL AND EXISTS (
           SELECT FROM given decided JOIN channel_members member ON decided.at = given.at
           WHERE member.client_id = $1 AND member.channel_id = given.channel_id AND member.customer_id = given.sender_id
         ) AS "isHeld", greatest(CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) AND message.id IS NOT NULL THEN raise_message(message) ELSE false END, (
           SELECT make_deliveries($1, array_agg(message.id), array_agg(sent.key_id))
           FROM message JOIN channel ON channel.id = message.channel_id JOIN given sent ON sent.id = message.id
           WHERE channel.address_id IS NOT NULL HAVING count(*) > 0)) AS raised
  FROM given LEFT JOIN message ON message.id = given.id
  ORDER BY given.at;

-- sends.send_many_claiming
  WITH batch AS MATERIALIZED (
    SELECT $2::uuid[] AS ids, $3::text[] AS types, $4::text[] AS contents, $5::jsonb[] AS metadata, $6::jsonb[] AS parts,
           $7::uuid[] AS channel_ids, $8::uuid[] AS sender_ids, $9::uuid[] AS key_ids, $10::text[] AS sender_emails,
           $11::text[] AS recipient_emails, $12::text[] AS keys, $13::bytea[] AS fingerprints
  ), given AS MATERIALIZED (
    SELECT one.at, one.id, one.type, one.content, one.metadata, one.parts, one.key_id, one.key, one.fingerprint,
           coalesce(one.channel_id, general.id) AS channel_id, coalesce(one.sender_id, general.sender_id) AS sender_id
    FROM batch
    CROSS JOIN LATERAL unnest(ids, types, contents, batch.metadata, batch.parts, channel_ids, sender_ids, key_ids,
                              sender_emails, recipient_emails, keys, fingerprints)
      WITH ORDINALITY AS one (id, type, content, metadata, parts, channel_id, sender_id, key_id, sender_email,
                              recipient_email, key, fingerprint, at)
    LEFT JOIN LATERAL (
      SELECT channel.id, writer.id AS sender_id
      FROM customers writer
      JOIN customers reader ON reader.client_id = $1 AND reader.email = one.recipient_email
      JOIN channels channel ON channel.client_id = $1 AND channel.reuse_key = sha256(convert_to(
      'general:' || least(writer.id, reader.id) || ',' || greatest(writer.id, reader.id),
      'UTF8'))
      WHERE writer.client_id = $1 AND writer.email = one.sender_email
      LIMIT 1
    ) general ON true
  ), decided AS MATERIALIZED (
    SELECT * FROM given WHERE key IS NULL
    UNION ALL
    (
      SELECT DISTINCT ON (given.key) given.*
      FROM given
      LEFT JOIN LATERAL (
        SELECT kept.key FROM idempotency_keys kept WHERE kept.client_id = $1 AND kept.key = given.key LIMIT 1
      ) known ON true
      WHERE given.key IS NOT NULL AND known.key IS NULL AND pg_try_advisory_xact_lock(hashtextextended($1::uuid::text || given.key, 2))
      ORDER BY given.key, given.at
    )
  ), held AS MATERIALIZED (
    SELECT wanted.channel_id, wanted.sender_id, locked.message_count
    FROM (SELECT DISTINCT channel_id, sender_id FROM decided) wanted
    CROSS JOIN LATERAL (
      SELECT sender.message_count
      FROM channel_members member
      JOIN channels channel ON channel.client_id = $1 AND channel.id = wanted.channel_id
      JOIN customers sender ON sender.client_id = $1 AND sender.id = wanted.sender_id
      WHERE member.client_id = $1 AND member.channel_id = wanted.channel_id AND member.customer_id = wanted.sender_id
      FOR NO KEY UPDATE SKIP LOCKED
    ) locked
  ), held_counter AS MATERIALIZED (
    SELECT name FROM counters
    WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM held WHERE message_count = 0)
    FOR NO KEY UPDATE SKIP LOCKED
  ), ready AS MATERIALIZED (
    SELECT given.*, row_number() OVER (PARTITION BY given.channel_id ORDER BY given.at)::int AS place
    FROM decided given
    JOIN held ON held.channel_id = given.channel_id AND held.sender_id = given.sender_id
    WHERE held.message_count > 0 OR EXISTS (SELECT FROM held_counter)
  ), moment AS MATERIALIZED (
    SELECT clock_timestamp() AS at FROM (SELECT count(*) FROM ready) AS held
  ), member AS (
    UPDATE channel_members SET message_count = message_count + said.count, last_message_at = moment.at
    FROM (SELECT channel_id, sender_id, count(*)::int FROM ready GROUP BY channel_id, sender_id) said, moment
    WHERE client_id = $1 AND channel_members.channel_id = said.channel_id
      AND channel_members.customer_id = said.sender_id
  ), channel AS (
    UPDATE channels
    SET last_position = last_position + said.count, message_count = message_count + said.count,
        last_message_at = greatest(last_message_at, moment.at)
    FROM (SELECT channel_id, count(*)::int FROM ready GROUP BY channel_id) said, moment
    WHERE client_id = $1 AND channels.id = said.channel_id
    RETURNING channels.id, last_position - said.count AS before, last_message_at AS at, address_id
  ), sender AS (
    UPDATE customers
    SET message_count = message_count + said.count, latest_message_at = greatest(latest_message_at, said.at)
    FROM (
      SELECT ready.sender_id, count(*)::int, max(channel.at) AS at
      FROM ready JOIN channel ON channel.id = ready.channel_id GROUP BY ready.sender_id
    ) said
    WHERE client_id = $1 AND customers.id = said.sender_id
    RETURNING message_count = said.count AS is_new
  ), newly_active AS (
    UPDATE counters SET value = value + (SELECT count(*) FROM sender WHERE is_new)
    WHERE client_id = $1 AND name = 'active_customers' AND EXISTS (SELECT FROM sender WHERE is_new)
  ), message AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, metadata, parts, created_at)
    SELECT $1, ready.channel_id, channel.before + ready.place, ready.id, ready.sender_id, ready.type, ready.content,
           ready.metadata, ready.parts, channel.at
    FROM ready JOIN channel ON channel.id = ready.channel_id
    ORDER BY ready.at
    RETURNING *
  ), claimed AS (
    INSERT INTO idempotency_keys (client_id, key, fingerprint, body)
    SELECT $1, given.key, given.fingerprint, jsonb_build_object(
             'id', message.id, 'channelId', message.channel_id, 'senderId', message.sender_id,
             'position', message.position, 'type', message.type, 'content', message.content,
             'metadata', message.metadata, 'parts', message.parts, 'createdAt', message.created_at)::text
    FROM message JOIN given ON given.id = message.id WHERE given.key IS NOT NULL
  )
  SELECT
message.id, message.channel_id AS "channelId", message.sender_id AS "senderId", message.position, message.type,
message.content, message.metadata, message.parts, message.created_at AS "createdAt", message.id IS NULL AND EXISTS (
           SELECT FROM decided decided JOIN channel_members member ON decided.at = given.at
           WHERE member.client_id = $1 AND member.channel_id = given.channel_id AND member.customer_id = given.sender_id
         ) AS "isHeld", greatest(CASE WHEN EXISTS (SELECT FROM listeners WHERE client_id = $1) AND message.id IS NOT NULL THEN raise_message(message) ELSE false END, (
           SELECT make_deliveries($1, array_agg(message.id), array_agg(sent.key_id))
           FROM message JOIN channel ON channel.id = message.channel_id JOIN given sent ON sent.id = message.id
           WHERE channel.address_id IS NOT NULL HAVING count(*) > 0)) AS raised
  FROM given LEFT JOIN message ON message.id = given.id
  ORDER BY given.at;
