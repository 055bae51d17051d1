import { Housekeeping } from '../../src/notify/worker/housekeeping.js';
import type { Database } from '../../src/platform/database/database.js';
import { purges } from '../../src/purges.js';
import type { TestServer } from './server.js';

/** What a worker does every ten minutes, now. Answers how many rows went. */
export function purge(server: TestServer): Promise<number> {
  return new Housekeeping(server.get<Database>('Database'), purges).purge();
}
