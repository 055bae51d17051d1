import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../support/given.js';
import { metricsAt } from '../support/metrics.js';
import { freePort } from '../support/process.js';
import { Listener } from '../support/pusher.js';
import { receiver } from '../support/receiver.js';
import { startServer, useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { ownDatabase } from '../support/sql.js';
import { teamsOn, type Team } from '../support/texting.js';
import { until } from '../support/until.js';
import { endpoint } from '../support/webhooks.js';

let port: number;
let acme: TestClient;
let team: Team;
beforeAll(ownDatabase);
beforeAll(async () => {
  port = await freePort();
});
const server = useServer(() => startServer({ ROLE: 'all', METRICS_PORT: String(port) }));
const given = givenOn(() => server);
beforeAll(async () => {
  acme = await given.client();
  team = await teamsOn(() => server).team();
});

/** As soon as it is more than it was: who was answered may see it a moment later. */
const moreThan = (line: string, before: ReadonlyMap<string, number>): Promise<number> =>
  until(async () => {
    const is = (await metricsAt(port)).get(line) ?? 0;
    return is > (before.get(line) ?? 0) ? is - (before.get(line) ?? 0) : null;
  });

describe('GET /metrics', () => {
  it('counts requests by route and class of status, and says how long they took', async () => {
    const before = await metricsAt(port);
    const { john, channel } = await given.pair(acme);
    await given.message(acme, channel, john);
    expect((await acme.send('GET', `/api/v1/customers/${john.id}`)).status).toBe(200);
    expect((await acme.send('POST', '/api/v1/messages', {})).status).toBe(422);
    const counted = (method: string, route: string, status: string): Promise<number> =>
      moreThan(`parlance_http_requests_total{method="${method}",route="${route}",status="${status}"}`, before);
    expect(await counted('POST', '/api/v1/messages', '2xx')).toBe(1);
    expect(await counted('POST', '/api/v1/messages', '4xx')).toBe(1);
    expect(await counted('GET', '/api/v1/customers/:id', '2xx')).toBe(1);
    const timed = 'parlance_http_request_duration_seconds_count{method="POST",route="/api/v1/messages"}';
    expect(await moreThan(timed, before)).toBe(2);
    expect(await moreThan('parlance_send_batch_messages_count', before)).toBe(1);
  });

  it('has all that the dashboard of the chart asks for', async () => {
    const file = new URL('../../deploy/helm/parlance/dashboards/parlance.json', import.meta.url);
    const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { panels: { targets: { expr: string }[] }[] };
    const asked = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => [...expr.matchAll(/([a-z_\d]+)\{/g)].map(([, name]) => name!)),
    );
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const served = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
        type === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name!}_${part}`) : [name!],
      ),
    );
    expect(asked.length).toBeGreaterThan(12);
    expect(asked.filter((name) => !served.has(name))).toEqual([]);
  });

  it('has one label for all paths that there are not', async () => {
    const before = await metricsAt(port);
    const made = Array.from({ length: 100 }, (_, at) => (at % 2 ? `/api/v1/there-is-no-${at}` : `/none-${at}.php`));
    const answers = await Promise.all(made.map((path) => fetch(server.url + path, { method: 'PUT' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    const line = 'parlance_http_requests_total{method="PUT",route="none",status="4xx"}';
    await until(async () => (await metricsAt(port)).get(line) === (before.get(line) ?? 0) + 100 || null);
    const added = [...(await metricsAt(port)).keys()].filter((one) => !before.has(one) && one.includes('"PUT"'));
    expect(added.filter((one) => !one.includes('route="none"'))).toEqual([]);
    // Its count, its sum and its buckets, with the requests that were counted by status.
    expect(added.length).toBeLessThan(20);
  });

  it('counts open sockets by dialect', async () => {
    const line = 'parlance_sockets{dialect="pusher"}';
    expect((await metricsAt(port)).get(line)).toBe(0);
    const listener = new Listener(server.url, acme.publicKey, () => Promise.reject(new Error('Nobody asks')));
    await until(() => listener.socketId);
    expect((await metricsAt(port)).get(line)).toBe(1);
    listener.pusher.disconnect();
    await until(async () => (await metricsAt(port)).get(line) === 0 || null);
  });

  it('counts what became of webhooks and texts, and the jobs of each queue', async () => {
    const before = await metricsAt(port);
    const listening = await receiver();
    try {
      await endpoint(acme, listening.url, ['customer.created']);
      await given.customer(acme);
      await team.send('Hello');
      for (const line of [
        'parlance_webhook_attempts_total{outcome="delivered"}',
        'parlance_text_attempts_total{provider="simulator",outcome="accepted"}',
        'parlance_jobs_total{queue="Webhook"}',
        'parlance_jobs_total{queue="Delivery"}',
      ]) {
        expect(await moreThan(line, before)).toBeGreaterThan(0);
      }
    } finally {
      await listening.close();
    }
    await until(async () => (await metricsAt(port)).get('parlance_jobs_under_way{queue="Webhook"}') === 0 || null);
  });

  it('says how the pool, the feed and the process are', async () => {
    const is = await metricsAt(port);
    expect(
      is.get('parlance_database_connections{state="used"}')! + is.get('parlance_database_connections{state="idle"}')!,
    ).toBeGreaterThan(0);
    // Workers may be waiting at this very moment, but not for ever.
    await until(async () => (await metricsAt(port)).get('parlance_database_waiting') === 0 || null);
    expect(is.get('parlance_feed_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(is.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
    expect(
      [...is.keys()].filter((line) => /^parlance_build_info\{version="\d+\.\d+\.\d+",role="all"\}$/.test(line)),
    ).toHaveLength(1);
  });

  it('names nobody', async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('route="/api/ui/');
    const secrets = [
      acme.id,
      acme.uuid,
      acme.publicKey,
      acme.secretKey,
      team.uuid,
      team.workspace.id,
      ADMIN_KEY,
      '@example',
      '+1',
    ];
    expect(secrets.filter((one) => text.includes(one))).toEqual([]);
  });

  it('is all that there is at its port, and is not at that of the API', async () => {
    const at = (path: string, method = 'GET'): Promise<number> =>
      fetch(`http://127.0.0.1:${port}${path}`, { method }).then(({ status }) => status);
    expect([await at('/'), await at('/api/v1/customers'), await at('/metrics', 'POST')]).toEqual([404, 404, 405]);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  });

  it('is told by a process that runs jobs, too', async () => {
    const own = await freePort();
    const worker = await startServer({ ROLE: 'worker', METRICS_PORT: String(own) });
    try {
      const lines = [...(await metricsAt(own)).keys()];
      expect(lines.some((line) => line.startsWith('parlance_build_info{') && line.includes('role="worker"'))).toBe(
        true,
      );
    } finally {
      await worker.stop();
    }
  });
});
