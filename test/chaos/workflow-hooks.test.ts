import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { makeContact } from '../support/contacts.js';
import { givenTeams, type TestCaller } from '../support/engagement.js';
import { accepted, call } from '../support/given.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { activeWorkflow, definitionOf, executionOf, executionsOf, givenRuns, passTime } from '../support/workflows.js';

const UNLIMITED = { UI_RATE_LIMIT: 'off', LIMIT_API: 'off', RATE_LIMIT: 'off' };
beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', ...UNLIMITED }));
const given = givenTeams(() => server);
let by: TestCaller;
beforeAll(async () => {
  by = (await given.team()).owner;
});
const { inState, ended, trigger } = givenRuns(() => by);
const secretsOf = async (id: number): Promise<{ webhook_secret: string; hook_url: string }> =>
  accepted(await by.send('GET', `/workflows/${id}/secrets`)).body.data;
const NOTE = { id: 'x', type: 'set_field', field: 'city', value: '{{trigger.city}}' };

describe('The address of a workflow', () => {
  it('triggers it once for each webhook-id', async () => {
    const { id } = await activeWorkflow(by, definitionOf([NOTE]));
    const path = new URL((await secretsOf(id)).hook_url).pathname;
    const contact = (await makeContact(by)).id as number;
    const post = (headers: Record<string, string>) =>
      call(`${server.url}${path}`, 'POST', { contact_id: contact, payload: { city: 'Rome' } }, headers);
    const answers = await Promise.all(Array.from({ length: 5 }, () => post({ 'webhook-id': 'msg_1' })));
    const first = accepted(answers[0]!).body as { data: { execution_id: number } };
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [202, first]));
    await ended({ id });
    expect(accepted(await by.send('GET', `/contacts/${contact}`)).body.data).toMatchObject({ city: 'Rome' });
    accepted(await post({ 'idempotency-key': 'other' }));
    expect(await executionsOf(by, id)).toHaveLength(2);
  });

  it.each<readonly [string, number, (path: string) => { readonly path: string; readonly body: string }]>([
    ['a wrong token', 404, (path) => ({ path: path.slice(0, -1), body: '{}' })],
    ['65 KB', 413, (path) => ({ path, body: JSON.stringify({ payload: { a: 'x'.repeat(65 * 1024) } }) })],
    ['no JSON', 400, (path) => ({ path, body: '{' })],
    ['depth 100', 422, (path) => ({ path, body: `{"payload":{"a":${'['.repeat(100)}${']'.repeat(100)}}}` })],
    ['what it does not know', 422, (path) => ({ path, body: '{"contact":1}' })],
  ])('refuses %s', async (_, status, of) => {
    const { id } = await activeWorkflow(by, definitionOf([NOTE]));
    const { path, body } = of(new URL((await secretsOf(id)).hook_url).pathname);
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${server.url}${path}`, { method: 'POST', headers, body })).status).toBe(status);
    expect(await executionsOf(by, id)).toEqual([]);
  });

  it('that a webhook of the same workflow leads to stops it', async () => {
    const { id } = await activeWorkflow(by, definitionOf([NOTE]));
    const { hook_url: url } = await secretsOf(id);
    const other = await activeWorkflow(by, definitionOf([{ id: 'hook', type: 'webhook', url: relayed(url) }]));
    const { hook_url: back } = await secretsOf(other.id);
    accepted(
      await by.send('PUT', `/workflows/${id}`, {
        definition: definitionOf([{ id: 'hook', type: 'webhook', url: relayed(back) }]),
      }),
    );
    await trigger(id);
    await until(async () => (await executionsOf(by, id)).some(({ reason }) => reason === 'loop'));
    expect(await executionsOf(by, other.id)).toHaveLength(1);
  });
});

it('A contact that can not be looked for is not one that is not there', async () => {
  const { id } = await activeWorkflow(by, definitionOf([NOTE]));
  const body = { contact_id: (await makeContact(by)).id as number };
  const statuses = async () => {
    const [triggered, tried] = [
      await by.send('POST', `/workflows/${id}/trigger`, body),
      await by.send('POST', `/workflows/${id}/dry-run`, body),
    ];
    return [triggered.status, tried.status];
  };
  await sql('ALTER TABLE contacts RENAME TO away');
  const away = await statuses().finally(() => sql('ALTER TABLE away RENAME TO contacts'));
  expect(away).toEqual([500, 500]);
  expect(await statuses()).toEqual([202, 200]);
});

let web: Server;
let url: string;
const came: { readonly headers: Record<string, string>; readonly text: string }[] = [];
let answers: number[] = [];
/** Brings what it gets to an address of the server, as a receiver may. */
const relayed = (to: string): string => `${url}?to=${encodeURIComponent(new URL(to).pathname)}`;
beforeAll(async () => {
  web = createServer((request, response) => {
    void request.toArray().then(async (chunks: Buffer[]) => {
      const to = new URL(request.url!, url).searchParams.get('to');
      if (to !== null) {
        const headers = { 'webhook-id': request.headers['webhook-id'] as string };
        accepted(await call(`${server.url}${to}`, 'POST', {}, headers));
        return response.end();
      }
      came.push({ headers: request.headers as Record<string, string>, text: Buffer.concat(chunks).toString() });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise<void>((done) => void web.close(() => done())));

describe('A webhook', () => {
  it('is signed with the secret of its workflow, and is the same however often it is sent', async () => {
    answers = [503];
    const { id } = await activeWorkflow(by, definitionOf([{ id: 'hook', type: 'webhook', url }]));
    const contact = (await makeContact(by, { first_name: 'Eve' })).id as number;
    const run = await trigger(id, { contact_id: contact, payload: { order: 7 } });
    const { uuid, steps } = await until(async () => {
      const one = await executionOf(by, id, run);
      return one.steps[0]?.status === 'retrying' ? one : null;
    });
    expect(steps).toMatchObject([{ attempt: 1, error: 'It answered 503.' }]);
    await passTime(uuid);
    const done = await inState(id, run, 'completed');
    expect(done.steps).toMatchObject([{ status: 'completed', attempt: 2, output: { status: 200 }, error: null }]);
    const { webhook_secret: secret } = accepted(await by.send('GET', `/workflows/${id}/secrets`)).body.data as {
      webhook_secret: string;
    };
    const [first, again] = came.map(({ headers, text }) => new Webhook(secret).verify(text, headers));
    expect(first).toMatchObject({
      ...{ workflow_id: id, execution_id: run, step: 'hook', contact: { id: contact, name: 'Eve' } },
      ...{ conversation: null, trigger: { type: 'webhook', order: 7 } },
    });
    expect(again).toEqual(first);
    expect(new Set(came.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('that is refused fails for good', async () => {
    answers = [410];
    const { id } = await activeWorkflow(by, definitionOf([{ id: 'hook', type: 'webhook', url }]));
    expect(await inState(id, await trigger(id), 'failed')).toMatchObject({ reason: 'It answered 410.' });
  });
});

it('A schedule runs once for each contact of its segment, and not where its time was long ago', async () => {
  const contacts = [];
  for (let made = 0; made < 3; made += 1) {
    contacts.push(await makeContact(by, { country: 'NZ' }));
  }
  const filter = { field: 'country', op: 'is', value: 'nz' };
  const segment = accepted(await by.send('POST', '/segments', { name: 'NZ', type: 'dynamic', filter })).body.data as {
    id: number;
  };
  const cron = { type: 'schedule', cron: '0 9 * * 1', timezone: 'Pacific/Auckland', segment_id: segment.id };
  const { id, uuid } = await activeWorkflow(
    by,
    definitionOf([{ id: 'x', type: 'set_field', field: 'city', value: 'Here' }], cron),
  );
  const fireAt = async () => (await sql('SELECT fire_at FROM workflows WHERE id = $1', uuid))[0]!.fire_at as Date;
  const next = await fireAt();
  const dueSince = (interval: string) =>
    sql(`UPDATE workflows SET fire_at = now() - $2::interval WHERE id = $1`, uuid, interval);
  await dueSince('2 hours');
  await until(async () => (await fireAt()).getTime() === next.getTime());
  expect(await executionsOf(by, id)).toEqual([]);
  await dueSince('1 second');
  const runs = await ended({ id }, contacts.length);
  expect(runs.map(({ contact_id, state }) => [contact_id, state])).toEqual(
    contacts.map(({ id: contact }) => [contact, 'completed']).reverse(),
  );
  await until(async () => (await fireAt()).getTime() === next.getTime());
});
