import type { Statement } from '../database/statement.js';

/** These belong to no client. `there`: all processes. No row: this one is new, or was taken for dead. */
export const BEAT: Statement = {
  name: 'replicas.beat',
  text: `UPDATE replicas SET seen_at = now() WHERE id = $1 RETURNING ARRAY(SELECT id FROM replicas) AS there`,
};

export const REGISTER: Statement = {
  name: 'replicas.register',
  text: `INSERT INTO replicas (id, seen_at) VALUES ($1, now()) ON CONFLICT (id) DO NOTHING`,
};

/** Rows that another process is deleting or updating are skipped, so that nobody waits. */
export const REAP: Statement = {
  name: 'replicas.reap',
  text: `
    DELETE FROM replicas WHERE id IN (
      SELECT id FROM replicas WHERE seen_at < now() - interval '6 seconds' FOR UPDATE SKIP LOCKED)`,
};

export const UNREGISTER: Statement = {
  name: 'replicas.unregister',
  text: `DELETE FROM replicas WHERE id = $1`,
};
