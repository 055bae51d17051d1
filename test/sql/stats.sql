-- delivery_stats.by_day
WITH summed AS (
  SELECT day::text AS key, GROUPING(day::text) = 1 AS "isTotal", currency, sum(n) AS messages, sum(segments) AS segments,
         sum(price) AS price, coalesce(sum(n) FILTER (WHERE status IN ('sent', 'delivered', 'undelivered', 'read')), 0) AS sent,
         coalesce(sum(n) FILTER (WHERE status IN ('delivered', 'read')), 0) AS delivered, coalesce(sum(n) FILTER (WHERE status IN ('undelivered')), 0) AS undelivered,
         coalesce(sum(n) FILTER (WHERE status IN ('failed')), 0) AS failed, coalesce(sum(n) FILTER (WHERE status IN ('received')), 0) AS received
  FROM delivery_counts
  WHERE client_id = $1 AND day BETWEEN $2 AND $3
  GROUP BY GROUPING SETS ((day::text, currency), (currency))
), figures AS (
  SELECT key, "isTotal", sum(messages)::float8 AS messages, sum(sent)::float8 AS sent, sum(delivered)::float8 AS delivered,
       sum(undelivered)::float8 AS undelivered, sum(failed)::float8 AS failed, sum(received)::float8 AS received,
       sum(segments)::float8 AS segments,
       coalesce(jsonb_object_agg(currency, price::text) FILTER (WHERE price <> 0), '{}') AS price FROM summed GROUP BY key, "isTotal"
)
SELECT figures.*, address.address AS number
FROM figures
LEFT JOIN addresses address ON address.client_id = $1 AND address.customer_id::text = figures.key
WHERE figures.messages <> 0
ORDER BY "isTotal" DESC, key;

-- delivery_stats.by_number
WITH summed AS (
  SELECT address_id::text AS key, GROUPING(address_id::text) = 1 AS "isTotal", currency, sum(n) AS messages, sum(segments) AS segments,
         sum(price) AS price, coalesce(sum(n) FILTER (WHERE status IN ('sent', 'delivered', 'undelivered', 'read')), 0) AS sent,
         coalesce(sum(n) FILTER (WHERE status IN ('delivered', 'read')), 0) AS delivered, coalesce(sum(n) FILTER (WHERE status IN ('undelivered')), 0) AS undelivered,
         coalesce(sum(n) FILTER (WHERE status IN ('failed')), 0) AS failed, coalesce(sum(n) FILTER (WHERE status IN ('received')), 0) AS received
  FROM delivery_counts
  WHERE client_id = $1 AND day BETWEEN $2 AND $3
  GROUP BY GROUPING SETS ((address_id::text, currency), (currency))
), figures AS (
  SELECT key, "isTotal", sum(messages)::float8 AS messages, sum(sent)::float8 AS sent, sum(delivered)::float8 AS delivered,
       sum(undelivered)::float8 AS undelivered, sum(failed)::float8 AS failed, sum(received)::float8 AS received,
       sum(segments)::float8 AS segments,
       coalesce(jsonb_object_agg(currency, price::text) FILTER (WHERE price <> 0), '{}') AS price FROM summed GROUP BY key, "isTotal"
)
SELECT figures.*, address.address AS number
FROM figures
LEFT JOIN addresses address ON address.client_id = $1 AND address.customer_id::text = figures.key
WHERE figures.messages <> 0
ORDER BY "isTotal" DESC, key;

-- delivery_stats.by_status
WITH summed AS (
  SELECT status AS key, GROUPING(status) = 1 AS "isTotal", currency, sum(n) AS messages, sum(segments) AS segments,
         sum(price) AS price, coalesce(sum(n) FILTER (WHERE status IN ('sent', 'delivered', 'undelivered', 'read')), 0) AS sent,
         coalesce(sum(n) FILTER (WHERE status IN ('delivered', 'read')), 0) AS delivered, coalesce(sum(n) FILTER (WHERE status IN ('undelivered')), 0) AS undelivered,
         coalesce(sum(n) FILTER (WHERE status IN ('failed')), 0) AS failed, coalesce(sum(n) FILTER (WHERE status IN ('received')), 0) AS received
  FROM delivery_counts
  WHERE client_id = $1 AND day BETWEEN $2 AND $3
  GROUP BY GROUPING SETS ((status, currency), (currency))
), figures AS (
  SELECT key, "isTotal", sum(messages)::float8 AS messages, sum(sent)::float8 AS sent, sum(delivered)::float8 AS delivered,
       sum(undelivered)::float8 AS undelivered, sum(failed)::float8 AS failed, sum(received)::float8 AS received,
       sum(segments)::float8 AS segments,
       coalesce(jsonb_object_agg(currency, price::text) FILTER (WHERE price <> 0), '{}') AS price FROM summed GROUP BY key, "isTotal"
)
SELECT figures.*, address.address AS number
FROM figures
LEFT JOIN addresses address ON address.client_id = $1 AND address.customer_id::text = figures.key
WHERE figures.messages <> 0
ORDER BY "isTotal" DESC, key;

-- housekeeping.fold_delivery_counts
WITH due AS MATERIALIZED (
  SELECT ctid FROM delivery_counts
  WHERE shard >= 0 AND day < (now() AT TIME ZONE 'UTC')::date - 1 LIMIT $1 FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM delivery_counts WHERE ctid = ANY (ARRAY(SELECT ctid FROM due)) RETURNING *
), folded AS (
  INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
  SELECT client_id, day, address_id, direction, status, -1, currency, sum(n), sum(segments), sum(price)
  FROM gone
  GROUP BY 1, 2, 3, 4, 5, 7 ORDER BY 1, 2, 3, 4, 5, 7
  ON CONFLICT (client_id, day, address_id, direction, status, shard, currency) DO UPDATE
  SET n = delivery_counts.n + excluded.n, segments = delivery_counts.segments + excluded.segments,
      price = delivery_counts.price + excluded.price
  RETURNING 1
), month AS (
  INSERT INTO delivery_months (client_id, month, address_id, direction, status, n)
  SELECT client_id, date_trunc('month', day::timestamp)::date, address_id, direction, status, sum(n)
  FROM gone
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (client_id, month, address_id, direction, status) DO UPDATE SET n = delivery_months.n + excluded.n
  RETURNING 1
)
SELECT count(*)::int AS purged FROM gone;
