import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { get } from './get.mjs';
import { median, percentile } from './measure.mjs';
import { post } from './post.mjs';
import { headersOf } from './server.mjs';

/** Requests that the busy client has under way at any time: ten for each connection of the pool. */
const AT_ONCE = 160;
const PAIRS = 3;
/** Seconds until the load is as heavy as it gets. */
const WARM_UP = 1;

/**
 * What one client's load does to another: the median of a page of a channel that a neighbour asks for, one after another,
 * alone and while the first client sends as much as it can, in turns.
 */
export async function measureNeighbour(server, send, client, seconds) {
  const neighbour = { base: server.base, headers: headersOf(client) };
  const path = await channelOf(neighbour);
  const alone = [];
  const beside = [];
  let perSecond = 0;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    await pages(neighbour, path, 1);
    alone.push(await pages(neighbour, path, seconds));
    const load = loadOf(server, send, WARM_UP + seconds + 1);
    await sleep(WARM_UP * 1_000);
    beside.push(await pages(neighbour, path, seconds));
    perSecond += (await load) / PAIRS;
  }
  const times = (all, share) => median(all.map((latencies) => percentile(latencies, share)));
  const [calm, busy] = [times(alone, 0.5), times(beside, 0.5)];
  return { atOnce: AT_ONCE, perSecond, alone: calm, beside: busy, ratio: busy / calm };
}

/** A channel in which two said a page full: the path of that page. */
async function channelOf(neighbour) {
  const people = [];
  for (const name of ['john', 'jane']) {
    people.push((await post(neighbour, '/api/v1/customers', { name, email: `${name}@example.com` })).id);
  }
  const { id } = await post(neighbour, '/api/v1/channels', { type: 'general', customer_uuids: people });
  for (let count = 0; count < 20; count += 1) {
    const body = { channel_uuid: id, sender_uuid: people[count % 2], type: 'text', content: 'Hello' };
    await post(neighbour, '/api/v1/messages', body);
  }
  return `/api/v1/messages/channel/${id}`;
}

/** In a thread of its own: what this process waits for is then the server, and not the load. */
async function loadOf({ base, headers }, send, seconds) {
  const workerData = {
    ...{ server: { base, headers }, requests: send.requests.slice(0, 100) },
    options: { seconds, connections: AT_ONCE },
  };
  const worker = new Worker(new URL('load-thread.mjs', import.meta.url), { workerData });
  const [{ perSecond }] = await once(worker, 'message');
  return perSecond;
}

async function pages(neighbour, path, seconds) {
  const end = performance.now() + seconds * 1_000;
  const latencies = [];
  while (performance.now() < end) {
    latencies.push((await get(neighbour, path)).millis);
  }
  return latencies;
}
