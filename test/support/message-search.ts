import { HOLD, WRITE } from '../../src/engagement/message-search/message-search.sql.js';
import { beside } from './sql.js';

/** Once all that was said in the inbox of this client can be searched: what a worker does, now. */
export async function written(clientId: string): Promise<void> {
  await beside(async (connection) => {
    for (let jobs = 1; jobs > 0;) {
      await connection.query('BEGIN');
      const { rows: gates } = await connection.query<{ isHeld: boolean }>(HOLD.text, [clientId]);
      const { rows } = await connection.query<{ jobs: number }>(WRITE.text, [clientId]);
      await connection.query('COMMIT');
      jobs = gates.length === 0 ? 0 : rows[0]!.jobs;
    }
  });
}
