import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../../src/platform/common/ids/type-id.js';
import type { WebhookWorker } from '../../../src/notify/worker/webhook-worker.js';
import { call, given as givenOn } from '../../support/given.js';
import { startProcess } from '../../support/process.js';
import { receiver } from '../../support/receiver.js';
import { purge } from '../../support/purge.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { deliveries, deliveriesOnce, endpoint } from '../../support/webhooks.js';

beforeAll(async () => {
  await ownDatabase();
});
const web = useServer(() => startServer({ DATABASE_URL: process.env.TEST_DATABASE_URL! }));
const given = givenOn(() => web);
const worker = (role = 'worker') => startServer({ ROLE: role, DATABASE_URL: process.env.TEST_DATABASE_URL! });

describe('A worker', () => {
  it('delivers what another process wrote down, before it started and after', async () => {
    const acme = await given.client();
    const shop = await receiver();
    const to = await endpoint(acme, shop.url);
    await given.customer(acme);
    expect((await deliveries(acme, to))[0]).toMatchObject({ status: 'pending', attempts: 0 });
    const other = await startProcess({
      ROLE: 'worker',
      DATABASE_URL: process.env.TEST_DATABASE_URL!,
      LOG_LEVEL: 'warn',
    });
    await shop.got(1);
    const started = performance.now();
    for (let count = 2; count <= 11; count += 1) {
      await given.customer(acme);
      await shop.got(count);
    }
    // Sooner than it looks by itself, for it is told: each would wait a second for the next look.
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(await other.end('SIGTERM')).toBe(0);
    await shop.close();
  });

  it('answers how it is, and nothing else', async () => {
    const alone = await worker();
    const { url } = alone;
    expect((await call(`${url}/health/ready`, 'GET')).status).toBe(200);
    expect((await call(`${url}/health/live`, 'GET')).status).toBe(200);
    expect((await call(`${url}/version`, 'GET')).status).toBe(200);
    for (const path of ['/api/v1/customers', '/docs', '/openapi.json', '/', '/healthy']) {
      const { status } = await fetch(url + path);
      expect([path, status]).toEqual([path, 404]);
    }
    const { error, code } = (await (await fetch(`${url}/api/v1/events`)).json()) as Record<string, string>;
    expect({ error, code }).toEqual({ error: 'This process runs jobs and answers no requests', code: 'not_found' });
    await alone.stop();
  });

  it('and another send to one endpoint in turn, never at once', async () => {
    const acme = await given.client();
    const [one, two] = await Promise.all([worker(), worker()]);
    let underWay = 0;
    let most = 0;
    const shop = await receiver((_, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setImmediate(() => {
        underWay -= 1;
        response.end();
      });
    });
    const { john, channel } = await given.pair(acme);
    await endpoint(acme, shop.url);
    const sent: string[] = [];
    for (let at = 0; at < 100; at += 1) {
      sent.push((await given.message(acme, channel, john, `Message ${at}`)).id);
    }
    await shop.got(100);
    expect(shop.all.map(({ body }) => body.data.id)).toEqual(sent);
    expect(most).toBe(1);
    await Promise.all([one.stop(), two.stop()]);
    await shop.close();
  });

  it('that is stopped ends the attempt under way, begins no other, and gives the endpoint back', async () => {
    const acme = await given.client();
    const alone = await worker();
    let finish: () => void = () => undefined;
    const shop = await receiver((_, response) => {
      finish = () => response.end();
    });
    const to = await endpoint(acme, shop.url);
    await given.customer(acme);
    await given.customer(acme);
    await shop.got(1);
    const runner = alone.get<WebhookWorker>('WebhookWorker');
    const end = runner.onModuleDestroy.bind(runner);
    const begun = new Promise<void>((resolve) => {
      runner.onModuleDestroy = () => {
        end();
        resolve();
      };
    });
    const stopped = alone.stop();
    await begun;
    finish();
    await stopped;
    const [first, second] = await deliveries(acme, to);
    expect([first, second]).toMatchObject([{ status: 'delivered' }, { status: 'pending', attempts: 0 }]);
    expect(shop.all).toHaveLength(1);
    const uuid = parseId('webhook_endpoint', to.id);
    expect(await sql('SELECT leased_by FROM webhook_endpoints WHERE id = $1', uuid)).toEqual([{ leased_by: null }]);
    await shop.close();
  });

  it('goes on after all of its connections were cut', async () => {
    const acme = await given.client();
    const url = new URL(process.env.TEST_DATABASE_URL!);
    url.searchParams.set('application_name', 'cut');
    const alone = await startServer({ ROLE: 'worker', DATABASE_URL: url.href });
    const shop = await receiver();
    const to = await endpoint(acme, shop.url);
    for (let count = 1; count <= 3; count += 1) {
      await given.customer(acme);
      await shop.until((all) => new Set(all.map(({ id }) => id)).size === count);
      await sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name IN ('cut', 'parlance-worker')`,
      );
    }
    await given.customer(acme);
    await deliveriesOnce(acme, to, (all) => all.length === 4 && all.every((one) => one.status === 'delivered'));
    await alone.stop();
    await shop.close();
  });

  it('throws away events of more than seven days, but none that is still to be delivered somewhere', async () => {
    const acme = await given.client();
    const off = await endpoint(acme, 'https://example.invalid/', ['*'], { enabled: false });
    const on = await endpoint(acme, 'https://example.invalid/', ['*']);
    for (let at = 0; at < 4; at += 1) {
      await given.customer(acme);
    }
    const [pending, delivered, failed, young] = await sql<{ id: string }>(
      'SELECT id FROM events WHERE client_id = $1 AND is_public ORDER BY seq',
      acme.uuid,
    );
    await sql(
      `UPDATE events SET created_at = now() - interval '169 hours'
       WHERE seq <= (SELECT seq FROM events WHERE id = $1)`,
      failed!.id,
    );
    const became = (status: string, id: string) =>
      sql(
        'UPDATE webhook_deliveries SET status = $1 WHERE event_id = $2 AND endpoint_id = $3',
        ...[status, id, parseId('webhook_endpoint', on.id)],
      );
    await became('delivered', delivered!.id);
    await became('failed', failed!.id);
    await purge(web);
    const left = await sql<{ id: string }>(
      'SELECT id FROM events WHERE client_id = $1 AND is_public ORDER BY seq',
      acme.uuid,
    );
    expect(left.map(({ id }) => id)).toEqual([pending!.id, young!.id]);
    // What waits for an endpoint that nobody enables does not wait for ever.
    expect((await deliveries(acme, off)).map(({ event_id }) => event_id)).toEqual(
      [pending!, young!].map(({ id }) => formatId('event', id)),
    );
  });
});
