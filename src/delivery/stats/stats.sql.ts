import type { Statement } from '../../platform/database/statement.js';
import { FOLDED } from '../deliveries/delivery-count.entity.js';

/** What is told of some deliveries, given sums of their counts by currency. */
const FIGURES = `sum(messages)::float8 AS messages, sum(sent)::float8 AS sent, sum(delivered)::float8 AS delivered,
           sum(undelivered)::float8 AS undelivered, sum(failed)::float8 AS failed, sum(received)::float8 AS received,
           sum(segments)::float8 AS segments,
           coalesce(jsonb_object_agg(currency, price::text) FILTER (WHERE price <> 0), '{}') AS price`;
const having = (statuses: string): string => `coalesce(sum(n) FILTER (WHERE status IN (${statuses})), 0)`;

/**
 * Counts of days `$2` to `$3` for each `key` there is, and one row more without a key for all of them; from the counts alone,
 * so that it costs the same however many messages there are.
 */
function statsBy(name: string, key: string): Statement {
  return {
    name: `delivery_stats.by_${name}`,
    text: `
    WITH summed AS (
      SELECT ${key} AS key, GROUPING(${key}) = 1 AS "isTotal", currency, sum(n) AS messages, sum(segments) AS segments,
             sum(price) AS price, ${having(`'sent', 'delivered', 'undelivered', 'read'`)} AS sent,
             ${having(`'delivered', 'read'`)} AS delivered, ${having(`'undelivered'`)} AS undelivered,
             ${having(`'failed'`)} AS failed, ${having(`'received'`)} AS received
      FROM delivery_counts
      WHERE client_id = $1 AND day BETWEEN $2 AND $3
      GROUP BY GROUPING SETS ((${key}, currency), (currency))
    ), figures AS (
      SELECT key, "isTotal", ${FIGURES} FROM summed GROUP BY key, "isTotal"
    )
    SELECT figures.*, address.address AS number
    FROM figures
    LEFT JOIN addresses address ON address.client_id = $1 AND address.customer_id::text = figures.key
    WHERE figures.messages <> 0
    ORDER BY "isTotal" DESC, key`,
  };
}

export const BY_DAY = statsBy('day', 'day::text');
export const BY_NUMBER = statsBy('number', 'address_id::text');
export const BY_STATUS = statsBy('status', 'status');

/**
 * Of no client: the counts of days that are over become one, and part of their month, `$1` of them at a time. Whoever moves such
 * a count meanwhile finds it gone and begins another, which is folded the next time; the sum is the same at every moment. What
 * is locked is left alone.
 */
export const FOLD_COUNTS: Statement = {
  name: 'housekeeping.fold_delivery_counts',
  text: `
    WITH due AS MATERIALIZED (
      SELECT ctid FROM delivery_counts
      WHERE shard >= 0 AND day < (now() AT TIME ZONE 'UTC')::date - 1 LIMIT $1 FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM delivery_counts WHERE ctid = ANY (ARRAY(SELECT ctid FROM due)) RETURNING *
    ), folded AS (
      INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, currency, n, segments, price)
      SELECT client_id, day, address_id, direction, status, ${FOLDED}, currency, sum(n), sum(segments), sum(price)
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
    SELECT count(*)::int AS purged FROM gone`,
};
