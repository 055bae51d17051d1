import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Channel, type Customer } from '../support/given.js';
import { Listener, session } from '../support/pusher.js';
import { useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer();
const given = givenOn(() => server);

/** Milliseconds; a process is given up after six seconds, and a busy machine may need some more to tell so. */
const [AFTER, WITHIN] = [5_000, 40_000];
/** Whatever the server does now and then, one of these deaths comes at the worst moment for it. */
const DEATHS = 15;
const APART = 230;

it('The presence of a process that died is gone soon, whenever that was', async () => {
  const acme = await given.client();
  const [john, jane] = [await given.customer(acme), await given.customer(acme)];
  const watcher = new Listener(server.url, acme.publicKey, (await session(server, acme, jane)).ask);
  const channels: Channel[] = [];
  for (let at = 0; at < DEATHS; at += 1) {
    channels.push(await given.channel(acme, [john, jane], `Room ${at}`));
  }
  await Promise.all(channels.map(({ id }) => watcher.subscribe(`presence-channel.${id}`)));
  const took = await Promise.all(
    channels.map(async ({ id }, at) => {
      await sleep(at * APART);
      await presentAtStranger(acme.uuid, id, john);
      const diedAt = performance.now();
      await until(() => watcher.of('pusher:member_removed', `presence-channel.${id}`).length === 1);
      return performance.now() - diedAt;
    }),
  );
  expect(Math.max(...took)).toBeLessThan(WITHIN);
  // As long as a process may only be slow, it is there.
  expect(Math.min(...took)).toBeGreaterThan(AFTER);
  watcher.end();
});

/** At a process that has just been seen, for the last time. */
async function presentAtStranger(clientId: string, channel: string, customer: Customer): Promise<void> {
  const replica = randomUUID();
  await sql('INSERT INTO replicas (id, seen_at) VALUES ($1, now())', replica);
  const [channelId, customerId] = [parseId('channel', channel), parseId('customer', customer.id)];
  await sql('INSERT INTO presences VALUES ($1, $2, $3, $4)', clientId, channelId, customerId, replica);
}
