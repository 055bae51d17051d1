import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { parseId } from '../dist/src/platform/common/ids/type-id.js';
import { percentile } from './measure.mjs';
import { post } from './post.mjs';

/** Sends at once, each into a channel of its own. */
const AT_ONCE = 16;
const ROUNDS = 60;
/** Milliseconds between two rounds. */
const BETWEEN = 20;

/**
 * Milliseconds until sends of one client that come together are answered: with nothing in their way, and while a
 * transaction holds the channel that the first of them is for; of all but this one, which is answered after that has ended.
 */
export async function measureStalled({ server, database }, { requests }) {
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  try {
    const latencies = { calm: [], stalled: [] };
    for (const [name, isHeld] of Object.entries({ calm: false, stalled: true })) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [first, ...others] = Array.from({ length: AT_ONCE }, (_, at) => bodyOf(requests, AT_ONCE * round + at));
        await holder.query('BEGIN');
        if (isHeld) {
          await holder.query('SELECT FROM channels WHERE id = $1 FOR UPDATE', [parseId('channel', first.channel_uuid)]);
        }
        const late = millisOf(server, first);
        latencies[name].push(...(await Promise.all(others.map((body) => millisOf(server, body)))));
        await holder.query('COMMIT');
        await late;
        await sleep(BETWEEN);
      }
    }
    const figures = (all) => ({ p50: percentile(all, 0.5), p99: percentile(all, 0.99) });
    return { others: AT_ONCE - 1, calm: figures(latencies.calm), stalled: figures(latencies.stalled) };
  } finally {
    await holder.end();
  }
}

const bodyOf = (requests, at) => JSON.parse(requests[at % requests.length].body);

async function millisOf(server, body) {
  const asked = performance.now();
  await post(server, '/api/v1/messages', body);
  return performance.now() - asked;
}
