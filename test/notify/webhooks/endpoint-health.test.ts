import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { accepted, given as givenOn, must, type TestClient } from '../../support/given.js';
import { ok, receiver, status } from '../../support/receiver.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { deliveriesOnce, endpoint, hurry, look, type Endpoint } from '../../support/webhooks.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(() => startServer({ ROLE: 'all', DATABASE_URL: process.env.TEST_DATABASE_URL! }));
const given = givenOn(() => server);

const enable = (of: TestClient, { id }: Endpoint, enabled: boolean) =>
  of.send('PATCH', `/api/v1/webhook_endpoints/${id}`, { enabled });
const recover = (of: TestClient, { id }: Endpoint, since: number) =>
  of.send('POST', `/api/v1/webhook_endpoints/${id}/recover`, { since });
/** Whatever the others have due has been looked for and sent by the time that this endpoint got an event of its own. */
const letOthersThrough = async (): Promise<void> => {
  const shop = await receiver();
  const acme = await given.client();
  await endpoint(acme, shop.url);
  for (let count = 1; count <= 3; count += 1) {
    await given.customer(acme);
    await shop.got(count);
  }
  await shop.close();
};

describe('An endpoint', () => {
  it('that answers 410 is disabled at once; switched on again, it gets what waited', async () => {
    const acme = await given.client();
    const shop = await receiver(status(410));
    const to = await endpoint(acme, shop.url);
    await given.customer(acme);
    const [made] = await deliveriesOnce(acme, to, ([one]) => one?.attempts === 1);
    expect(made).toMatchObject({ status: 'pending', response_status: 410 });
    expect((await look(acme, to)).enabled).toBe(false);
    await hurry(to);
    await letOthersThrough();
    expect(shop.all).toHaveLength(1);
    shop.answer = ok;
    expect((await enable(acme, to, true)).body).toMatchObject({ enabled: true, failing_since: null });
    await deliveriesOnce(acme, to, ([one]) => one?.status === 'delivered');
    await shop.close();
  });

  it('that has failed for five days is disabled with the next failure, and not before', async () => {
    const acme = await given.client();
    const shop = await receiver(status(500));
    const to = await endpoint(acme, shop.url);
    const failingFor = (time: string) =>
      sql(
        `UPDATE webhook_endpoints SET failing_since = now() - $2::interval WHERE id = $1`,
        parseId('webhook_endpoint', to.id),
        time,
      );
    await given.customer(acme);
    await deliveriesOnce(acme, to, ([one]) => one?.attempts === 1);
    await failingFor('119 hours 59 minutes');
    await hurry(to);
    await deliveriesOnce(acme, to, ([one]) => one?.attempts === 2);
    expect((await look(acme, to)).enabled).toBe(true);
    await failingFor('120 hours');
    await hurry(to);
    await deliveriesOnce(acme, to, ([one]) => one?.attempts === 3);
    expect((await look(acme, to)).enabled).toBe(false);
    await shop.close();
  });

  it('that is disabled gets nothing; enabled again, it gets what it missed, in order and once', async () => {
    const acme = await given.client();
    const shop = await receiver();
    // The only one: nobody else makes sure that events are written.
    const to = await endpoint(acme, shop.url, ['customer.created', 'message.created']);
    const ids = [(await given.customer(acme)).id];
    await shop.got(1);
    accepted(await enable(acme, to, false));
    const [john, jane] = [await given.customer(acme, 'John'), await given.customer(acme, 'Jane')];
    const channel = await given.channel(acme, [john, jane]);
    ids.push(john.id, jane.id);
    for (let at = 0; at < 3; at += 1) {
      ids.push((await given.message(acme, channel, john, `Message ${at}`)).id);
    }
    await letOthersThrough();
    expect(shop.all).toHaveLength(1);
    accepted(await enable(acme, to, true));
    ids.push((await given.message(acme, channel, john, 'After')).id);
    await deliveriesOnce(acme, to, (all) => all.length === 7 && all.every((one) => one.status === 'delivered'));
    expect(shop.all.map(({ body }) => body.data.id)).toEqual(ids);
    expect((await recover(acme, to, 0)).body.count).toBe(0);
    accepted(await enable(acme, to, false));
    accepted(await enable(acme, to, true));
    await letOthersThrough();
    expect(shop.all).toHaveLength(7);
    await shop.close();
  });

  it.each([
    ['410', () => Promise.resolve([])],
    [
      'five days of failures',
      (to: Endpoint) =>
        sql(
          `UPDATE webhook_endpoints SET failing_since = now() - interval '120 hours' WHERE id = $1`,
          parseId('webhook_endpoint', to.id),
        ),
    ],
  ])('that was disabled by %s gets what it missed as well', async (why, fail) => {
    const acme = await given.client();
    const shop = await receiver(status(why === '410' ? 410 : 500));
    const to = await endpoint(acme, shop.url);
    await fail(to);
    const ids = [(await given.customer(acme)).id];
    await deliveriesOnce(acme, to, ([one]) => one?.attempts === 1);
    expect((await look(acme, to)).enabled).toBe(false);
    ids.push((await given.customer(acme)).id, (await given.customer(acme)).id);
    shop.answer = ok;
    accepted(await enable(acme, to, true));
    await hurry(to);
    await deliveriesOnce(acme, to, (all) => all.length === 3 && all.every((one) => one.status === 'delivered'));
    expect(new Set(shop.all.map(({ body }) => body.data.id))).toEqual(new Set(ids));
    await shop.close();
  });

  it('that asked for less can be sent the rest, enabled or not', async () => {
    const acme = await given.client();
    const shop = await receiver();
    const to = await endpoint(acme, shop.url, ['message.read']);
    const missed = [(await given.customer(acme)).id, (await given.customer(acme)).id];
    const change = { events: ['customer.created'], enabled: false };
    expect((await acme.send('PATCH', `/api/v1/webhook_endpoints/${to.id}`, change)).status).toBe(200);
    const since = must(await acme.api.GET('/api/v1/events')).data.at(-1)!.created;
    const recovery = await recover(acme, to, since);
    expect([recovery.status, recovery.body]).toEqual([
      200,
      { object: 'webhook_recovery', endpoint_id: to.id, since, count: 2 },
    ]);
    await letOthersThrough();
    expect(shop.all).toEqual([]);
    accepted(await enable(acme, to, true));
    await shop.got(2);
    await deliveriesOnce(acme, to, (all) => all.every((one) => one.status === 'delivered'));
    expect(shop.all.map(({ body }) => body.data.id)).toEqual(missed);
    expect((await recover(acme, to, 0)).body.count).toBe(0);
    await shop.close();
  });

  it('gets what failed since a moment again, and nothing from before', async () => {
    const acme = await given.client();
    const shop = await receiver();
    const to = await endpoint(acme, shop.url);
    await given.pair(acme);
    const all = await deliveriesOnce(acme, to, (some) => some.filter((one) => one.status === 'delivered').length === 3);
    const uuids = all.map(({ event_id }) => parseId('event', event_id));
    await sql(`UPDATE webhook_deliveries SET status = 'failed', attempts = 10 WHERE event_id = ANY($1)`, uuids);
    await sql(`UPDATE events SET created_at = now() - interval '1 day' WHERE id = $1`, uuids[0]);
    expect((await recover(acme, to, all[0]!.created - 3600)).body.count).toBe(2);
    await shop.got(5);
    expect(shop.all.slice(3).map(({ id }) => id)).toEqual(all.slice(1).map(({ event_id }) => event_id));
    await shop.close();
  });

  it('that is dead delays nobody else', async () => {
    const acme = await given.client();
    const dead = await receiver(() => undefined);
    const shop = await receiver();
    for (let at = 0; at < 10; at += 1) {
      await endpoint(acme, dead.url);
    }
    await endpoint(acme, shop.url);
    const started = performance.now();
    for (let count = 1; count <= 20; count += 1) {
      await given.customer(acme);
      await shop.got(count);
    }
    // Ten that hang for fifteen seconds each, and twenty events in turn.
    expect(performance.now() - started).toBeLessThan(14_000);
    expect(dead.all.length).toBeLessThanOrEqual(10);
    await dead.close();
    await shop.close();
  });

  it('of a client that was disabled gets nothing', async () => {
    const acme = await given.client();
    const shop = await receiver(status(500));
    const to = await endpoint(acme, shop.url);
    await given.customer(acme);
    await deliveriesOnce(acme, to, ([one]) => one?.attempts === 1);
    await sql('UPDATE clients SET disabled_at = now() WHERE id = $1', acme.uuid);
    await hurry(to);
    await letOthersThrough();
    expect(shop.all).toHaveLength(1);
    await shop.close();
  });

  it('that is deleted while messages are sent makes none of them fail', async () => {
    const acme = await given.client();
    const { channel, john } = await given.pair(acme);
    let over = false;
    const writers = Array.from({ length: 4 }, async () => {
      for (let at = 0; !over; at += 1) {
        await given.message(acme, channel, john, `Message ${at}`);
      }
    });
    for (let at = 0; at < 40; at += 1) {
      const { id } = await endpoint(acme, 'https://example.invalid/');
      expect((await acme.send('DELETE', `/api/v1/webhook_endpoints/${id}`)).status).toBe(204);
    }
    over = true;
    await Promise.all(writers);
  });
});
