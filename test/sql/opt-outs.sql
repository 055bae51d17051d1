-- opt_outs.create
WITH made AS (
  INSERT INTO opt_outs (client_id, id, scope_id, number_sha256, number, person_id, source, keyword, created_at)
  SELECT $1, $2, coalesce((SELECT service_id FROM addresses WHERE client_id = $1 AND customer_id = $3), $3),
         opt_out_hash($1, $4), $4, $5, $6, $7, coalesce($8, now())
  ON CONFLICT (client_id, scope_id, number_sha256) WHERE ended_at IS NULL DO NOTHING
  RETURNING opt_outs.id, opt_outs.scope_id AS "scopeId", opt_outs.number, opt_outs.source, opt_outs.keyword,
  opt_outs.created_at AS "createdAt", opt_outs.ended_at AS "endedAt"
),
occurred AS (
  SELECT 'opt_out.created' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', id, 'number', number, 'addressId', nullif("scopeId", $1), 'source', source,
           'keyword', keyword, 'createdAt', "createdAt", 'endedAt', "endedAt") AS data
  FROM made), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT made.*, (SELECT count(*) FROM event) > 0 AS raised FROM made;

-- opt_outs.end
WITH ended AS (
  UPDATE opt_outs SET ended_at = now()
  WHERE opt_outs.client_id = $1 AND opt_outs.id = $2 AND opt_outs.ended_at IS NULL AND opt_outs.source <> 'provider'
  RETURNING opt_outs.id, opt_outs.scope_id AS "scopeId", opt_outs.number, opt_outs.source, opt_outs.keyword,
  opt_outs.created_at AS "createdAt", opt_outs.ended_at AS "endedAt"
),
occurred AS (
  SELECT 'opt_out.ended' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', id, 'number', number, 'addressId', nullif("scopeId", $1), 'source', source,
           'keyword', keyword, 'createdAt', "createdAt", 'endedAt', "endedAt") AS data
  FROM ended), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT ended.*, (SELECT count(*) FROM event) > 0 AS raised FROM ended;

-- opt_outs.end_of_number
WITH ended AS (
  UPDATE opt_outs SET ended_at = now()
  WHERE opt_outs.client_id = $1 AND ($2::uuid IS NULL OR opt_outs.scope_id = ANY(opt_out_scopes($1, $2)))
    AND opt_outs.number_sha256 = opt_out_hash($1, $3)
    AND opt_outs.ended_at IS NULL AND opt_outs.created_at <= coalesce($4::timestamptz, 'infinity')
  RETURNING opt_outs.id, opt_outs.scope_id AS "scopeId", opt_outs.number, opt_outs.source, opt_outs.keyword,
  opt_outs.created_at AS "createdAt", opt_outs.ended_at AS "endedAt"
),
occurred AS (
  SELECT 'opt_out.ended' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
         jsonb_build_object('id', id, 'number', number, 'addressId', nullif("scopeId", $1), 'source', source,
           'keyword', keyword, 'createdAt', "createdAt", 'endedAt', "endedAt") AS data
  FROM ended), event AS MATERIALIZED (
  SELECT raise_event($1, occurred.type, occurred.channel_id, occurred.customer_id, occurred.data,
           occurred.type = ANY('{message.created,message.deleted,message.read,channel.created,channel.updated,channel.deleted,customer.created,customer.updated,customer.deleted,member.joined,member.left,delivery.created,delivery.updated,opt_out.created,opt_out.ended}'))
  FROM occurred
  WHERE EXISTS (SELECT FROM listeners WHERE client_id = $1)
)
SELECT ended.*, (SELECT count(*) FROM event) > 0 AS raised FROM ended;

-- opt_outs.find
SELECT opt_outs.id, opt_outs.scope_id AS "scopeId", opt_outs.number, opt_outs.source, opt_outs.keyword,
  opt_outs.created_at AS "createdAt", opt_outs.ended_at AS "endedAt" FROM opt_outs
WHERE opt_outs.client_id = $1 AND opt_outs.id = $2 AND opt_outs.ended_at IS NULL;

-- opt_outs.find_many
SELECT opt_outs.id, opt_outs.scope_id AS "scopeId", opt_outs.number, opt_outs.source, opt_outs.keyword,
opt_outs.created_at AS "createdAt", opt_outs.ended_at AS "endedAt" FROM opt_outs WHERE opt_outs.client_id = $1 AND opt_outs.id = ANY($2::uuid[]);

-- opt_outs.find_of_number
SELECT opt_outs.id, opt_outs.scope_id AS "scopeId", opt_outs.number, opt_outs.source, opt_outs.keyword,
  opt_outs.created_at AS "createdAt", opt_outs.ended_at AS "endedAt" FROM opt_outs
WHERE opt_outs.client_id = $1 AND opt_outs.scope_id = ANY(opt_out_scopes($1, $2))
  AND opt_outs.number_sha256 = opt_out_hash($1, $3) AND opt_outs.ended_at IS NULL
LIMIT 1;

-- opt_outs.list
SELECT total.count AS total, page.*
FROM (SELECT count(*)::int AS count FROM opt_outs WHERE opt_outs.client_id = $1 AND opt_outs.ended_at IS NULL) total
LEFT JOIN LATERAL (
  SELECT opt_outs.id, opt_outs.scope_id AS "scopeId", opt_outs.number, opt_outs.source, opt_outs.keyword,
  opt_outs.created_at AS "createdAt", opt_outs.ended_at AS "endedAt" FROM opt_outs
  WHERE opt_outs.client_id = $1 AND opt_outs.ended_at IS NULL
  ORDER BY opt_outs.created_at DESC, opt_outs.id DESC LIMIT $2 OFFSET $3
) page ON true;
