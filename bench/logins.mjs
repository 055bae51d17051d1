import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Passwords } from '../dist/src/users/passwords/passwords.js';
import { get } from './get.mjs';
import { percentile } from './measure.mjs';

const LOGINS = 500;
const PASSWORD = 'seven green bicycles';
const WARM_UP_MILLIS = 2_000;
const MEASURED_MILLIS = 6_000;
/** Between two requests of the one who only reads. */
const PAUSE_MILLIS = 5;

/** How long others' requests take while so many log in at once, each with the right password, and again wherever it was sent away. */
export async function measureLogins(world, path) {
  const emails = Array.from({ length: LOGINS }, () => `${randomUUID()}@example.com`);
  await world.session.query(
    `INSERT INTO users (id, email, name, password_hash, email_verified_at)
     SELECT gen_random_uuid(), email, 'Ann', $2, now() FROM unnest($1::text[]) email`,
    [emails, await new Passwords().hash(PASSWORD)],
  );
  const ends = { loggedIn: 0, sentAway: 0, others: 0 };
  let isOver = false;
  const logIn = async (email, at) => {
    while (!isOver) {
      const response = await fetch(`${world.server.base}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.1.${at >> 8}.${at & 255}` },
        body: JSON.stringify({ email, password: PASSWORD }),
      });
      await response.arrayBuffer();
      ends[response.status === 200 ? 'loggedIn' : response.status === 503 ? 'sentAway' : 'others'] += 1;
      await sleep(response.ok ? 0 : 1_000);
    }
  };
  const logins = Promise.all(emails.map(logIn));
  await sleep(WARM_UP_MILLIS);
  const [latencies, end] = [[], performance.now() + MEASURED_MILLIS];
  while (performance.now() < end) {
    latencies.push((await get(world.server, path)).millis);
    await sleep(PAUSE_MILLIS);
  }
  isOver = true;
  await logins;
  if (ends.others > 0 || ends.loggedIn === 0) {
    throw new Error(`The logins: ${JSON.stringify(ends)}`);
  }
  return { logins: LOGINS, ...ends, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
