import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted, must, type Reply } from '../../support/given.js';
import { OUR_NUMBER } from '../../support/phones.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { inWorkspace } from '../../support/users.js';

const server = useServer();
const given = givenTeams(() => server);
const PATH = '/canned-responses';
let team: TestTeam;
let ann: TestCaller;
let ben: TestCaller;
beforeAll(async () => {
  team = await given.team();
  [ann, ben] = [await team.token('agent', ['canned-responses']), await team.member('agent')];
});

const told = ({ status, body }: Reply): unknown[] => [status, body];
const make = async (by: TestCaller, body: object = {}): Promise<{ id: number; uuid: string }> =>
  accepted(await by.send('POST', PATH, { title: 'Greeting', content: 'Hi', ...body })).body.data;
const titlesFor = async (by: TestCaller, query = ''): Promise<string[]> =>
  (accepted(await by.send('GET', PATH + query)).body.data as { title: string }[]).map(({ title }) => title);

describe('A canned response', () => {
  it('is made and shown by the generated client, under numbers of the workspace', async () => {
    const { token } = (await given.team()).owner;
    const { api } = given.caller(token, null);
    const body = { title: 'Greeting', content: 'Hi {{first_name|there}}', shortcut: 'greet', scope: 'team' as const };
    const { data } = must(await api.POST('/api/v1/canned-responses', { body }));
    expect(data).toEqual({
      ...{ id: 1, uuid: expect.stringMatching(/^[\da-f-]{36}$/), ...body, body: body.content, shortcut: '/greet' },
      ...{ category: null, usage_count: 0, created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
    });
    const second = must(await api.POST('/api/v1/canned-responses', { body: { title: 'Bye', content: 'Bye' } }));
    expect([second.data.id, second.data.scope, second.data.shortcut]).toEqual([2, 'personal', null]);
    for (const id of ['1', data.uuid]) {
      const one = must(await api.GET('/api/v1/canned-responses/{id}', { params: { path: { id } } }));
      expect(one.data).toEqual(data);
    }
  });

  it('takes `body` for `content`, and back what it shows of itself', async () => {
    const made = accepted(await ann.send('POST', PATH, { title: 'A', body: 'Hello' })).body.data;
    expect([made.content, made.body]).toEqual(['Hello', 'Hello']);
    const back = { id: 99, uuid: randomUUID(), usage_count: 7, created_at: 'x', title: 'B' };
    const changed = accepted(await ann.send('PUT', `${PATH}/${made.id}`, back)).body.data;
    expect(changed).toEqual({ ...made, title: 'B' });
  });

  it.each<[object, string]>([
    [{ content: 'Hi' }, 'title'],
    [{ title: 'A' }, 'content'],
    [{ title: 'A', content: 'Hi', body: 'Hi' }, 'body'],
    [{ title: 'x'.repeat(256), content: 'Hi' }, 'title'],
    [{ title: 'A', content: 'x'.repeat(5_001) }, 'content'],
    [{ title: 'A', content: 'Hi', shortcut: 'a b' }, 'shortcut'],
    [{ title: 'A', content: 'Hi', shortcut: '/'.padEnd(52, 'a') }, 'shortcut'],
    [{ title: 'A', content: 'Hi', scope: 'everybody' }, 'scope'],
    [{ title: 'A', content: 'Hi', category: 'x'.repeat(101) }, 'category'],
    [{ title: 'A', content: 'Hi', owner_id: randomUUID() }, 'owner_id'],
    [{ title: 'A', content: 'Hi {{first_name' }, 'content'],
    [{ title: 'A', body: '{{{first_name}}}' }, 'body'],
  ])('%j is refused on %s', async (body, field) => {
    const { status, body: said } = await ann.send('POST', PATH, body);
    expect([status, Object.keys((said as { errors: object }).errors)]).toEqual([422, [field]]);
  });

  it('is a template, and told where it is none', async () => {
    const { id } = await make(ann);
    const reply = await ann.send('PUT', `${PATH}/${id}`, { content: 'Hi\n {{first_name}} {{nickname}}' });
    const says = 'The content field has the unknown placeholder “nickname” at line 2, column 17.';
    expect(told(reply)).toEqual([422, { errors: { content: [says] } }]);
  });

  it('has a shortcut that nobody else in the workspace has', async () => {
    const taken = { errors: { shortcut: ['This shortcut is already taken in your workspace.'] } };
    const { id } = await make(ann, { shortcut: '/unique' });
    const again = await ben.send('POST', PATH, { title: 'B', content: 'B', shortcut: 'unique' });
    expect(told(again)).toEqual([422, taken]);
    const other = await make(ann, { shortcut: 'other' });
    expect(told(await ann.send('PUT', `${PATH}/${other.id}`, { shortcut: '/unique' }))).toEqual([422, taken]);
    accepted(await ann.send('PUT', `${PATH}/${id}`, { shortcut: null }));
    expect((await ann.send('PUT', `${PATH}/${other.id}`, { shortcut: '/unique' })).body.data.shortcut).toBe('/unique');
    await make((await given.team()).owner, { shortcut: 'unique' });
  });
});

describe('Who sees which', () => {
  it('is oneself and the team; what is used most is first', async () => {
    const other = await given.team();
    const { uuid } = other;
    const [one, two] = [await other.member('agent'), await other.member('agent')];
    const own = await make(one, { title: 'Own' });
    await make(one, { title: 'Team', scope: 'team', category: 'sales' });
    await make(two, { title: 'Other', scope: 'team', content: 'Déjà vu 100%', shortcut: 'again' });
    await sql(`UPDATE canned_responses SET usage_count = 3 WHERE client_id = $1 AND title = 'Own'`, uuid);
    expect(await titlesFor(one)).toEqual(['Own', 'Other', 'Team']);
    expect(await titlesFor(two)).toEqual(['Other', 'Team']);
    expect(await titlesFor(one, '?category=sales')).toEqual(['Team']);
    for (const search of ['DEJA vu', 'agai', '0%25', 'other']) {
      expect([search, await titlesFor(one, `?search=${search}`)]).toEqual([search, ['Other']]);
    }
    expect(await titlesFor(one, '?search=_')).toEqual([]);
    for (const id of [own.id, own.uuid]) {
      expect(told(await two.send('GET', `${PATH}/${id}`))).toEqual([404, { message: 'Canned response not found.' }]);
      expect((await two.send('PUT', `${PATH}/${id}`, { title: 'X' })).status).toBe(404);
    }
  });

  it('is nobody in another workspace', async () => {
    const theirs = await make(ann, { scope: 'team' });
    const { owner } = await given.team();
    for (const method of ['GET', 'PUT']) {
      const body = method === 'PUT' ? { title: 'X' } : undefined;
      expect((await owner.send(method, `${PATH}/${theirs.uuid}`, body)).status).toBe(404);
    }
    expect(told(await owner.send('DELETE', `${PATH}/${theirs.uuid}`))).toEqual([200, { message: 'Deleted.' }]);
    expect((await ann.send('GET', `${PATH}/${theirs.id}`)).status).toBe(200);
  });
});

describe('Deleting', () => {
  it('says the same whether there was one', async () => {
    const { id } = await make(ann);
    for (const _ of [1, 2]) {
      expect(told(await ann.send('DELETE', `${PATH}/${id}`))).toEqual([200, { message: 'Deleted.' }]);
    }
    expect((await ann.send('GET', `${PATH}/${id}`)).status).toBe(404);
  });

  it('of the team’s is for who made it, and for an admin', async () => {
    const [first, second] = [await make(ann, { scope: 'team' }), await make(ann, { scope: 'team' })];
    const refused = { error: 'Insufficient permissions.', code: 'FORBIDDEN', required_role: 'admin' };
    expect(told(await ben.send('DELETE', `${PATH}/${first.id}`))).toEqual([403, refused]);
    expect(told(await ben.send('PUT', `${PATH}/${first.id}`, { scope: 'personal' }))).toEqual([403, refused]);
    expect((await ann.send('DELETE', `${PATH}/${first.id}`)).status).toBe(200);
    expect((await (await team.key()).send('DELETE', `${PATH}/${second.id}`)).status).toBe(200);
    expect((await ann.send('GET', `${PATH}/${second.id}`)).status).toBe(404);
  });
});

describe('A workspace', () => {
  it('has at most a thousand', async () => {
    const { owner, uuid } = await given.team();
    await sql(
      `INSERT INTO canned_responses (client_id, id, number, title, content, scope)
       SELECT $1, gen_random_uuid(), n, 'A', 'A', 'team' FROM generate_series(1, 1000) n`,
      uuid,
    );
    const reply = await owner.send('POST', PATH, { title: 'A', content: 'A' });
    const message = 'A workspace may not have more than 1000 canned responses.';
    expect(told(reply)).toEqual([409, { message, code: 'limit_reached' }]);
  });
});

describe('Rendering', () => {
  it('says it to the contact of the conversation', async () => {
    const { owner, workspace, uuid } = await given.team();
    const phone = inWorkspace(workspace, '/phone-numbers');
    accepted(await owner.user!.send('POST', phone, { number: OUR_NUMBER }));
    const said = { from: '+14155552671', to: OUR_NUMBER, body: 'Hi' };
    accepted(await owner.user!.send('POST', inWorkspace(workspace, '/simulator/inbound'), said));
    await sql(`UPDATE customers SET name = 'Anna Schmidt' WHERE client_id = $1 AND kind = 'person'`, uuid);
    const [row] = await sql<{ number: string }>(`SELECT number FROM conversations WHERE client_id = $1`, uuid);
    const content =
      'Hi {{first_name|there}}, {{name}}, {{company|your company}}{{#city}} in {{city}}{{/city}}, {{agent.name}} of {{workspace.name}}';
    const { id } = await make(owner, { content });
    const render = (conversation_id: unknown): Promise<Reply> =>
      owner.send('POST', `${PATH}/${id}/render`, { conversation_id });
    const [names] = await sql<{ said: string }>(
      `SELECT (SELECT name FROM users WHERE id = $2) || ' of ' || name AS said FROM clients WHERE id = $1`,
      ...[uuid, owner.user!.uuid],
    );
    const rendered = { data: { content: `Hi Anna, Anna Schmidt, your company, ${names!.said}` } };
    expect(told(await render(Number(row!.number)))).toEqual([200, rendered]);
    // As one that was kept before they were checked.
    const unchecked = `UPDATE canned_responses SET content = $2 WHERE client_id = $1`;
    await sql(unchecked, uuid, '<b>{{first_name}}{{nickname|!}}</b>');
    await sql(`UPDATE customers SET name = '<Anna>' WHERE client_id = $1 AND kind = 'person'`, uuid);
    expect((await render(Number(row!.number))).body.data.content).toBe('<b>&lt;Anna&gt;!</b>');
    await sql(unchecked, uuid, 'Hi {{first_name');
    expect((await render(Number(row!.number))).body.data.content).toBe('Hi {{first_name');
    const wrong = { errors: { conversation_id: ['The selected conversation_id is invalid.'] } };
    for (const nobody of [Number(row!.number) + 1, randomUUID()]) {
      expect(told(await render(nobody))).toEqual([422, wrong]);
    }
    expect((await ann.send('POST', `${PATH}/${id + 1_000}/render`, { conversation_id: 1 })).status).toBe(404);
  });
});
