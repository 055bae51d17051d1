-- members.find_former
SELECT customer_id FROM former_members WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3;

-- members.hold
SELECT pg_advisory_xact_lock(hashtextextended(id::text, 0)) FROM channels WHERE client_id = $1 AND id = $2;

-- members.join
  WITH known AS MATERIALIZED (
    SELECT id, kind FROM customers WHERE client_id = $1 AND id = ANY($3::uuid[]) ORDER BY id FOR KEY SHARE
  ), joined AS (
    INSERT INTO channel_members (client_id, channel_id, customer_id, message_count, last_message_at, seen_count,
                                 hidden_count, read_position, delivered_position, joined_position)
    SELECT $1, channel.id, known.id, said.count, said.at, channel.message_count - said.count,
           hid.count, channel.last_position, channel.last_position, channel.last_position
    FROM known
    JOIN channels channel ON channel.client_id = $1 AND channel.id = $2
    CROSS JOIN LATERAL (
      SELECT count(*)::int, max(message.created_at) AS at FROM messages message
      WHERE message.client_id = $1 AND message.channel_id = channel.id AND message.sender_id = known.id
        AND message.deleted_at IS NULL
    ) said
    CROSS JOIN LATERAL (
      SELECT count(*)::int FROM hidden_messages hidden
      JOIN messages message ON message.client_id = $1 AND message.channel_id = hidden.channel_id
        AND message.position = hidden.position AND message.deleted_at IS NULL
      WHERE hidden.client_id = $1 AND hidden.customer_id = known.id AND hidden.channel_id = channel.id
    ) hid
    RETURNING channel_id, customer_id
  ), returned AS (
    DELETE FROM former_members
    WHERE client_id = $1 AND channel_id = $2 AND customer_id IN (SELECT customer_id FROM joined)
  ), keyed AS (
    UPDATE channels SET reuse_key =
CASE WHEN EXISTS (
  SELECT FROM channels other
  WHERE other.client_id = $1 AND other.reuse_key = $4 AND other.id <> channels.id
) THEN sha256(convert_to('channel:' || channels.id, 'UTF8')) ELSE $4 END, address_id = coalesce(address_id, (SELECT known.id FROM known WHERE known.kind = 'address' ORDER BY known.id LIMIT 1))
    WHERE client_id = $1 AND id = $2
    RETURNING id, address_id
  ), kept AS MATERIALIZED (
    SELECT keep_conversation($1, keyed.id, keyed.address_id, ARRAY(
             SELECT member.customer_id FROM channel_members member
             WHERE member.client_id = $1 AND member.channel_id = keyed.id AND member.customer_id <> keyed.address_id
             UNION
             SELECT known.id FROM known WHERE known.id <> keyed.address_id))
    FROM keyed
    WHERE keyed.address_id IS NOT NULL
  ),
  occurred AS (
    SELECT 'member.joined' AS type, channel_id, customer_id,
           jsonb_build_object('channelId', channel_id, 'customerId', customer_id) AS data
    FROM joined ORDER BY customer_id), event AS MATERIALIZED (
    SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
             occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
    FROM occurred
    WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
  )
  SELECT (SELECT count(*)::int FROM joined) AS joined, (SELECT count(*) FROM kept) AS kept, (SELECT count(*) FROM event) > 0 AS raised;

-- members.leave
  WITH next AS (
    SELECT id, reuse_key FROM unnest($3::uuid[], $4::bytea[]) AS next (id, reuse_key)
  ), gone AS (
    DELETE FROM channel_members USING next
    WHERE client_id = $1 AND channel_id = next.id AND customer_id = ANY($2::uuid[])
    RETURNING channel_id, customer_id
  ), remembered AS (
    INSERT INTO former_members (client_id, channel_id, customer_id)
    SELECT $1, channel_id, customer_id FROM gone
    ON CONFLICT DO NOTHING
  ), keyed AS (
    UPDATE channels SET reuse_key =
CASE WHEN EXISTS (
  SELECT FROM channels other
  WHERE other.client_id = $1 AND other.reuse_key = next.reuse_key AND other.id <> channels.id
) THEN sha256(convert_to('channel:' || channels.id, 'UTF8')) ELSE next.reuse_key END FROM next
    WHERE client_id = $1 AND channels.id = next.id
    RETURNING channels.id, address_id
  ), kept AS MATERIALIZED (
    SELECT keep_conversation($1, keyed.id, keyed.address_id, ARRAY(
             SELECT member.customer_id FROM channel_members member
             WHERE member.client_id = $1 AND member.channel_id = keyed.id AND member.customer_id <> keyed.address_id
               AND member.customer_id <> ALL ($2::uuid[])))
    FROM keyed
    WHERE keyed.address_id IS NOT NULL
  ),
  occurred AS (
    SELECT 'member.left' AS type, channel_id, customer_id,
           jsonb_build_object('channelId', channel_id, 'customerId', customer_id) || CASE WHEN channel.is_open THEN '{"isOpen": true}' ELSE '{}' END::jsonb AS data
    FROM gone JOIN channels channel ON channel.client_id = $1 AND channel.id = gone.channel_id
    ORDER BY channel_id, customer_id), event AS MATERIALIZED (
    SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
             occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
    FROM occurred
    WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
  )
  SELECT (SELECT count(*) FROM kept) AS kept, (SELECT count(*) FROM event) > 0 AS raised;

-- members.lock
SELECT customer_id AS "customerId" FROM channel_members
WHERE client_id = $1 AND customer_id = ANY($2::uuid[]) AND channel_id = $3 ORDER BY customer_id FOR UPDATE;

-- members.lock_some
SELECT channel_id AS "channelId" FROM channel_members
WHERE client_id = $1 AND customer_id = $2 ORDER BY channel_id LIMIT $3 FOR UPDATE;

-- housekeeping.purge_former_members
WITH purged AS (
  DELETE FROM former_members WHERE ctid = ANY (ARRAY(SELECT ctid FROM former_members WHERE left_at < now() - interval '90 days' LIMIT $1)) RETURNING 1
)
SELECT count(*)::int AS purged FROM purged;
