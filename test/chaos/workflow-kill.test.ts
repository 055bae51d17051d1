import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeTag } from '../support/contacts.js';
import { givenInboxes } from '../support/inbox.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { activeWorkflow, definitionOf } from '../support/workflows.js';

const TEAMS = 4;
const CONTACTS = 100;
const ALL = TEAMS * CONTACTS;
const WORKERS = 2;
const KILLS = 3;
/** Executions that a process is at, at most: see execution-worker.ts. */
const AT_ONCE = 8 * TEAMS;

beforeAll(ownDatabase);
const web = useServer(() => startServer({ ROLE: 'web', LIMIT_API: 'off', UI_RATE_LIMIT: 'off' }));
const given = givenInboxes(() => web);

let shop: Server | undefined;
const workers: ServerProcess[] = [];
afterAll(async () => {
  shop?.closeAllConnections();
  shop?.close();
  await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
});

it('kill -9 of workers runs a workflow once for each event, and each step once', async () => {
  const env = { ROLE: 'worker', DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' };
  const came: string[] = [];
  shop = createServer((request, response) => {
    came.push(request.headers['webhook-id'] as string);
    request.resume().on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`;
  const teams = await Promise.all(Array.from({ length: TEAMS }, () => given.inbox()));
  for (const { owner, uuid } of teams) {
    const steps = [
      { id: 'tag', type: 'add_tag', tag_id: (await makeTag(owner, 'New')).id },
      { id: 'hook', type: 'webhook', url },
      { id: 'sms', type: 'send_sms', body: 'Welcome, {{first_name}}!' },
      { id: 'city', type: 'set_field', field: 'city', value: 'Here' },
    ];
    await activeWorkflow(owner, definitionOf(steps, { type: 'contact.created' }));
    await sql(
      `INSERT INTO customers (client_id, id, name, phone)
       SELECT $1, gen_random_uuid(), 'Number ' || n, '+1415556' || lpad(n::text, 4, '0') FROM generate_series(1, $2::int) n`,
      ...[uuid, CONTACTS],
    );
  }
  const ended = async (): Promise<number> =>
    (await sql<{ n: number }>(`SELECT count(*)::int AS n FROM executions WHERE ended_at IS NOT NULL`))[0]!.n;
  workers.push(...(await Promise.all(Array.from({ length: WORKERS }, () => startProcess(env)))));
  // Each time some more have ended, one is killed; another starts meanwhile, however long that takes.
  const starting: Promise<void>[] = [];
  for (let kills = 0; kills < KILLS; kills += 1) {
    await until(async () => (await ended()) >= (kills * ALL) / (KILLS + 2) && workers.length > 0);
    starting.push(startProcess(env).then((worker) => void workers.push(worker)));
    await workers.shift()!.end('SIGKILL');
  }
  await Promise.all(starting);
  await until(async () => (await ended()) === ALL);
  expect(await Promise.all(workers.map((worker) => worker.end('SIGTERM')))).toEqual(workers.map(() => 0));

  const ids = (await sql<{ id: string }>('SELECT id FROM executions')).map(({ id }) => id);
  expect(ids).toHaveLength(ALL);
  const [is] = await sql(
    `SELECT (SELECT count(*)::int FROM executions WHERE state = 'completed') AS completed,
            (SELECT count(*)::int FROM (SELECT DISTINCT client_id, contact_id FROM executions) one) AS contacts,
            (SELECT count(*)::int FROM execution_steps WHERE status = 'completed') AS steps,
            (SELECT count(*)::int FROM messages) AS messages,
            (SELECT count(*)::int FROM (SELECT DISTINCT client_id, channel_id FROM messages) one) AS conversations,
            (SELECT count(*)::int FROM contact_tags) AS tagged,
            (SELECT count(*)::int FROM contacts WHERE city = 'Here') AS moved,
            (SELECT count(*)::int FROM workflow_events) AS events,
            (SELECT sum(executions_count)::int FROM workflows) AS counted`,
  );
  expect(is).toEqual({
    ...{ completed: ALL, contacts: ALL, steps: 4 * ALL, messages: ALL, conversations: ALL, tagged: ALL, moved: ALL },
    ...{ events: 0, counted: ALL },
  });
  // What was answered and not noted before its worker died came again, as the same.
  expect(new Set(came)).toEqual(new Set(ids.map((id) => `wfx_${id}.hook`)));
  expect(came.length - ALL).toBeLessThanOrEqual(KILLS * AT_ONCE);
}, 600_000);
