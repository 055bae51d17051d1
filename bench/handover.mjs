import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOfThis } from './cpu.mjs';
import { Gateway } from './gateway.mjs';
import { queueTexts } from './phones.mjs';

/** Milliseconds from the first call on that are not counted, and those that are. */
const WARM_UP = 2_000;
const MEASURED = 5_000;
const IDLE = 3_000;

/**
 * How many messages the worker hands to a provider a second while more wait than it can hand over, what memory that takes, and
 * what each costs in microseconds of CPU: in its process, in PostgreSQL's and in this one, which is the provider.
 */
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
    const cpus = { ...world.server.cpus, gateway: cpuOfThis };
    const used = () => Object.entries(cpus).map(([name, microsOf]) => [name, microsOf()]);
    await sleep(from - performance.now());
    const before = new Map(used());
    while (performance.now() < end && gateway.calls.size < ids.length) {
      most = Math.max(most, await world.server.memory());
      await sleep(100);
    }
    const until = Math.min(end, performance.now());
    const after = used();
    if (gateway.doubled > 0) {
      throw new Error(`${gateway.doubled} messages were handed over twice.`);
    }
    const counted = [...gateway.calls.values()].filter((at) => at >= from && at < until).length;
    const micros = Object.fromEntries(after.map(([name, now]) => [name, (now - before.get(name)) / counted]));
    return { perSecond: (counted * 1_000) / (until - from), more: most - idle, micros };
  } finally {
    gateway.close();
  }
}
