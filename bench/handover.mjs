import { setTimeout as sleep } from 'node:timers/promises';
import { Gateway } from './gateway.mjs';
import { queueTexts } from './phones.mjs';

/** Milliseconds from the first call on that are not counted, and those that are. */
const WARM_UP = 2_000;
const MEASURED = 5_000;
const IDLE = 3_000;

/** How many messages the worker hands to a provider a second while more wait than it can hand over, and what memory that takes. */
export async function measureHandover(world, client) {
  const gateway = await new Gateway().open();
  try {
    await gateway.serve(world, client);
    await sleep(IDLE);
    const idle = await world.server.memory();
    const ids = await queueTexts(world.session, client.clientId);
    while (gateway.calls.size === 0) {
      await sleep(10);
    }
    const [from, end] = [performance.now() + WARM_UP, performance.now() + WARM_UP + MEASURED];
    let most = 0;
    while (performance.now() < end && gateway.calls.size < ids.length) {
      most = Math.max(most, await world.server.memory());
      await sleep(100);
    }
    const until = Math.min(end, performance.now());
    if (gateway.doubled > 0) {
      throw new Error(`${gateway.doubled} messages were handed over twice.`);
    }
    const counted = [...gateway.calls.values()].filter((at) => at >= from && at < until).length;
    return { perSecond: (counted * 1_000) / (until - from), more: most - idle };
  } finally {
    gateway.close();
  }
}
