import { beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { accepted, given as givenOn, must } from '../../support/given.js';
import { endpointByName } from '../../support/inbox-events.js';
import { receiver, status } from '../../support/receiver.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { deliveries, deliveriesOnce, endpoint, hurry, look } from '../../support/webhooks.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(() => startServer({ ROLE: 'all', DATABASE_URL: process.env.TEST_DATABASE_URL! }));
const given = givenOn(() => server);

describe('A delivery', () => {
  it('is the event, signed as Standard Webhooks says', async () => {
    const acme = await given.client();
    const shop = await receiver();
    const { secret, ...to } = await endpoint(acme, shop.url);
    const customer = await given.customer(acme);
    const [first] = await shop.got(1);
    const verified = new Webhook(secret).verify(first!.text, { ...first!.headers });
    expect(verified).toEqual({
      ...{ id: first!.id, object: 'event', type: 'customer.created', livemode: false, data: customer },
      created: expect.any(Number),
    });
    expect(first!.id).toMatch(/^evt_/);
    expect(first!.headers['content-type']).toBe('application/json');
    expect(() => new Webhook(secret).verify(`${first!.text} `, { ...first!.headers })).toThrow();
    const [made] = await deliveriesOnce(acme, { secret, ...to }, ([one]) => one?.status === 'delivered');
    expect(made).toMatchObject({
      ...{ event_id: first!.id, event_type: 'customer.created', attempts: 1, next_attempt_at: null },
      ...{ response_status: 200, response_body: 'ok', error: null, latency_ms: expect.any(Number) },
    });
    await shop.close();
  });

  it('is made in the order of the events', async () => {
    const acme = await given.client();
    const shop = await receiver();
    await endpoint(acme, shop.url, ['message.created']);
    const { channel, john } = await given.pair(acme);
    const sent: string[] = [];
    for (let at = 0; at < 50; at += 1) {
      sent.push((await given.message(acme, channel, john, `Message ${at}`)).id);
    }
    const all = await shop.got(50);
    expect(all.map(({ body }) => body.data.id)).toEqual(sent);
    await shop.close();
  });

  it('is tried again, under the same id and with a timestamp of its own, until it is made', async () => {
    const acme = await given.client();
    const shop = await receiver(status(500));
    const to = await endpoint(acme, shop.url);
    await given.customer(acme);
    await shop.got(1);
    const [failed] = await deliveriesOnce(acme, to, ([one]) => one?.attempts === 1);
    expect(failed).toMatchObject({ status: 'pending', response_status: 500, response_body: 'status 500' });
    expect(failed!.next_attempt_at! - failed!.last_attempt_at!).toBeGreaterThanOrEqual(3);
    expect(failed!.next_attempt_at! - failed!.last_attempt_at!).toBeLessThanOrEqual(7);
    expect((await look(acme, to)).failing_since).toEqual(expect.any(Number));
    shop.answer = status(204);
    await hurry(to);
    const [first, second] = await shop.got(2);
    expect(second!.id).toBe(first!.id);
    expect(second!.text).toBe(first!.text);
    new Webhook(to.secret).verify(second!.text, { ...second!.headers });
    await deliveriesOnce(acme, to, ([one]) => one?.status === 'delivered' && one.attempts === 2);
    expect((await look(acme, to)).failing_since).toBeNull();
    await shop.close();
  });

  it('is failed after ten attempts, and sent again where somebody asks for it', async () => {
    const acme = await given.client();
    const shop = await receiver(status(500));
    const to = await endpoint(acme, shop.url);
    await given.customer(acme);
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      await deliveriesOnce(acme, to, ([one]) => one?.attempts === attempt);
      await hurry(to);
    }
    const [failed] = await deliveries(acme, to);
    expect(failed).toMatchObject({ status: 'failed', attempts: 10, next_attempt_at: null });
    shop.answer = status(200);
    const path = `/api/v1/webhook_endpoints/${to.id}/deliveries/${failed!.id}/retry`;
    expect((await acme.send('POST', path)).body).toMatchObject({ id: failed!.id, status: 'pending', attempts: 0 });
    await deliveriesOnce(acme, to, ([one]) => one?.status === 'delivered');
    expect(new Set(shop.all.map(({ id }) => id)).size).toBe(1);
    expect(shop.all).toHaveLength(11);
    await shop.close();
  });

  it('waits as long as Retry-After says, and so does all that comes after', async () => {
    const acme = await given.client();
    const shop = await receiver(status(503, { 'retry-after': '3600' }));
    const to = await endpoint(acme, shop.url);
    await given.customer(acme);
    const [waiting] = await deliveriesOnce(acme, to, ([one]) => one?.attempts === 1);
    expect(waiting!.next_attempt_at! - waiting!.last_attempt_at!).toBe(3600);
    await given.customer(acme);
    const [, second] = await deliveriesOnce(acme, to, (all) => all.length === 2);
    expect(second).toMatchObject({ status: 'pending', attempts: 0 });
    const [row] = await sql<{ pause: number }>(
      'SELECT extract(epoch FROM paused_until - now())::int AS pause FROM webhook_endpoints WHERE url = $1',
      to.url,
    );
    expect(row!.pause).toBeGreaterThan(3_500);
    await shop.close();
  });

  it('is signed with both secrets for a day after the rotation', async () => {
    const acme = await given.client();
    const shop = await receiver();
    const old = await endpoint(acme, shop.url);
    const params = { path: { id: old.id } };
    const rotated = must(await acme.api.POST('/api/v1/webhook_endpoints/{id}/rotate', { params }));
    expect(rotated.secret).toMatch(/^whsec_[A-Za-z\d+/]{43}=$/);
    expect(rotated.secret).not.toBe(old.secret);
    await given.customer(acme);
    await shop.got(1);
    await sql(`UPDATE webhook_endpoints SET previous_secret_until = now() WHERE url = $1`, old.url);
    await given.customer(acme);
    const [first, second] = await shop.got(2);
    const verify = (secret: string, at: typeof first) => new Webhook(secret).verify(at!.text, { ...at!.headers });
    verify(old.secret, first);
    verify(rotated.secret, first);
    expect(first!.headers['webhook-signature']!.split(' ')).toHaveLength(2);
    verify(rotated.secret, second);
    expect(() => verify(old.secret, second)).toThrow('No matching signature');
    await shop.close();
  });

  it('is made of events of the engagement API that are asked for by name, also when they are recovered', async () => {
    const acme = await given.client();
    const shop = await receiver();
    const to = await endpointByName(acme, server.url, shop.url, ['contact.created']);
    const body = { first_name: 'Anna', email: 'anna@example.com' };
    const { data } = accepted(await acme.send('POST', '/api/v1/contacts', body)).body as { data: { id: number } };
    const [first] = await shop.got(1);
    expect(new Webhook(to.secret).verify(first!.text, { ...first!.headers })).toEqual({
      ...{ id: first!.id, object: 'event', type: 'contact.created', livemode: false, created: expect.any(Number) },
      data: expect.objectContaining({ id: data.id, email: body.email }),
    });
    const forget = `DELETE FROM webhook_deliveries WHERE client_id = $1 AND status = 'delivered' RETURNING id`;
    await until(async () => (await sql(forget, acme.uuid)).length);
    const since = (first!.body as { created: number }).created - 10;
    accepted(await acme.send('POST', `/api/v1/webhook_endpoints/${to.id}/recover`, { since }));
    const [, again] = await shop.got(2);
    expect(again!.id).toBe(first!.id);
    await shop.close();
  });

  it('is made of the events that the endpoint asks for, and of a test', async () => {
    const acme = await given.client();
    const shop = await receiver();
    const to = await endpoint(acme, shop.url, ['channel.created']);
    const { channel } = await given.pair(acme);
    const params = { path: { id: to.id } };
    const test = must(await acme.api.POST('/api/v1/webhook_endpoints/{id}/test', { params }));
    expect(test).toMatchObject({ status: 'pending', event_type: 'webhook_endpoint.test', endpoint_id: to.id });
    const [first, second] = await shop.got(2);
    expect(first!.body).toMatchObject({ type: 'channel.created', data: channel });
    expect(second!.body).toMatchObject({ id: test.event_id, data: { object: 'webhook_endpoint', id: to.id } });
    expect(Object.keys(second!.body.data as object)).toEqual(['object', 'id']);
    await shop.close();
  });
});
