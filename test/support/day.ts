import { setTimeout as sleep } from 'node:timers/promises';

const DAY_MS = 86_400_000;
/** Longer than a test takes that counts a day. */
const ROOM_MS = 120_000;

/** A day (UTC) that does not end while a test counts what is done in it: where it is about to, the next one. */
export async function fullDay(): Promise<void> {
  const left = DAY_MS - (Date.now() % DAY_MS);
  if (left < ROOM_MS) {
    await sleep(left);
  }
}
