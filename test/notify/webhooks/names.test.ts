import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dnsServer, type DnsServer } from '../../support/dns-server.js';
import { PushWorld } from '../../support/push-world.js';
import { receiver } from '../../support/receiver.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { deliveriesOnce, endpoint } from '../../support/webhooks.js';

let dns: DnsServer;
const world = new PushWorld();
const { given } = world;
beforeAll(async () => {
  await ownDatabase();
  dns = await dnsServer({ 'hook.example': '127.0.0.1' });
  await world.start('all', { DNS_SERVERS: dns.address });
});
afterAll(async () => {
  await world.stop();
  dns.close();
});

describe('Names that no DNS server answers', () => {
  it('hold up nobody else’s webhooks and pushes, nor the process', async () => {
    const [crowd, acme] = [await given.client(), await given.client()];
    await Promise.all(Array.from({ length: 20 }, (_, at) => endpoint(crowd, `http://silent${at}.example/`)));
    const shop = await receiver();
    const url = shop.url.replace('127.0.0.1', 'hook.example');
    await endpoint(acme, url);
    await world.web.setUp(acme);
    const { john, jane, channel } = await given.pair(acme);
    const browser = createServer((_, response) => response.writeHead(201).end()).listen(0, '127.0.0.1');
    await once(browser, 'listening');
    const token = `http://hook.example:${(browser.address() as AddressInfo).port}/`;
    const device = { device_id: 'browser', provider: 'webpush', token, keys: world.web.subscribe().keys };
    expect((await acme.send('POST', `/api/v1/customers/${jane.id}/devices`, device)).status).toBe(201);
    await shop.got(3);
    dns.forget();
    await given.customer(crowd);
    await until(() => dns.unanswered.size === 20);
    const pushed = once(browser, 'request');
    await world.say(acme, channel, john, { text: 'Hello' });
    await readFile(new URL(import.meta.url));
    await Promise.all([shop.until((all) => all.some(({ body }) => body.type === 'message.created')), pushed]);
    // None of the twenty has been given up by then.
    const counts =
      'SELECT count(*)::int AS due, sum(attempts)::int AS attempts FROM webhook_deliveries WHERE client_id = $1';
    expect(await sql(counts, crowd.uuid)).toEqual([{ due: 20, attempts: 0 }]);
    browser.close();
    await shop.close();
  });

  it('fail as what they are', async () => {
    const acme = await given.client();
    const to = await endpoint(acme, 'http://silent.example/');
    await given.customer(acme);
    const [made] = await deliveriesOnce(acme, to, ([one]) => one?.attempts === 1);
    expect(made).toMatchObject({
      status: 'pending',
      response_status: null,
      error: expect.stringMatching(/ETIMEOUT|ECANCELLED/),
    });
  });

  it('are those of this machine where it may be dialled', async () => {
    const acme = await given.client();
    const shop = await receiver();
    await endpoint(acme, shop.url.replace('127.0.0.1', 'localhost'));
    await given.customer(acme);
    await shop.got(1);
    await shop.close();
  });
});
