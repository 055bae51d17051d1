import { setTimeout as sleep } from 'node:timers/promises';

/** As long as a test may take is for what hangs: a machine that is busy with something else is only slow. */
const SECONDS = 120;

/** Waits for something that tells nobody when it happens; answers what `look` found. */
export async function until<T>(look: () => T | Promise<T>, seconds = SECONDS): Promise<NonNullable<T>> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const found = await look();
    if (found) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`Not within ${seconds} s: ${look.toString()}`);
    }
    await sleep(10);
  }
}
