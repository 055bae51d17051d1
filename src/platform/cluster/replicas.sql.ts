import type { Statement } from '../database/statement.js';

/** Of no client: these are about the processes. Who is there; no row: this one was taken for dead, or is new. */
export const BEAT: Statement = {
  name: 'replicas.beat',
  text: `UPDATE replicas SET seen_at = now() WHERE id = $1 RETURNING ARRAY(SELECT id FROM replicas) AS there`,
};

export const REGISTER: Statement = {
  name: 'replicas.register',
  text: `INSERT INTO replicas (id, seen_at) VALUES ($1, now()) ON CONFLICT (id) DO NOTHING`,
};

/** One that another process is deleting, or that is just being seen, is passed over, so that nobody waits. */
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
