import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../support/given.js';
import { receiver, type Receiver } from '../support/receiver.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { endpoint } from '../support/webhooks.js';

let silent: Receiver;
/** Deliveries that it does not answer: under way, and the most that ever were. */
let [open, most] = [0, 0];
beforeAll(async () => {
  await ownDatabase();
  silent = await receiver((_, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => (open -= 1));
  });
});
const server = useServer(() => startServer({ ROLE: 'all', DATABASE_URL: process.env.TEST_DATABASE_URL! }));
afterAll(async () => {
  await silent.close();
});
const given = givenOn(() => server);

/** From before there was a limit. */
const old = (of: TestClient, count: number) =>
  sql(
    `WITH listener AS (
       INSERT INTO listeners (client_id, id) SELECT $1, gen_random_uuid() FROM generate_series(1, $2) RETURNING id)
     INSERT INTO webhook_endpoints (client_id, id, url, events, secret)
     SELECT $1, id, $3, '{*}', 'whsec_' || encode(sha256('x'), 'base64') FROM listener`,
    ...[of.uuid, count, silent.url],
  );

/** Milliseconds; one that waits for a silent one waits for fifteen seconds, and one on a busy machine for some. */
const LATE = 12_000;

/** Milliseconds from a change to its arrival, of each of `count`. */
async function delays(count: number): Promise<number[]> {
  const acme = await given.client();
  const shop = await receiver();
  await endpoint(acme, shop.url);
  const all: number[] = [];
  for (let at = 1; at <= count; at += 1) {
    const started = performance.now();
    await given.customer(acme, randomUUID());
    await shop.got(at);
    all.push(performance.now() - started);
  }
  await shop.close();
  return all.sort((one, other) => one - other);
}

describe('An event for an endpoint that answers waits for none that does not', () => {
  it('beside 120 endpoints of one other client that never answer', async () => {
    const crowd = await given.client();
    await old(crowd, 120);
    await given.customer(crowd);
    await silent.got(20);
    const all = await delays(100);
    expect(all[98]).toBeLessThan(LATE);
    // Its share, and no more.
    expect(most).toBe(20);
  });

  it('beside six clients with twenty each', async () => {
    const before = silent.all.length;
    for (let at = 0; at < 6; at += 1) {
      const one = await given.client();
      for (let count = 0; count < 20; count += 1) {
        await endpoint(one, silent.url);
      }
      await given.customer(one);
    }
    await silent.got(before + 120);
    const all = await delays(100);
    expect(all[98]).toBeLessThan(LATE);
  });
});
