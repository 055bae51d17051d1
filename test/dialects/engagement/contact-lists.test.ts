import { beforeAll, describe, expect, it } from '@jest/globals';
import { idsIn, makeContact, makeTag, refused } from '../../support/contacts.js';
import { expectExactRows } from '../../support/exact.js';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenTeams(() => server);

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

describe('The list of contacts', () => {
  let list: TestTeam;
  let caller: TestCaller;
  let vip: { id: number };
  beforeAll(async () => {
    list = await given.team();
    caller = await list.key();
    vip = await tag('VIP', caller);
    const rows = [
      { first_name: 'Ännä', last_name: 'Zoe', company: '100%', country: 'de', lead_score: 10, tag_ids: [vip.id] },
      { first_name: 'Bob', last_name: null, company: '100', country: 'DE', lead_score: 20, status: 'inactive' },
      { first_name: 'Cleo_x', last_name: 'Ali', company: 'a\\b', country: 'US', lead_score: 30, tag_ids: [vip.id] },
      {
        first_name: 'Dora',
        last_name: 'Ma',
        company: null,
        phone: '+49 30 999',
        lead_score: 20,
        status: 'unsubscribed',
      },
    ];
    for (const [at, row] of rows.entries()) {
      await contact({ ...row, email: `c${at + 1}@list.example` }, caller);
    }
  });
  const idsOf = async (query: string): Promise<number[]> =>
    idsIn(accepted(await caller.send('GET', `/contacts?${query}`)));

  it.each<[string, number[]]>([
    ['', [4, 3, 2, 1]],
    ['sort_dir=asc', [1, 2, 3, 4]],
    ['sort_by=first_name&sort_dir=asc', [2, 3, 4, 1]],
    ['sort_by=last_name&sort_dir=asc', [3, 4, 1, 2]],
    ['sort_by=email', [4, 3, 2, 1]],
    ['sort_by=company&sort_dir=asc', [2, 1, 3, 4]],
    ['sort_by=lead_score', [3, 4, 2, 1]],
    ['sort_by=lead_score&sort_dir=asc', [1, 2, 4, 3]],
    ['sort_by=last_contacted_at', [4, 3, 2, 1]],
    ['sort_by=last_contacted_at&status=active', [3, 1]],
    ['status=inactive', [2]],
    ['country=De', [2, 1]],
    ['min_score=20&max_score=20', [4, 2]],
    ['email=C3@list.example', [3]],
    ['search=anna', [1]],
    ['search=zoe%20ann', [1]],
    ['search=an', [1]],
    ['search=nn', []],
    ['search=%25', []],
    ['search=0%25', []],
    ['search=100%25', [1]],
    ['search=o_x', [3]],
    ['search=a%5Cb', [3]],
    ["search='%3B%20DROP%20TABLE", []],
    ['search=%F0%9F%98%80%E2%80%8F', []],
    ['created_from=2020-01-01T00:00:00Z&created_to=2020-02-01T00:00:00Z', []],
    ['after=3', [2, 1]],
    ['per_page=2&page=2', [2, 1]],
    ['per_page=1e9', []],
  ])('%s', async (query, wanted) => {
    if (query === 'per_page=1e9') {
      expect(await caller.send('GET', '/contacts?per_page=1e9')).toEqual(refused('per_page'));
      return;
    }
    const reply = accepted(await caller.send('GET', `/contacts?${query}`));
    expect(idsIn(reply)).toEqual(wanted);
    const isPart = query.startsWith('after') || query.startsWith('per_page');
    expect(reply.body.meta.total).toBe(isPart ? 4 : wanted.length);
  });

  it('goes by tag and by segment, counted exactly', async () => {
    expect(await idsOf(`tag_id=${vip.id}`)).toEqual([3, 1]);
    const filter = {
      any: [
        { field: 'lead_score', op: 'gte', value: 30 },
        { field: 'tag', op: 'not_in', value: [vip.id] },
      ],
    };
    const segment = accepted(await caller.send('POST', '/segments', { name: 'Some', filter })).body.data;
    expect([segment.type, segment.contacts_count, segment.filter]).toEqual(['dynamic', 3, filter]);
    expect(await idsOf(`segment_id=${segment.id}&status=active`)).toEqual([3]);
    expect(idsIn(accepted(await caller.send('GET', `/segments/${segment.uuid}/contacts`)))).toEqual([4, 3, 2]);
    const shown = accepted(await caller.send('GET', '/segments')).body.data;
    expect(shown.map((one: { contacts_count: unknown }) => one.contacts_count)).toEqual([null]);
  });

  it.each<[string, string]>([
    ['per_page=0', 'per_page'],
    ['per_page=-1', 'per_page'],
    ['per_page=abc', 'per_page'],
    ['page=0', 'page'],
    ['page=2147483648', 'page'],
    ['sort_by=number', 'sort_by'],
    ['sort_dir=up', 'sort_dir'],
    ['status=gone', 'status'],
    ['min_score=x', 'min_score'],
    ['role=admin', 'role'],
    ['after=3&sort_by=email', 'after'],
    ['after=99', 'after'],
    ['segment_id=99', 'segment_id'],
    [`search=${'x'.repeat(101)}`, 'search'],
    ['created_from=yesterday', 'created_from'],
  ])('refuses %s', async (query, field) => {
    expect(await caller.send('GET', `/contacts?${query}`)).toEqual(refused(field));
  });

  it('is empty past its end, and never longer than a hundred', async () => {
    const past = accepted(await caller.send('GET', '/contacts?page=9999999')).body;
    expect([past.data, past.meta.total]).toEqual([[], 4]);
    expect(accepted(await caller.send('GET', '/contacts?per_page=1000')).body.meta.per_page).toBe(100);
  });
});

describe('A tag', () => {
  it('is made, renamed, counted and deleted', async () => {
    const reply = accepted(await agent.send('POST', '/tags', { name: 'Lead', color: '#D97706' }));
    expect(reply.body.data).toEqual({
      ...{ id: expect.any(Number), uuid: expect.any(String), name: 'Lead', color: '#d97706', contacts_count: 0 },
      created_at: expect.any(String),
    });
    const { id } = reply.body.data;
    const taken = await agent.send('POST', '/tags', { name: 'lEAD' });
    expect([taken.status, taken.body]).toEqual([422, { errors: { name: ['The name has already been taken.'] } }]);
    await contact({ tag_ids: [id, id, String(id)] });
    const renamed = accepted(await agent.send('PUT', `/tags/${id}`, { ...reply.body.data, name: 'Hot' })).body.data;
    expect([renamed.name, renamed.contacts_count]).toEqual(['Hot', 1]);
    expect(idsIn(accepted(await viewer.send('GET', '/tags?search=ho')))).toEqual([id]);
    expect((await agent.send('DELETE', `/tags/${id}`)).status).toBe(403);
    expect((await admin.send('DELETE', `/tags/${id}`)).status).toBe(204);
    expect((await viewer.send('GET', `/tags/${id}`)).body).toEqual({ message: 'Tag not found.' });
    await expectExactRows(team.uuid);
  });

  it('counts right while contacts are tagged and untagged at once', async () => {
    const [one, other] = [await tag('Race 1'), await tag('Race 2')];
    const contacts = await Promise.all(Array.from({ length: 5 }, () => contact()));
    const sets = [[], [one.id], [other.id], [other.id, one.id]];
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        admin.send('PATCH', `/contacts/${contacts[n % 5].id}`, { tag_ids: sets[(n * 7) % 4] }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const wrong = await sql(
      `SELECT name, contacts_count FROM tags WHERE client_id = $1 AND contacts_count <>
         (SELECT count(*) FROM contact_tags one WHERE one.client_id = tags.client_id AND one.tag_id = tags.id)`,
      team.uuid,
    );
    expect(wrong).toEqual([]);
  });
});

describe('A segment', () => {
  it('that is static has whom it is given', async () => {
    const people = [await contact(), await contact(), await contact()];
    const segment = accepted(await agent.send('POST', '/segments', { name: 'By hand', type: 'static' })).body.data;
    expect([segment.filter, segment.contacts_count]).toEqual([null, 0]);
    const at = `/segments/${segment.id}/contacts`;
    const added = await agent.send('POST', at, { contact_ids: [people[0].id, people[1].uuid, people[0].id] });
    expect([added.status, added.body]).toEqual([200, { data: { added: 2 } }]);
    const more = { contact_ids: people.map(({ id }) => id) };
    expect((await agent.send('POST', at, more)).body.data.added).toBe(1);
    expect(await agent.send('POST', at, { contact_ids: [people[0].id, 999_999] })).toEqual(refused('contact_ids.1'));
    expect((await agent.send('DELETE', at, { contact_ids: [people[0].id] })).status).toBe(204);
    expect(idsIn(accepted(await viewer.send('GET', at)))).toEqual([people[2].id, people[1].id]);
    const within = { field: 'segment', op: 'in', value: [segment.uuid] };
    const preview = accepted(await viewer.send('POST', '/segments/preview', { filter: within })).body.data;
    expect([preview.contacts_count, preview.sample.length]).toEqual([2, 2]);
    accepted(await admin.send('DELETE', `/contacts/${people[1].id}`));
    expect(accepted(await viewer.send('GET', `/segments/${segment.id}`)).body.data.contacts_count).toBe(1);
    const dynamic = accepted(await agent.send('POST', '/segments', { name: 'All', filter: within })).body.data;
    expect(dynamic.filter).toEqual({ ...within, value: [segment.id] });
    expect(await agent.send('POST', `/segments/${dynamic.id}/contacts`, more)).toEqual(refused('contact_ids'));
    const cycle = { filter: { field: 'segment', op: 'in', value: [dynamic.id] } };
    expect(await viewer.send('POST', '/segments/preview', cycle)).toEqual(refused('filter.value.0'));
    expect((await admin.send('DELETE', `/segments/${segment.id}`)).status).toBe(204);
  });

  const is = { field: 'first_name', op: 'is', value: 'Anna' };
  it.each<[string, unknown, string]>([
    ['an unknown field', { all: [is, { field: 'role', op: 'is', value: 1 }] }, 'filter.all.1.field'],
    ['an unknown operator', { all: [is, { ...is, op: 'like' }] }, 'filter.all.1.op'],
    ['an operator of every object', { ...is, op: 'constructor' }, 'filter.op'],
    ['a field of every object', { ...is, field: 'constructor' }, 'filter.field'],
    ['depth 4', { not: { all: [{ any: [{ not: is }] }] } }, 'filter.not.all.0.any.0'],
    ['21 conditions', { any: Array<object>(21).fill(is) }, 'filter'],
    ['a field within a field', { ...is, field: 'custom.a.b' }, 'filter.field'],
    ['a large value', { ...is, value: 'x'.repeat(1_000_000) }, 'filter'],
    ['a value of another type', { ...is, value: 5 }, 'filter.value'],
    ['no such day', { field: 'created_at', op: 'before', value: '2026-02-30' }, 'filter.value'],
    ['another workspace’s tag', { field: 'tag', op: 'in', value: [999_999] }, 'filter.value.0'],
    ['nothing', null, 'filter'],
    ['an empty group', { all: [] }, 'filter.all'],
    ['two groups', { all: [is], any: [is] }, 'filter.any'],
  ])('is refused with %s', async (_, filter, path) => {
    const reply = await viewer.send('POST', '/segments/preview', { filter });
    if (path === 'filter' && reply.status === 413) {
      return;
    }
    expect(reply).toEqual(refused(path));
  });

  it('takes __proto__ for a name like any', async () => {
    const one = await contact({ custom_fields: JSON.parse('{"__proto__":"x"}') });
    const filter = { field: 'custom.__proto__', op: 'is', value: 'x' };
    const { sample } = accepted(await viewer.send('POST', '/segments/preview', { filter })).body.data;
    expect(sample.map(({ id }: { id: number }) => id)).toEqual([one.id]);
  });
});
