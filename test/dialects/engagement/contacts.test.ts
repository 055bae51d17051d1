import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeContact, makeTag, refused } from '../../support/contacts.js';
import { expectExactRows } from '../../support/exact.js';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted, given as givenOn } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenTeams(() => server);
const core = givenOn(() => server);

let team: TestTeam;
let admin: TestCaller;
let agent: TestCaller;
let viewer: TestCaller;
beforeAll(async () => {
  team = await given.team();
  [admin, agent, viewer] = await Promise.all([team.key(), team.member('agent'), team.member('viewer')]);
});

const contact = (fields: object = {}, by: TestCaller = admin) => makeContact(by, fields);
const tag = (name: string, by: TestCaller = admin) => makeTag(by, name);

describe('A contact', () => {
  const everything = {
    ...{ first_name: 'Anna Maria', last_name: 'von Schmidt', email: 'anna@acme.example', phone: '+49 30 12345678' },
    ...{ company: 'Acme', job_title: 'Buyer', city: 'Berlin', country: 'DE', timezone: 'Europe/Berlin' },
    ...{ lead_score: 40, status: 'active', custom_fields: { plan: 'pro' } },
  };

  it('is made, shown by each of its names, changed and erased', async () => {
    const vip = await tag('A contact’s own');
    const reply = accepted(await agent.send('POST', '/contacts', { ...everything, tag_ids: [vip.id] }));
    const { data } = reply.body;
    expect(reply.status).toBe(201);
    expect(data).toEqual({
      ...{ ...everything, id: expect.any(Number), uuid: expect.any(String), name: 'Anna Maria von Schmidt' },
      ...{
        tags: [{ id: vip.id, name: vip.name, color: vip.color }],
        last_contacted_at: null,
        created_at: expect.any(String),
      },
      ...{ updated_at: expect.any(String), conversations_count: 0, deals_count: 0, suppression: null },
    });
    expect(accepted(await viewer.send('GET', `/contacts/${data.uuid}`)).body.data).toEqual(data);
    const { updated_at: _before, ...rest } = data;
    const sentBack = accepted(await agent.send('PUT', `/contacts/${data.id}`, data)).body.data;
    expect(sentBack).toEqual({ ...rest, updated_at: expect.any(String) });
    const change = { last_name: null, company: null, phone: null, tag_ids: [], custom_fields: [] };
    const changed = accepted(await agent.send('PATCH', `/contacts/${data.id}`, change)).body.data;
    expect(changed).toEqual({
      ...{ ...rest, last_name: null, company: null, phone: null, tags: [], custom_fields: {}, name: 'Anna Maria' },
      updated_at: expect.any(String),
    });
    const [customer] = await sql(
      `SELECT name, email, phone, profile, metadata FROM customers WHERE client_id = $1 AND id = $2`,
      ...[team.uuid, data.uuid],
    );
    expect(customer).toEqual({
      ...{ name: 'Anna Maria', email: 'anna@acme.example', phone: null, profile: { first_name: 'Anna Maria' } },
      metadata: null,
    });
    expect((await agent.send('DELETE', `/contacts/${data.id}`)).status).toBe(403);
    expect((await admin.send('DELETE', `/contacts/${data.id}`)).status).toBe(204);
    const gone = await viewer.send('GET', `/contacts/${data.id}`);
    expect([gone.status, gone.body]).toEqual([404, { message: 'Contact not found.' }]);
    expect(accepted(await viewer.send('GET', `/tags/${vip.id}`)).body.data.contacts_count).toBe(0);
    await expectExactRows(team.uuid);
  });

  it('is one with its e-mail, however many make it at once', async () => {
    const other = await given.team();
    const key = await other.key();
    const body = { first_name: 'Anna', email: 'Once@Example.com ' };
    const replies = await Promise.all(Array.from({ length: 20 }, () => key.send('POST', '/contacts', body)));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(422)]);
    const taken = { errors: { email: ['A contact with this email already exists in this workspace.'] } };
    expect(replies.find(({ status }) => status === 422)!.body).toEqual(taken);
    const drawn = await sql(
      `SELECT last_number::int AS drawn FROM counters WHERE client_id = $1 AND name = 'contacts'`,
      other.uuid,
    );
    expect(drawn).toEqual([{ drawn: 1 }]);
    await expectExactRows(other.uuid);
    const second = await contact({}, key);
    const change = await key.send('PATCH', `/contacts/${second.id}`, { email: 'once@example.com' });
    expect([change.status, change.body]).toEqual([422, taken]);
  });

  it('has a phone that is the customer’s, where it is a number and nobody else’s', async () => {
    const one = await contact({ phone: '+49 30 555 0101' });
    const two = await contact({ phone: '+49305550101' });
    const three = await contact({ phone: 'ask Mia' });
    const phones = await sql(
      `SELECT phone FROM customers WHERE client_id = $1 AND id = ANY($2) ORDER BY array_position($2::uuid[], id)`,
      ...[team.uuid, [one.uuid, two.uuid, three.uuid]],
    );
    expect(phones).toEqual([{ phone: '+49305550101' }, { phone: null }, { phone: null }]);
    expect([one.phone, two.phone, three.phone]).toEqual(['+49 30 555 0101', '+49305550101', 'ask Mia']);
  });

  it('that is unsubscribed stays so but for an admin, and its address even when it is erased', async () => {
    const one = await contact();
    const off = accepted(await agent.send('PATCH', `/contacts/${one.id}`, { status: 'unsubscribed' })).body.data;
    expect([off.status, off.suppression]).toEqual(['unsubscribed', { reason: 'unsubscribed', at: expect.any(String) }]);
    const refusal = await agent.send('PATCH', `/contacts/${one.id}`, { status: 'active', city: 'Bonn' });
    const role = { error: 'Insufficient permissions.', code: 'FORBIDDEN', required_role: 'admin' };
    expect([refusal.status, refusal.body]).toEqual([403, role]);
    accepted(await agent.send('PATCH', `/contacts/${one.id}`, { city: 'Bonn' }));
    const on = accepted(await admin.send('PATCH', `/contacts/${one.id}`, { status: 'active' })).body.data;
    expect([on.status, on.city, on.suppression]).toEqual(['active', 'Bonn', null]);
    accepted(await admin.send('PATCH', `/contacts/${one.id}`, { status: 'unsubscribed' }));
    accepted(await admin.send('DELETE', `/contacts/${one.id}`));
    const found = accepted(await viewer.send('GET', `/suppressions?email=${one.email}`)).body.data;
    expect(found).toEqual([expect.objectContaining({ email: null, reason: 'unsubscribed', source: 'contact' })]);
    const again = await contact({ email: one.email });
    expect(again.suppression.reason).toBe('unsubscribed');
  });

  it.each<[string, object, string]>([
    ['an unknown field', { role: 'admin' }, 'role'],
    ['another workspace’s key', { client_id: 1 }, 'client_id'],
    ['no first name', { first_name: '' }, 'first_name'],
    ['a name that is too long', { last_name: 'x'.repeat(256) }, 'last_name'],
    ['no e-mail', { email: 'nobody' }, 'email'],
    ['a score beyond all', { lead_score: 101 }, 'lead_score'],
    ['no time zone', { timezone: 'Mars/Olympus' }, 'timezone'],
    ['no status', { status: 'deleted' }, 'status'],
    [
      '51 custom fields',
      { custom_fields: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [n, n])) },
      'custom_fields',
    ],
    ['deep custom fields', { custom_fields: { a: { b: { c: { d: { e: {} } } } } } }, 'custom_fields'],
    ['large custom fields', { custom_fields: { a: 'x'.repeat(17_000) } }, 'custom_fields'],
    ['101 tags', { tag_ids: Array.from({ length: 101 }, (_, n) => n + 1) }, 'tag_ids'],
    ['a tag that is not there', { tag_ids: [999_999] }, 'tag_ids.0'],
    ['half a tag', { tag_ids: [12.5] }, 'tag_ids.0'],
    ['a tag that is true', { tag_ids: [true] }, 'tag_ids.0'],
    ['a tag beyond all numbers', { tag_ids: [2 ** 53] }, 'tag_ids.0'],
  ])('is refused with %s, and nothing is made', async (_, fields, field) => {
    const before = (await viewer.send('GET', '/contacts')).body.meta.total;
    expect(await admin.send('POST', '/contacts', { first_name: 'A', email: 'hostile@example.com', ...fields })).toEqual(
      refused(field),
    );
    expect((await viewer.send('GET', '/contacts')).body.meta.total).toBe(before);
  });

  it('keeps what only looks dangerous, and is not moved by what is not for it to say', async () => {
    const names = ['=HYPERLINK("http://evil")', '+cmd|x', "'; DROP TABLE contacts", '<script>', '{{email}}'];
    for (const first_name of names) {
      const shown = await contact({ first_name, id: 1, contacts_count: 7, custom_fields: { constructor: 1 } }).catch(
        (error: Error) => error.message,
      );
      expect(shown).toContain('contacts_count');
      const one = await contact({ first_name, id: 1, uuid: 'x', custom_fields: { constructor: 1, __proto__: 2 } });
      expect([one.first_name, one.custom_fields.constructor]).toEqual([first_name, 1]);
    }
  });

  it.each(['0', '-1', '1.0', '1e3', '%EF%BC%99', '00042', '12345678901234567', 'abc', '999999'])(
    'is not there as %s',
    async (id) => {
      const reply = await viewer.send('GET', `/contacts/${id}`);
      expect([reply.status, reply.body]).toEqual([404, { message: 'Contact not found.' }]);
    },
  );

  it('of another workspace is not there, by number, UUID, tag or segment', async () => {
    const other = await given.team();
    const key = await other.key();
    const [theirs, theirTag] = [await contact({}, key), await tag('Theirs', key)];
    for (const [method, body] of [['GET'], ['PATCH', { city: 'X' }], ['DELETE']] as const) {
      expect((await admin.send(method, `/contacts/${theirs.uuid}`, body)).status).toBe(404);
    }
    const mine = await contact();
    expect(await admin.send('PATCH', `/contacts/${mine.id}`, { tag_ids: [theirTag.uuid] })).toEqual(
      refused('tag_ids.0'),
    );
    expect(await viewer.send('GET', `/contacts?tag_id=${theirTag.uuid}`)).toEqual(refused('tag_id'));
    expect(await viewer.send('GET', `/contacts?after=${theirs.uuid}`)).toEqual(refused('after'));
    expect((await key.send('GET', `/contacts/${theirs.id}`)).body.data.city).toBeNull();
  });

  it('is every person of the core, and every contact a person there', async () => {
    const client = await core.client();
    const key = given.caller(client.secretKey, null);
    const john = await core.customer(client, 'Jöhn Doe');
    const [shown] = accepted(await key.send('GET', '/contacts?search=john')).body.data;
    expect(shown).toMatchObject({ id: 1, first_name: 'Jöhn', last_name: 'Doe', email: john.email });
    const made = await contact({ first_name: 'Mia', last_name: 'Lee', custom_fields: { plan: 'pro' } }, key);
    const found = accepted(await client.send('GET', `/api/v1/customers/${made.uuid}`)).body;
    expect(found).toMatchObject({ name: 'Mia Lee', email: made.email, metadata: { plan: 'pro' } });
    accepted(await client.send('PATCH', `/api/v1/customers/${made.uuid}`, { name: 'Mia Ray' }));
    const renamed = accepted(await key.send('GET', `/contacts/${made.id}`)).body.data;
    expect(renamed).toMatchObject({ name: 'Mia Ray', first_name: 'Mia', last_name: 'Ray' });
  });
});

it('A suppression is made by hand, listed by its reason, and lifted by an admin', async () => {
  const body = { email: 'Nobody@Example.com', reason: 'manual' };
  const made = accepted(await agent.send('POST', '/suppressions', body)).body.data;
  expect(made).toMatchObject({ email: 'nobody@example.com', reason: 'manual', source: 'manual' });
  expect(accepted(await agent.send('POST', '/suppressions', body)).body.data).toEqual(made);
  const listed = accepted(await viewer.send('GET', '/suppressions?reason=manual')).body;
  expect([listed.data, listed.meta.total]).toEqual([[made], 1]);
  expect((await agent.send('DELETE', `/suppressions/${made.id}`)).status).toBe(403);
  expect((await admin.send('DELETE', `/suppressions/${made.uuid}`)).status).toBe(204);
  expect((await viewer.send('GET', `/suppressions/${made.id}`)).status).toBe(404);
});

it('Who may not is told what is needed', async () => {
  const tags = await team.token('agent', ['tags']);
  const scope = await tags.send('GET', '/contacts');
  expect([scope.status, scope.body]).toEqual([
    403,
    { message: 'Invalid ability provided.', required_scope: 'contacts' },
  ]);
  for (const [method, path] of [
    ['POST', '/contacts'],
    ['PUT', '/contacts/1'],
    ['POST', '/tags'],
    ['POST', '/segments'],
    ['POST', '/suppressions'],
  ] as const) {
    const reply = await viewer.send(method, path, {});
    expect([reply.status, reply.body.required_role]).toEqual([403, 'agent']);
  }
});
