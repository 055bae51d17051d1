import type { Statement } from '../platform/database/statement.js';

/** Until the commit nobody else counts what this client has, to add to it. No change of the client's other rows waits. */
export const LOCK_CLIENT: Statement = {
  name: 'clients.lock',
  text: `SELECT id FROM clients WHERE id = $1 FOR NO KEY UPDATE`,
};
