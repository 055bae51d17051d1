import type { Statement } from '../../platform/database/statement.js';

/** Which of the clients `$1` are disabled: one question for all the sockets of a process. */
export const FIND_DISABLED: Statement = {
  name: 'revocations.find_disabled',
  text: `SELECT id FROM clients WHERE id = ANY($1::uuid[]) AND disabled_at IS NOT NULL`,
};

/**
 * Which of these sessions and keys (`$2`, each of the client beside it in `$1`) let nobody in any more. Of many clients:
 * one question for all the sockets of a process.
 */
export const FIND_REVOKED: Statement = {
  name: 'revocations.find_revoked',
  text: `
    SELECT asked.id
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (client_id, id)
    LEFT JOIN clients client ON client.id = asked.client_id AND client.disabled_at IS NULL
    LEFT JOIN customer_sessions session ON session.client_id = asked.client_id AND session.id = asked.id
      AND session.revoked_at IS NULL AND session.expires_at > now()
    LEFT JOIN api_keys key ON key.client_id = asked.client_id AND key.id = asked.id
      AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
    WHERE client.id IS NULL OR (session.id IS NULL AND key.id IS NULL)`,
};
