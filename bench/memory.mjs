import { setTimeout as sleep } from 'node:timers/promises';
import { readsOf, sendTo } from './calls.mjs';
import { driveHttp } from './load.mjs';

const CONNECTIONS = 64;
const BOUTS = 3;
/** Milliseconds for the memory to come to rest. */
const SETTLE = 3_000;

/** The server's resident set in MB after each of three loads, of sends of twenty tenants and then of pages. */
export async function measureMemory(world, seconds) {
  const sends = sendTo(await world.twenty());
  const { page } = readsOf(await world.talks());
  await world.grown();
  const bouts = [];
  for (let bout = 0; bout < BOUTS; bout += 1) {
    for (const requests of [sends.requests, page.requests]) {
      await driveHttp(world.server, requests, { connections: CONNECTIONS, seconds: 2 * seconds });
    }
    await sleep(SETTLE);
    bouts.push(await world.server.memory());
  }
  return { connections: CONNECTIONS, bouts };
}
