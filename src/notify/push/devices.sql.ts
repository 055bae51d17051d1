import { listStatement } from '../../platform/database/list.sql.js';
import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `device.id, device.customer_id AS "customerId", device.device_id AS "deviceId", device.provider,
           device.token, device.bundle_id AS "bundleId", device.created_at AS "createdAt"`;

/** Nobody else registers a device of customer `$2` meanwhile. No row: there is no such customer. */
export const LOCK_OWNER: Statement = {
  name: 'devices.lock_owner',
  text: `SELECT id FROM customers WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE`,
};

/**
 * Device `$4` of customer `$3`: new (as `$2`), or with a new token. A token is of one device, so whoever had this one before
 * loses it: somebody else logged in there. No row: it would be one more than `$9`.
 */
export const REGISTER: Statement = {
  name: 'devices.register',
  text: `
    WITH displaced AS (
      DELETE FROM devices
      WHERE client_id = $1 AND provider = $5 AND token = $6 AND (customer_id <> $3 OR device_id <> $4)
    ), device AS (
      INSERT INTO devices (client_id, id, customer_id, device_id, provider, token, keys, bundle_id)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8
      WHERE (
        SELECT count(*) FROM devices other
        WHERE other.client_id = $1 AND other.customer_id = $3 AND other.device_id <> $4
          AND (other.provider <> $5 OR other.token <> $6)
      ) < $9
      ON CONFLICT (client_id, customer_id, device_id) DO UPDATE
        SET provider = excluded.provider, token = excluded.token, keys = excluded.keys, bundle_id = excluded.bundle_id
      RETURNING *
    )
    SELECT ${COLUMNS} FROM device`,
};

/** Of customer `$4`, by when they were made. No row: there is no such customer. There are few, so they are counted. */
export const LIST = listStatement('devices.list', 'desc', {
  total: '(SELECT count(*)::int FROM devices WHERE client_id = $1 AND customer_id = $4)',
  of: 'customers owner',
  where: 'owner.client_id = $1 AND owner.id = $4',
  cursor: 'devices cursor ON cursor.client_id = $1 AND cursor.customer_id = $4 AND cursor.id = $3',
  page: ({ after, order }) => `
      SELECT ${COLUMNS} FROM devices device
      WHERE device.client_id = $1 AND device.customer_id = $4 AND ${after('device')}
      ORDER BY ${order('device')} LIMIT $2`,
});

/** The one of customer `$2` whose id is `$3`, or which the app calls `$4`. No row: it has none such. */
export const REMOVE: Statement = {
  name: 'devices.remove',
  text: `
    DELETE FROM devices WHERE client_id = $1 AND customer_id = $2 AND (id = $3 OR device_id = $4)
    RETURNING id`,
};

/** No row: there is no such customer. */
export const REMOVE_ALL: Statement = {
  name: 'devices.remove_all',
  text: `
    WITH removed AS (
      DELETE FROM devices WHERE client_id = $1 AND customer_id = $2
    )
    SELECT id FROM customers WHERE client_id = $1 AND id = $2`,
};
