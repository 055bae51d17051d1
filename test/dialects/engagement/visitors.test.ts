import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { givenTeams } from '../../support/engagement.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, call, type Reply } from '../../support/given.js';
import { list, post, told } from '../../support/inbox.js';
import { startServer, useServer } from '../../support/server.js';

const server = useServer();
const given = givenTeams(() => server);
const ORIGIN = 'http://localhost:8080';

interface Visitor {
  readonly customer_id: string;
  readonly token: string;
  readonly expires_at: string;
}

/** A workspace with a desk, and its page, on which anybody may be. */
async function page() {
  const team = await given.team();
  const { publicKey } = team.workspace;
  const ask = (method: string, path: string, body?: unknown, headers: object = {}): Promise<Reply> =>
    call(`${server.url}/api/v1${path}`, method, body, { 'x-public-key': publicKey, origin: ORIGIN, ...headers });
  const visit = async (body: object = {}): Promise<Visitor> =>
    accepted(await ask('POST', '/live-chat/visitors', body)).body.data;
  const as = ({ token }: Visitor, method: string, path: string, body?: unknown): Promise<Reply> =>
    call(`${server.url}/api/v1${path}`, method, body, { authorization: `Bearer ${token}`, origin: ORIGIN });
  return { ...team, ask, visit, as };
}
async function deskPage() {
  const of = await page();
  const body = { name: 'Support', welcome: 'How can we help?' };
  const desk = accepted(await of.owner.send('POST', '/live-chat/desks', body)).body.data as { customer_id: string };
  return { ...of, desk };
}

describe('A page', () => {
  it('learns whom its visitors write to, and makes nobody', async () => {
    const { ask, owner, uuid } = await page();
    expect(told(await ask('GET', '/live-chat/widget'))).toEqual([200, { data: { desk: null } }]);
    const missing = { message: 'The channel chat is not connected in this workspace.' };
    expect(told(await ask('POST', '/live-chat/visitors', {}))).toEqual([422, missing]);
    accepted(await owner.send('POST', '/live-chat/desks', { name: 'Support', welcome: 'Hi!' }));
    const reply = await ask('GET', '/live-chat/widget');
    expect(reply.body.data).toEqual({
      desk: { customer_id: expect.stringMatching(/^cus_/), name: 'Support', welcome: 'Hi!' },
    });
    expect(reply.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(accepted(await owner.send('GET', '/contacts')).body.meta).toMatchObject({ total: 0 });
    await expectExactRows(uuid);
  });

  it.each([
    ['without a public key', { 'x-public-key': '' }, 401],
    ['by a public key of nobody', { 'x-public-key': `pk_test_${'A'.repeat(38)}` }, 401],
    ['of somebody else', { origin: 'https://evil.example' }, 403],
    ['that is called nearly alike', { origin: 'https://localhost.evil.example' }, 403],
    ['that says null', { origin: 'null' }, 403],
    ['that is none', { origin: undefined }, 403],
  ])('%s may not ask', async (_, headers, status) => {
    const { ask, owner } = await deskPage();
    const given = Object.fromEntries(
      Object.entries({ origin: ORIGIN, ...headers }).filter(([, value]) => value !== undefined),
    );
    const { publicKey } = (await page()).workspace;
    for (const [method, path] of [
      ['GET', '/live-chat/widget'],
      ['POST', '/live-chat/visitors'],
    ] as const) {
      const reply =
        given.origin === undefined
          ? await call(`${server.url}/api/v1${path}`, method, method === 'POST' ? {} : undefined, {
              'x-public-key': publicKey,
            })
          : await ask(method, path, method === 'POST' ? {} : undefined, given);
      expect(reply.status).toBe(status);
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(accepted(await owner.send('GET', '/contacts')).body.meta).toMatchObject({ total: 0 });
  });
});

describe('A visitor', () => {
  it('chats as a customer of its own, and the team answers', async () => {
    const { visit, as, owner, desk, uuid } = await deskPage();
    const anna = await visit();
    expect(Date.parse(anna.expires_at) - Date.now()).toBeGreaterThan(29 * 86_400_000);
    const begun = accepted(await as(anna, 'POST', '/live-chat/conversations', { body: 'Hello' })).body.data as {
      channel_id: string;
    };
    expect(await list(owner)).toMatchObject([{ preview: 'Hello', contact: { name: 'Visitor', email: null } }]);
    await post(owner, '1/reply', { body: 'Hi there' });
    const said = accepted(await as(anna, 'GET', `/messages/channel/${begun.channel_id}`)).body.data as object[];
    expect(said).toMatchObject([{ content: 'Hello' }, { content: 'Hi there', sender_id: desk.customer_id }]);
    const ben = await visit({ name: 'Ben' });
    expect((await as(ben, 'GET', `/messages/channel/${begun.channel_id}`)).status).toBe(404);
    expect((await as(ben, 'GET', `/channels/customer/${anna.customer_id}`)).status).toBe(403);
    expect((await as(ben, 'GET', '/contacts')).status).toBe(403);
    await expectExactRows(uuid);
  });

  it('may claim an e-mail, which finds nobody, merges nobody and is no address', async () => {
    const { visit, owner } = await deskPage();
    const mail = { first_name: 'Anna', email: 'anna@example.com' };
    const known = accepted(await owner.send('POST', '/contacts', mail)).body.data as { uuid: string };
    const [one, two] = [await visit({ name: 'Eve', email: 'ANNA@example.com' }), await visit({ email: mail.email })];
    expect(new Set([known.uuid, one.customer_id, two.customer_id]).size).toBe(3);
    const contacts = accepted(await owner.send('GET', '/contacts')).body.data as object[];
    const claimed = { email: null, custom_fields: { claimed_email: mail.email } };
    expect(contacts).toMatchObject([
      { ...claimed, name: 'Visitor' },
      { ...claimed, name: 'Eve' },
      { email: mail.email, custom_fields: {} },
    ]);
    const found = accepted(await owner.send('GET', `/contacts?email=${mail.email}`)).body.data;
    expect(found).toMatchObject([{ uuid: known.uuid }]);
  });

  it.each([
    [{ email: 'nobody' }, 'email'],
    [{ name: '' }, 'name'],
    [{ metadata: {} }, 'metadata'],
    [{ customer_id: 'cus_1' }, 'customer_id'],
  ])('is not %j', async (body, field) => {
    const { ask } = await deskPage();
    const reply = await ask('POST', '/live-chat/visitors', body);
    expect([reply.status, Object.keys(reply.body.errors as object)]).toEqual([422, [field]]);
  });
});

describe('Visitors of one address', () => {
  it('are ten a minute', async () => {
    const own = await startServer({ RATE_LIMIT: '100' });
    try {
      const team = await givenTeams(() => own).team();
      accepted(await team.owner.send('POST', '/live-chat/desks', { name: 'Support' }));
      const headers = { 'x-public-key': team.workspace.publicKey, origin: ORIGIN };
      const statuses: number[] = [];
      for (let at = 0; at < 12; at++) {
        statuses.push((await call(`${own.url}/api/v1/live-chat/visitors`, 'POST', {}, headers)).status);
      }
      expect([statuses.slice(0, 10), statuses.at(-1)]).toEqual([Array<number>(10).fill(201), 429]);
    } finally {
      await own.stop();
    }
  });
});

it('The widget is a script of at most 30 KB, which any page may load', async () => {
  const script = await fetch(`${server.url}/widget.js`, { headers: { origin: 'https://example.com' } });
  const text = await script.text();
  const parts = [...new Set([...text.matchAll(/'\.\/widget\/(\w+\.js)'/g)].map(([, name]) => name!))];
  const all = new Map([['widget.js', text]]);
  for (let next = parts; next.length > 0;) {
    const found: string[] = [];
    for (const name of next) {
      const part = await fetch(`${server.url}/widget/${name}`, { headers: { origin: 'https://example.com' } });
      expect([name, part.status, part.headers.get('access-control-allow-origin')]).toEqual([name, 200, '*']);
      const body = await part.text();
      all.set(name, body);
      found.push(...[...body.matchAll(/'\.\/(\w+\.js)'/g)].map(([, one]) => one!));
    }
    next = found.filter((name) => !all.has(name));
  }
  expect(all.size).toBe(8);
  expect(script.headers.get('content-type')).toContain('text/javascript');
  const bytes = [...all.values()].reduce((sum, body) => sum + gzipSync(body).length, 0);
  expect(bytes).toBeLessThanOrEqual(30 * 1024);
});
