import { numberedList } from '../../platform/database/numbered-list.js';
import { purge } from '../../platform/database/purge.js';
import type { Statement } from '../../platform/database/statement.js';

/**
 * Entry `$2`: user `$3` did `$4` to `$5`, `$6`. Of a client's entries the newest `$7` stay; the others are found once, by an
 * array, for a plan that was made while there were few would look for them again for each row.
 */
export const WRITE_AUDIT: Statement = {
  name: 'audit_entries.write',
  text: `
    WITH old AS (
      DELETE FROM audit_entries
      WHERE audit_entries.client_id = $1 AND audit_entries.id = ANY(ARRAY(
        SELECT beyond.id FROM audit_entries beyond
        WHERE beyond.client_id = $1 ORDER BY beyond.created_at DESC, beyond.id DESC OFFSET $7::int - 1 LIMIT 10))
    )
    INSERT INTO audit_entries (client_id, id, user_id, action, subject, details) VALUES ($1, $2, $3, $4, $5, $6)`,
};

/** Newest first; the user is null where the account is gone. */
export const LIST_AUDIT = numberedList('audit_entries.list', {
  columns: `entry.id, entry.action, entry.subject, entry.details, entry.created_at AS "createdAt", entry.user_id AS "userId",
      users.name AS "userName", users.email AS "userEmail"`,
  from: 'audit_entries entry LEFT JOIN users ON users.id = entry.user_id WHERE entry.client_id = $1',
  order: 'entry.created_at DESC, entry.id DESC',
});

export const PURGE_AUDIT = purge(
  'audit_entries',
  `SELECT ctid FROM audit_entries WHERE created_at < now() - interval '1 year' LIMIT $1`,
);
