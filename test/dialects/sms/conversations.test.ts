import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { components } from '../../../client/schema-workspaces.d.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { accepted, must, type Reply } from '../../support/given.js';
import { miscounted, OUR_NUMBER } from '../../support/phones.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { givenUsers, inWorkspace, type TestUser, type Workspace } from '../../support/users.js';

type Conversation = components['schemas']['TextConversation'];
type Page = components['schemas']['TextConversationPage'];

const server = useServer();
const given = givenUsers(() => server);
const SECOND_NUMBER = '+15005550100';
const phone = (at: number): string => `+1415555${2000 + at}`;
const error = ({ status, body }: Reply): unknown => [status, (body as { error: string }).error];

/** A workspace with a number, and what its agent may ask. */
async function givenTeam() {
  const { owner, workspace } = await given.team();
  const agent = await given.member(workspace, 'agent');
  const number = await add(owner, workspace, OUR_NUMBER);
  const ask = (method: string, path = '', body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
    agent.send(method, inWorkspace(workspace, `/conversations${path}`), body, headers);
  const hear = async (from: string, body: string, to = OUR_NUMBER): Promise<string> => {
    const said = await agent.send('POST', inWorkspace(workspace, '/simulator/inbound'), { from, to, body });
    return (accepted(said).body as { conversationId: string }).conversationId;
  };
  const list = async (query: Record<string, string> = {}): Promise<Page> =>
    accepted(await ask('GET', `?${new URLSearchParams(query).toString()}`)).body as Page;
  const get = async (id: string): Promise<Conversation> => accepted(await ask('GET', `/${id}`)).body as Conversation;
  return { owner, agent, workspace, number, ask, hear, list, get, uuid: parseId('client', workspace.id)! };
}
const add = async (owner: TestUser, workspace: Workspace, number: string): Promise<string> =>
  (accepted(await owner.send('POST', inWorkspace(workspace, '/phone-numbers'), { number })).body as { id: string }).id;

describe('A conversation', () => {
  it('shows who talks, what is unread, and its last message', async () => {
    const { workspace, agent, number, hear, list, get } = await givenTeam();
    const id = await hear(phone(1), 'Hi');
    await hear(phone(1), 'Anybody there?');
    const one = await get(id);
    expect(one).toMatchObject({
      ...{ id, number: { id: number, number: OUR_NUMBER }, contact: { name: '+1 415 555 2001', phone: phone(1) } },
      ...{ unreadCount: 2, messageCount: 2, archived: false, optedOut: false },
      lastMessage: { direction: 'inbound', status: 'received', body: 'Anybody there?', conversationId: id },
    });
    expect(await list()).toEqual({
      data: [one],
      pagination: { currentPage: 1, totalPages: 1, totalItems: 1, hasNext: false },
    });
    // By the generated client, whose every answer is held against the document.
    const path = { workspaceId: workspace.id, channelId: id };
    const typed = await agent.api.GET('/api/ui/workspaces/{workspaceId}/conversations/{channelId}', {
      params: { path },
    });
    expect(must(typed)).toEqual(one);
    const said = await agent.api.GET('/api/ui/workspaces/{workspaceId}/conversations/{channelId}/messages', {
      params: { path },
    });
    expect(must(said).data).toMatchObject([{ body: 'Anybody there?' }, { body: 'Hi' }]);
  });

  it('is read by the whole team, and for the core by the number', async () => {
    const { ask, hear, get, owner, workspace, number } = await givenTeam();
    const id = await hear(phone(1), 'Hi');
    const read = accepted(await ask('POST', `/${id}/read`));
    expect([read.status, read.body]).toEqual([200, { ...(await get(id)), unreadCount: 0 }]);
    await hear(phone(1), 'Still there?');
    expect(await get(id)).toMatchObject({ unreadCount: 1 });
    const core = { 'x-workspace-id': workspace.id };
    const marks = accepted(await owner.send('GET', `/api/v1/messages/channel/${id}`, undefined, core)).body;
    const first = (marks.data as { id: string; content: string }[]).find(({ content }) => content === 'Hi')!;
    const receipts = accepted(await owner.send('GET', `/api/v1/messages/${first.id}/receipts`, undefined, core)).body;
    expect(receipts.data).toMatchObject([{ customer_id: number.replace('pn_', 'cus_'), status: 'read' }]);
  });

  it('is archived and taken out again, however often, and counted exactly', async () => {
    const { ask, hear, list, uuid } = await givenTeam();
    const [first, second] = [await hear(phone(1), 'a'), await hear(phone(2), 'b')];
    const archive = (id: string, archived: boolean): Promise<Reply> => ask('PATCH', `/${id}`, { archived });
    const all = await Promise.all([true, true, true].map((archived) => archive(first, archived)));
    expect(all.map(({ status, body }) => [status, body.archived])).toEqual(all.map(() => [200, true]));
    const ids = ({ data }: Page): string[] => data.map(({ id }) => id);
    const [archived, open] = [await list({ archived: 'true' }), await list({ archived: 'false' })];
    expect([ids(archived), ids(open), ids(await list())]).toEqual([[first], [second], [second, first]]);
    expect([archived, open].map(({ pagination }) => pagination.totalItems)).toEqual([1, 1]);
    const both = [true, false, true, false, true, false].map((to) => archive(first, to));
    await Promise.all([...both, archive(second, true)]);
    expect(await miscounted({ uuid })).toEqual([]);
    accepted(await archive(first, false));
    expect((await list({ archived: 'true' })).pagination.totalItems).toBe(1);
    for (const body of [{}, { archived: 'yes' }, { archived: true, name: 'x' }]) {
      expect((await ask('PATCH', `/${first}`, body)).status).toBe(400);
    }
  });

  it('lists every message by its place, whatever became of it', async () => {
    const { ask, hear, get, owner, workspace } = await givenTeam();
    const id = await hear(phone(1), 'One');
    const core = (method: string, path: string, body?: unknown): Promise<Reply> =>
      owner.send(method, `/api/v1/${path}`, body, { 'x-workspace-id': workspace.id });
    const { contact, number } = await get(id);
    const { sid } = accepted(await ask('POST', `/${id}/messages`, { body: 'Two' })).body as { sid: string };
    const inApp = { channel_uuid: id, sender_uuid: contact!.id, type: 'text', content: 'Three' };
    const third = accepted(await core('POST', 'messages', inApp)).body as { id: string };
    const note = { ...inApp, sender_uuid: number.id.replace('pn_', 'cus_'), type: 'system', content: 'Four' };
    accepted(await core('POST', 'messages', note));
    const messages = async (query = ''): Promise<{ data: Record<string, unknown>[]; pagination: object }> =>
      accepted(await ask('GET', `/${id}/messages${query}`)).body as never;
    const all = await messages();
    expect(all.data).toMatchObject([
      { body: 'Four', direction: 'outbound', medium: null, status: null, userId: null },
      { body: 'Three', direction: 'inbound', medium: null, status: null, from: null, to: null, deleted: false },
      { body: 'Two', direction: 'outbound', medium: 'sms', sid, from: OUR_NUMBER, to: phone(1) },
      { body: 'One', direction: 'inbound', medium: 'sms', status: 'received', deleted: false },
    ]);
    expect(all.data[2]!.userId).toMatch(/^usr_/);
    accepted(await core('DELETE', `messages/${third.id}?mode=all_participants`));
    const paged = [await messages('?limit=3'), await messages('?limit=3&page=2'), await messages('?page=999999999')];
    expect(paged.map(({ data }) => data.map(({ body, deleted }) => body ?? deleted))).toEqual([
      ['Four', true, 'Two'],
      ['One'],
      [],
    ]);
    expect(Object.keys(paged[0]!.data[1]!)).toEqual(['sid', 'deleted']);
    expect(paged[1]!.pagination).toEqual({ currentPage: 2, totalPages: 2, totalItems: 4, hasNext: false });
    expect(await get(id)).toMatchObject({ messageCount: 3, lastMessage: { body: 'Four' } });
  });

  it('is replied to once under an Idempotency-Key, from its own number, and refused as any message', async () => {
    const { owner, workspace, ask, hear, agent } = await givenTeam();
    await add(owner, workspace, SECOND_NUMBER);
    const id = await hear(phone(1), 'Hi', SECOND_NUMBER);
    const [path, keyed] = [`/${id}/messages`, { 'idempotency-key': randomUUID() }];
    const [first, again] = [
      await ask('POST', path, { body: 'x' }, keyed),
      await ask('POST', path, { body: 'x' }, keyed),
    ];
    expect([first.status, again.body]).toEqual([200, first.body]);
    expect(error(await ask('POST', path, { body: 'y' }, keyed))).toEqual([400, 'idempotency_key_reused']);
    const { body } = await agent.send('GET', inWorkspace(workspace, `/messages/${first.body.sid}`));
    expect(body).toMatchObject({ from: SECOND_NUMBER, to: phone(1), conversationId: id, userId: agent.id });
    const refused: readonly [unknown, string][] = [
      [{}, 'missing_params'],
      [{ body: ' ' }, 'missing_params'],
      [{ body: 'x', to: phone(2) }, 'invalid_params'],
      [{ body: 'x'.repeat(1601) }, 'body_too_long'],
    ];
    for (const [wrong, code] of refused) {
      expect(error(await ask('POST', path, wrong))).toEqual([400, code]);
    }
    accepted(await owner.send('POST', inWorkspace(workspace, '/opt-outs'), { number: phone(2) }));
    const other = await hear(phone(2), 'Hi');
    expect(error(await ask('POST', `/${other}/messages`, { body: 'x' }))).toEqual([400, 'recipient_opted_out']);
    expect((await ask('GET', `/${other}`)).body).toMatchObject({ optedOut: true });
    const numbers = accepted(await owner.send('GET', inWorkspace(workspace, '/phone-numbers'))).body
      .data as Conversation[];
    accepted(await owner.send('DELETE', inWorkspace(workspace, `/phone-numbers/${numbers[0]!.id}`)));
    expect(error(await ask('POST', path, { body: 'x' }))).toEqual([400, 'invalid_from']);
    expect((await ask('GET', path)).status).toBe(200);
  });

  it('goes when its contact leaves or is erased, and is counted no more', async () => {
    const { ask, hear, list, get, owner, workspace, uuid } = await givenTeam();
    const core = (method: string, path: string, body?: unknown): Promise<Reply> =>
      owner.send(method, `/api/v1/${path}`, body, { 'x-workspace-id': workspace.id });
    const erased = await hear(phone(1), 'a');
    const { contact, number } = await get(erased);
    const other = accepted(await core('POST', 'customers', { name: 'B', phone: phone(2) })).body as { id: string };
    const customer_uuids = [number.id.replace('pn_', 'cus_'), other.id];
    const custom = { type: 'custom', name: 'Ours', customer_uuids };
    const left = (accepted(await core('POST', 'channels', custom)).body as { id: string }).id;
    accepted(await ask('PATCH', `/${left}`, { archived: true }));
    expect(await get(left)).toMatchObject({ contact: { id: other.id }, lastMessage: null, unreadCount: 0 });
    expect((await list({ contact: phone(2) })).data).toHaveLength(1);
    accepted(await core('DELETE', `channels/${left}/customers/${other.id}`));
    accepted(await core('DELETE', `customers/${contact!.id}`));
    for (const id of [left, erased]) {
      expect(error(await ask('GET', `/${id}/messages`))).toEqual([404, 'not_found']);
    }
    expect((await list()).pagination.totalItems).toBe(0);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('is nobody else’s, and no other channel is one', async () => {
    const [us, them] = [await givenTeam(), await givenTeam()];
    const theirs = await them.hear(phone(1), 'Hi');
    const core = { 'x-workspace-id': us.workspace.id };
    const make = async (path: string, body: object): Promise<string> =>
      (accepted(await us.owner.send('POST', `/api/v1/${path}`, body, core)).body as { id: string }).id;
    const people = [
      await make('customers', { name: 'A', phone: phone(8) }),
      await make('customers', { name: 'B', phone: phone(9) }),
    ];
    const plain = await make('channels', { type: 'general', customer_uuids: people });
    for (const id of [theirs, plain, 'ch_00000000000000000000000000', 'nonsense']) {
      const replies = [
        await us.ask('GET', `/${id}`),
        await us.ask('GET', `/${id}/messages`),
        await us.ask('PATCH', `/${id}`, { archived: true }),
        await us.ask('POST', `/${id}/messages`, { body: 'x' }),
        await us.ask('POST', `/${id}/read`),
      ];
      for (const { status, body: said } of replies) {
        expect([status, said]).toEqual([404, { error: 'not_found', detail: 'Conversation not found' }]);
      }
    }
    expect(error(await us.ask('GET', `?before=${theirs}`))).toEqual([400, 'invalid_params']);
    expect(await them.get(theirs)).toMatchObject({ archived: false, unreadCount: 1 });
  });
});

describe('Conversations', () => {
  let team: Awaited<ReturnType<typeof givenTeam>>;
  let ids: string[];
  let second: string;
  beforeAll(async () => {
    team = await givenTeam();
    second = await add(team.owner, team.workspace, SECOND_NUMBER);
    ids = [];
    for (let at = 0; at < 7; at += 1) {
      ids.unshift(await team.hear(phone(at), 'Hi', at % 3 === 0 ? SECOND_NUMBER : OUR_NUMBER));
    }
    for (const id of ids.slice(0, 2)) {
      accepted(await team.ask('PATCH', `/${id}`, { archived: true }));
    }
  });
  const shown = ({ data }: Page): string[] => data.map(({ id }) => id);

  it('come by their last activity, in pages and after one another', async () => {
    const { list } = team;
    expect(shown(await list())).toEqual(ids);
    const paged: string[] = [];
    for (const page of ['1', '2', '3', '4']) {
      const { data, pagination } = await list({ page, limit: '2' });
      expect(pagination).toEqual({ currentPage: Number(page), totalPages: 4, totalItems: 7, hasNext: page !== '4' });
      paged.push(...data.map(({ id }) => id));
    }
    expect(paged).toEqual(ids);
    for (const [at, before] of ids.entries()) {
      const { data, pagination } = await list({ before, limit: '3' });
      expect(data.map(({ id }) => id)).toEqual(ids.slice(at + 1, at + 4));
      expect(pagination).toMatchObject({ totalItems: 7, hasNext: at + 4 < ids.length });
    }
    expect(shown(await list({ page: '999999999' }))).toEqual([]);
  });

  it.each<[string, Record<string, string>, (at: number) => boolean]>([
    ['archived', { archived: 'true' }, (at) => at < 2],
    ['open', { archived: 'false' }, (at) => at >= 2],
    ['of a number', { numberId: 'second' }, (at) => at % 3 === 0],
    ['open and of a number', { numberId: 'second', archived: 'false' }, (at) => at % 3 === 0 && at >= 2],
    ['of a contact', { contact: '(415) 555-2003' }, (at) => at === 3],
    ['of a contact and a number', { contact: phone(3), numberId: 'second' }, (at) => at === 3],
    ['of a contact and another number', { contact: phone(4), numberId: 'second' }, () => false],
    ['of a contact, archived', { contact: phone(4), archived: 'true' }, () => false],
    ['of nobody known', { contact: 'nobody' }, () => false],
    ['of no number', { numberId: 'pn_00000000000000000000000000' }, () => false],
  ])('%s are as many as are listed', async (_, query, isOne) => {
    const page = await team.list(query.numberId === 'second' ? { ...query, numberId: second } : query);
    const expected = ids.filter((__, at) => isOne(at));
    expect([shown(page), page.pagination.totalItems]).toEqual([expected, expected.length]);
  });

  it.each(['page=0', 'limit=101', 'archived=yes', 'archived=', 'numberId=x', 'before=x', 'what=x'])(
    'are not listed by %s',
    async (query) => {
      expect(error(await team.ask('GET', `?${query}`))).toEqual([400, 'invalid_params']);
    },
  );

  it('are counted by their numbers, so that pages end where counting would be dear', async () => {
    const { ask, list, hear, uuid } = await givenTeam();
    const id = await hear(phone(1), 'Hi');
    await sql(`UPDATE addresses SET thread_count = 10001 WHERE client_id = $1`, uuid);
    expect((await list({ page: '100', limit: '100' })).pagination).toMatchObject({ totalItems: 10_001 });
    expect(error(await ask('GET', '?page=101&limit=100'))).toEqual([400, 'page_too_deep']);
    expect((await list({ before: id })).data).toEqual([]);
  });
});
