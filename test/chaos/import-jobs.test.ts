import { beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { makeContact, makeTag } from '../support/contacts.js';
import { givenTeams, type TestCaller } from '../support/engagement.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, testClient, truthfulFetch } from '../support/given.js';
import { endpointByName } from '../support/inbox-events.js';
import { asClient, Listener } from '../support/pusher.js';
import { receiver } from '../support/receiver.js';
import { beginImport, endOf, fileOf, sendFile } from '../support/imports.js';
import { startServer, useServer } from '../support/server.js';
import { beside, ownDatabase, somebodyWaits, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { inWorkspace } from '../support/users.js';

const UNLIMITED = { UI_RATE_LIMIT: 'off', LIMIT_API: 'off', LIMIT_IMPORT_EXPORT: 'off' };

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', ...UNLIMITED }));
const given = givenTeams(() => server);

const total = async (by: TestCaller, query = ''): Promise<number> =>
  accepted(await by.send('GET', `/contacts?per_page=1${query}`)).body.meta.total as number;

it('A large import counts each row once, tells all that is wrong, and subscribes nobody again', async () => {
  const team = await given.team();
  const key = await team.key();
  const tag = await makeTag(key, 'Fair');
  const left = await makeContact(key, { email: 'c7@example.com', status: 'unsubscribed' });
  accepted(await key.send('POST', '/suppressions', { email: 'c8@example.com', reason: 'manual' }));
  const wrong = Array.from({ length: 70 }, (_, at) => `,nobody ${at}`).join('\n');
  const file = `${fileOf(1_400)}${wrong}\n${fileOf(1_200, 1_300).split('\n').slice(1).join('\n')}`;
  const begun = await beginImport(server, key, file, [['tag_ids[]', String(tag.id)]]);
  const end = await endOf(key, begun);
  expect(end).toMatchObject({
    ...{ status: 'completed', rows: 2_670, created: 2_499, updated: 101, skipped: 70, errors_count: 70 },
    ended_at: expect.any(String),
  });
  expect(end.errors).toHaveLength(50);
  const csv = accepted(await key.send('GET', `/contacts/imports/${begun.id}/errors`)).text;
  const told = Array.from({ length: 70 }, (_, at) => `Row ${1_402 + at}: missing email\n`).join('');
  expect(csv).toBe(`Error\n${told}`);
  expect([await total(key), await total(key, `&tag_id=${tag.id}`)]).toEqual([2_500, 2_500]);
  const shown = accepted(await key.send('GET', `/contacts/${left.id}`)).body.data;
  expect(shown).toMatchObject({ first_name: 'C7', status: 'unsubscribed', suppression: { reason: 'unsubscribed' } });
  const [suppressed] = accepted(await key.send('GET', '/contacts?email=c8@example.com')).body.data;
  const one = accepted(await key.send('GET', `/contacts/${suppressed.id}`)).body.data;
  expect(one.suppression).toMatchObject({ reason: 'manual' });
  expect(await sql('SELECT FROM files WHERE client_id = $1', team.uuid)).toEqual([]);
  expect(await sql('SELECT bytes FROM storage_uses WHERE client_id = $1', team.uuid)).toEqual([{ bytes: '0' }]);
  await expectExactRows(team.uuid);
});

it('A file that was uploaded apart is imported, and skips who is there where that is asked for', async () => {
  const key = await (await given.team()).key();
  await makeContact(key, { email: 'c3@example.com', first_name: 'Here' });
  const file = fileOf(1_200);
  const body = { name: 'all.csv', size: Buffer.byteLength(file), on_conflict: 'skip' };
  const begun = accepted(await key.send('POST', '/contacts/imports', body)).body.data;
  await truthfulFetch(begun.upload_url as string, { method: 'PUT', body: file });
  accepted(await key.send('POST', `/contacts/imports/${begun.id}/start`));
  const end = await endOf(key, begun);
  expect(end).toMatchObject({ status: 'completed', rows: 1_200, created: 1_199, updated: 0, skipped: 1, errors: [] });
  const [here] = accepted(await key.send('GET', '/contacts?email=c3@example.com')).body.data;
  expect(here.first_name).toBe('Here');
  const dry = await endOf(key, await beginImport(server, key, fileOf(1_000, 1_000), [['dry_run', '1']]));
  expect(dry).toMatchObject({ status: 'completed', dry_run: true, created: 800, updated: 200 });
  expect(await total(key)).toBe(1_200);
});

it('What is before a line that can not be read stays, and the line is told', async () => {
  const key = await (await given.team()).key();
  const end = await endOf(key, await beginImport(server, key, `${fileOf(6_000)}c\u0000@example.com,No\n`));
  expect(end).toMatchObject({ status: 'failed', errors: ['Line 6002 is not UTF-8 text.'] });
  expect(await total(key)).toBe(end.created);
  expect(end.rows).toBe(end.created);
});

it('A segment of more than a thousand is changed as an import is', async () => {
  const team = await given.team();
  const [key, agent] = [await team.key(), await team.member('agent')];
  await endOf(key, await beginImport(server, key, fileOf(1_150)));
  const off = await makeContact(key, { status: 'unsubscribed', first_name: 'C' });
  const filter = { all: [{ field: 'first_name', op: 'starts_with', value: 'C' }] };
  const segment = accepted(await key.send('POST', '/segments', { name: 'All', filter })).body.data;
  const change = { segment_id: segment.id, set: { status: 'active', lead_score: 7 } };
  const begun = accepted(await agent.send('POST', '/contacts/bulk', change));
  expect(begun).toMatchObject({ status: 202, body: { data: { type: 'bulk', status: 'processing' } } });
  const end = await endOf(key, begun.body.data);
  const errors = [`Contact ${off.id}: only an admin subscribes it again`];
  expect(end).toMatchObject({ status: 'completed', rows: 1_151, created: 0, updated: 1_150, skipped: 1, errors });
  expect(await total(key, '&min_score=7')).toBe(1_150);
  const again = accepted(await key.send('POST', '/contacts/bulk', change)).body.data;
  expect(await endOf(key, again)).toMatchObject({ rows: 1_151, updated: 1, skipped: 1_150, errors: [] });
  await expectExactRows(team.uuid);
});

it('A workspace whose contacts are locked holds up no other, and then goes on', async () => {
  const slow = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const key = await (await given.team()).key();
      const one = await makeContact(key, { email: 'c1@example.com' });
      return { key, one };
    }),
  );
  const holder = new pg.Client(process.env.TEST_DATABASE_URL);
  await holder.connect();
  await holder.query('BEGIN');
  for (const { one } of slow) {
    await holder.query('SELECT FROM customers WHERE id = $1 FOR UPDATE', [one.uuid]);
  }
  const held = await Promise.all(
    slow.map(async ({ key }) => ({ key, begun: await beginImport(server, key, fileOf(600)) })),
  );
  await until(somebodyWaits);
  const other = await (await given.team()).key();
  expect(await endOf(other, await beginImport(server, other, fileOf(600)))).toMatchObject({ created: 600 });
  await holder.query('ROLLBACK');
  await holder.end();
  for (const { key, begun } of held) {
    expect(await endOf(key, begun)).toMatchObject({ status: 'completed', rows: 600, created: 599, updated: 1 });
  }
});

it('The same e-mails by imports and one by one, at once, are one contact each', async () => {
  const team = await given.team();
  const key = await team.key();
  const jobs = [await beginImport(server, key, fileOf(50)), await beginImport(server, key, fileOf(50))];
  const ends = await Promise.all(
    Array.from({ length: 50 }, (_, at) => [
      key.send('POST', '/contacts', { first_name: 'B', email: `c${at}@example.com` }),
      ...(at % 10 === 0 ? [sendFile(server, key, fileOf(50))] : []),
    ]).flat(),
  );
  expect(ends.map(({ status }) => status).filter((status) => ![200, 201, 422].includes(status))).toEqual([]);
  for (const job of jobs) {
    expect(await endOf(key, job)).toMatchObject({ status: 'completed', rows: 50, skipped: 0 });
  }
  expect(await total(key)).toBe(50);
  const numbers = await sql(`SELECT count(DISTINCT number)::int AS many FROM contacts WHERE client_id = $1`, team.uuid);
  expect(numbers).toEqual([{ many: 50 }]);
  await expectExactRows(team.uuid);
});

it('Who is erased while imported comes back by a later row alone, and nothing is left of the former', async () => {
  const team = await given.team();
  const key = await team.key();
  const former = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      makeContact(key, { email: `c${at * 40}@example.com`, custom_fields: { a: 1 } }),
    ),
  );
  const begun = await beginImport(server, key, fileOf(800));
  const gone = await Promise.all(former.map(({ id }) => key.send('DELETE', `/contacts/${id}`)));
  expect(gone.map(({ status }) => status)).toEqual(former.map(() => 204));
  expect(await endOf(key, begun)).toMatchObject({ status: 'completed', rows: 800, skipped: 0 });
  const there = await sql<{ email: string; id: string }>(
    `SELECT email, id FROM customers WHERE client_id = $1 AND kind = 'person'`,
    team.uuid,
  );
  const uuids = new Set(former.map(({ uuid }) => uuid as string));
  expect(there.filter(({ id }) => uuids.has(id))).toEqual([]);
  // Whoever was erased after its row was written is gone; nobody is there twice.
  expect(there.length).toBe(new Set(there.map(({ email }) => email)).size);
  expect(there.length).toBeGreaterThanOrEqual(780);
  await expectExactRows(team.uuid);
});

it('What becomes of imports is told to webhooks, and how far they are to sockets, once a second at most', async () => {
  const team = await given.team();
  const { owner, workspace } = team;
  const key = await team.key();
  const webhooks = await receiver();
  accepted(await owner.user!.send('PATCH', inWorkspace(workspace), { domain: 'example.com' }));
  const program = testClient(server.url, team.uuid, workspace.publicKey, key.token);
  const asked = ['import.completed', 'import.failed'];
  await endpointByName(program, server.url, webhooks.url, asked);
  const refusedOne = endpointByName(program, server.url, webhooks.url, ['import.progress']);
  await expect(refusedOne).rejects.toThrow('events');
  const headers = { authorization: `Bearer ${owner.token}`, 'x-workspace-id': workspace.id };
  const page = new Listener(server.url, workspace.publicKey, asClient(server.url, { headers }));
  await page.subscribe('private-inbox');
  const first = await makeContact(key, { email: 'c0@example.com' });
  const begunAt = Date.now();
  // Held up at its first contact until it has something to tell: otherwise it may be through within the second.
  const good = await beside(async (holder) => {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM customers WHERE id = $1 FOR UPDATE', [first.uuid]);
    const begun = await beginImport(server, key, fileOf(6_000));
    await until(somebodyWaits);
    await sql(`UPDATE imports SET told_at = now() - interval '1 second' WHERE id = $1`, begun.uuid);
    return begun;
  });
  const end = await endOf(key, good);
  const took = Date.now() - begunAt;
  const bad = await endOf(key, await beginImport(server, key, `${fileOf(6_000)}c\u0000@example.com,No\n`));
  await webhooks.until((all) => all.length === 2);
  expect(webhooks.all.map(({ body }) => [body.type, body.data])).toEqual([
    ['import.completed', end],
    ['import.failed', bad],
  ]);
  expect((await page.next('import.failed'))[0]!.data).toEqual(bad);
  const progress = page.heard.filter(({ event }) => event === 'import.progress');
  expect(progress.map(({ data }) => (data as { id: number }).id)).toContain(good.id);
  expect(progress.filter(({ data }) => (data as { id: number }).id === good.id).length).toBeLessThanOrEqual(
    1 + took / 1_000,
  );
  page.end();
  await webhooks.close();
});
