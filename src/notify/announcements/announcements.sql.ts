import { RAISED, raise } from '../../platform/outbox/raise.js';
import { listStatement } from '../../platform/database/list.sql.js';
import type { Statement } from '../../platform/database/statement.js';

const COLUMNS = `announcement.id, announcement.sender_name AS "senderName", announcement.parts,
           announcement.created_at AS "createdAt"`;
const RECEIVED = `${COLUMNS}, recipient.customer_id AS "customerId", recipient.delivered_at AS "deliveredAt",
           recipient.read_at AS "readAt"`;

/** Those of `$2` that are there; they stay until the end of the transaction. */
export const HOLD_RECIPIENTS: Statement = {
  name: 'announcements.hold_recipients',
  text: `SELECT id FROM customers WHERE client_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR KEY SHARE`,
};

/** For `$5`, all of whom are there. `$6` is what their devices are told, or null: nothing; `$7` is an id for that. */
export const CREATE: Statement = {
  name: 'announcements.create',
  text: `
    WITH announcement AS (
      INSERT INTO announcements (client_id, id, sender_name, parts) VALUES ($1, $2, $3, $4) RETURNING *
    ), recipient AS (
      INSERT INTO announcement_recipients (client_id, announcement_id, customer_id)
      SELECT $1, announcement.id, one.id FROM announcement CROSS JOIN unnest($5::uuid[]) AS one (id)
    ), notification AS (
      INSERT INTO notifications (client_id, id, announcement_id, content)
      SELECT $1, $7, announcement.id, $6 FROM announcement WHERE $6::jsonb IS NOT NULL
    ), ${raise(`
      SELECT 'announcement.created' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('id', id) AS data
      FROM announcement`)}
    SELECT ${COLUMNS}, $6::jsonb IS NOT NULL OR ${RAISED} FROM announcement`,
};

/** With how many have it still, and how many of them it has reached and who read it. */
export const FIND: Statement = {
  name: 'announcements.find',
  text: `
    SELECT ${COLUMNS}, reached.recipients AS "recipientCount", reached.delivered AS "deliveredCount",
           reached.read AS "readCount"
    FROM announcements announcement, LATERAL (
      SELECT count(*)::int AS recipients, count(recipient.delivered_at)::int AS delivered, count(recipient.read_at)::int AS read
      FROM announcement_recipients recipient
      WHERE recipient.client_id = $1 AND recipient.announcement_id = announcement.id
    ) reached
    WHERE announcement.client_id = $1 AND announcement.id = $2`,
};

/** Those of `$2` that are there. */
export const FIND_MANY: Statement = {
  name: 'announcements.find_many',
  text: `
    SELECT ${COLUMNS} FROM announcements announcement
    WHERE announcement.client_id = $1 AND announcement.id = ANY($2::uuid[])
    ORDER BY announcement.id`,
};

/** Those of `$2` as each of the customers `$3` has them. */
export const FIND_RECEIVED: Statement = {
  name: 'announcements.find_received',
  text: `
    SELECT ${RECEIVED}
    FROM announcement_recipients recipient
    JOIN announcements announcement ON announcement.client_id = $1 AND announcement.id = recipient.announcement_id
    WHERE recipient.client_id = $1 AND recipient.announcement_id = ANY($2::uuid[])
      AND recipient.customer_id = ANY($3::uuid[])
    ORDER BY recipient.announcement_id, recipient.customer_id`,
};

/** Those of customer `$4`, by when they were made. */
export const LIST_FOR = listStatement('announcements.list_for', 'desc', {
  total: '(SELECT count(*)::int FROM announcement_recipients WHERE client_id = $1 AND customer_id = $4)',
  key: { created_at: 'timestamptz', announcement_id: 'uuid' },
  cursor: `announcement_recipients cursor
      ON cursor.client_id = $1 AND cursor.customer_id = $4 AND cursor.announcement_id = $3`,
  page: ({ after, order }) => `
      SELECT ${RECEIVED}
      FROM announcement_recipients recipient
      JOIN announcements announcement ON announcement.client_id = $1 AND announcement.id = recipient.announcement_id
      WHERE recipient.client_id = $1 AND recipient.customer_id = $4 AND ${after('recipient')}
      ORDER BY ${order('recipient')} LIMIT $2`,
});

/**
 * Announcement `$3` has reached customer `$2`, who has also read it where `$4`. What was so before stays so. No row: it has
 * no such announcement.
 */
export const MARK: Statement = {
  name: 'announcements.mark',
  text: `
    WITH before AS MATERIALIZED (
      SELECT recipient.announcement_id, recipient.customer_id, recipient.read_at FROM announcement_recipients recipient
      WHERE recipient.client_id = $1 AND recipient.customer_id = $2 AND recipient.announcement_id = $3
      FOR NO KEY UPDATE
    ), marked AS (
      UPDATE announcement_recipients recipient
      SET delivered_at = coalesce(recipient.delivered_at, now()),
          read_at = CASE WHEN $4 THEN coalesce(recipient.read_at, now()) ELSE recipient.read_at END
      FROM before
      WHERE recipient.client_id = $1 AND recipient.customer_id = $2 AND recipient.announcement_id = before.announcement_id
        AND (recipient.delivered_at IS NULL OR $4 AND recipient.read_at IS NULL)
    ), ${raise(`
      SELECT 'announcement.read' AS type, NULL::uuid AS channel_id, customer_id,
             jsonb_build_object('id', announcement_id, 'customerId', customer_id) AS data
      FROM before WHERE $4 AND read_at IS NULL`)}
    SELECT announcement_id AS id, ${RAISED} FROM before`,
};

/** Customer `$2` has announcement `$3` no longer. No row: it had no such. */
export const REMOVE_FOR: Statement = {
  name: 'announcements.remove_for',
  text: `
    WITH removed AS (
      DELETE FROM announcement_recipients WHERE client_id = $1 AND customer_id = $2 AND announcement_id = $3
      RETURNING announcement_id, customer_id
    ), ${raise(`
      SELECT 'announcement.deleted' AS type, NULL::uuid AS channel_id, customer_id,
             jsonb_build_object('id', announcement_id, 'customerId', customer_id) AS data
      FROM removed`)}
    SELECT announcement_id AS id, ${RAISED} FROM removed`,
};
