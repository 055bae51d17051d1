import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import type { TestCaller } from '../../support/engagement.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted } from '../../support/given.js';
import { activities, givenInboxes, list, post, show, told, type Conversation, type Item } from '../../support/inbox.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { inWorkspace } from '../../support/users.js';

const server = useServer();
const given = givenInboxes(() => server);

describe('The inbox', () => {
  it('lists conversations, the newest message first, and shows one with what was said', async () => {
    const { owner, hear } = await given.inbox();
    await hear('Hi');
    await hear('Hello', 2);
    await hear('Still there?');
    const [one, two] = await list(owner);
    expect([one, two]).toMatchObject([
      {
        ...{ id: 1, subject: null, status: 'open', channel: 'sms', priority: 'normal', preview: 'Still there?' },
        ...{ contact: { name: '+1 415 555 2001', email: null }, assigned_to: null, is_read: false },
        ...{ unread_count: 2, messages_count: 2, waiting_since: expect.any(String) },
      },
      { id: 2, preview: 'Hello', unread_count: 1 },
    ]);
    const shown = await show(owner, 1);
    expect(shown.data).toEqual(one);
    expect(shown.messages).toMatchObject([
      {
        ...{ id: 1, conversation_id: 1, type: 'message', body: 'Hi', body_text: 'Hi', body_html: null },
        ...{ sender: { type: 'contact', id: one!.contact!.id, name: '+1 415 555 2001' }, attachments: [] },
        delivery: { status: 'received', error_code: null },
      },
      { id: 2, body: 'Still there?' },
    ]);
    expect(shown.has_more).toBe(false);
    for (const name of [one!.uuid, formatId('channel', one!.uuid)]) {
      expect(accepted(await owner.send('GET', `/conversations/${name}?mark_read=0`)).body.data).toEqual(one);
    }
  });
});

describe('A list of conversations', () => {
  it('is narrowed, searched, sorted and paged, and says exactly how many there are', async () => {
    const { owner, member, hear } = await given.inbox();
    const mia = await member('agent');
    for (const at of [1, 2, 3]) {
      await hear(`Größe ${at}`, at);
    }
    const [three] = await list(owner);
    await post(mia, '1/close');
    await post(mia, '2/assign', { user_id: mia.user!.uuid });
    accepted(
      await mia.send('PATCH', '/conversations/2', { subject: 'Invoice 7', priority: 'urgent', is_starred: true }),
    );
    const ids = async (query: string): Promise<number[]> => (await list(mia, `?${query}`)).map(({ id }) => id);
    const found: Readonly<Record<string, readonly number[]>> = {
      'status=open': [3, 2],
      'status=closed': [1],
      'channel=sms': [3, 2, 1],
      'channel=live_chat': [],
      'priority=urgent': [2],
      'assigned_to=me': [2],
      'assigned_to=unassigned': [3, 1],
      'is_starred=1': [2],
      'is_read=false': [3, 2, 1],
      'is_ai_handled=true': [],
      [`contact_id=${three!.contact!.id}`]: [3],
      'search=GROSSE': [],
      'search=grosse': [],
      'search=größe': [3, 2, 1],
      'search=gröSSE': [],
      'search=invoice': [2],
      'search=in 7': [2],
      'search=nvo': [2],
      'search=nv': [],
      'search=2003': [3],
      'sort_by=created_at&sort_dir=asc': [1, 2, 3],
      'sort_by=priority': [2, 3, 1],
      'sort_by=status&sort_dir=asc': [1, 2, 3],
      'per_page=2': [3, 2],
      'per_page=2&page=2': [1],
      'page=9999999': [],
      'after=3&per_page=1': [2],
    };
    for (const [query, expected] of Object.entries(found)) {
      expect([query, await ids(query)]).toEqual([query, expected]);
    }
    const totals = async (query: string): Promise<unknown> =>
      (accepted(await mia.send('GET', `/conversations?per_page=1&${query}`)).body.meta as { total: number }).total;
    expect([await totals(''), await totals('status=open'), await totals('assigned_to=unassigned')]).toEqual([3, 2, 2]);
  });

  it.each(['%', '_', '\\', 'a%'.repeat(50), "'; DROP TABLE messages", '😀', '\u202ex'])(
    'takes %j for what it is',
    async (search) => {
      const { owner, hear } = await given.inbox();
      await hear('Hi');
      const reply = accepted(await owner.send('GET', `/conversations?search=${encodeURIComponent(search)}`));
      expect(reply.body.data).toEqual([]);
    },
  );

  it('refuses what it can not be narrowed or paged by', async () => {
    const { owner } = await given.inbox();
    const errors = async (query: string): Promise<unknown> => {
      const { status, body } = await owner.send('GET', `/conversations?${query}`);
      return [status, Object.keys((body as { errors: object }).errors)];
    };
    for (const [query, field] of [
      ...(['per_page=0', 'per_page=-1', 'per_page=abc'] as const).map((one) => [one, 'per_page'] as const),
      ...(['page=0', 'page=2147483648'] as const).map((one) => [one, 'page'] as const),
      ...([
        ['status=wet', 'status'],
        ['sort_by=name', 'sort_by'],
        ['after=7', 'after'],
        ['nope=1', 'nope'],
      ] as const),
      ...([
        ['contact_id=7', 'contact_id'],
        ['assigned_to=7', 'assigned_to'],
        ['assigned_to=x', 'assigned_to'],
      ] as const),
    ]) {
      expect([query, await errors(query)]).toEqual([query, [422, [field]]]);
    }
    expect(accepted(await owner.send('GET', '/conversations?per_page=1000')).body.meta as object).toMatchObject({
      per_page: 100,
      total: 0,
    });
  });
});

describe('A conversation', () => {
  it('has an order of messages, notes and activities, page by page', async () => {
    const { owner, hear } = await given.inbox();
    await hear('One');
    await post(owner, '1/notes', { body: 'Who is it?' });
    await post(owner, '1/reply', { body: 'Two' });
    await post(owner, '1/close');
    await hear('Three');
    const { messages } = await show(owner, 1);
    const told = messages.map(({ type, body }) => [type, body]);
    expect(told).toEqual([
      ['message', 'One'],
      ['note', 'Who is it?'],
      ['reply', 'Two'],
      ['activity', 'Status changed from open to closed.'],
      ['message', 'Three'],
      ['activity', 'Status changed from closed to open.'],
    ]);
    expect(messages.map(({ id }) => id > 2 ** 32)).toEqual([false, true, false, true, false, true]);
    const read: unknown[] = [];
    for (let next: string | null = '/conversations/1/messages?per_page=1'; next;) {
      const { body } = accepted(await owner.send('GET', next));
      read.push(...(body.data as Item[]).map(({ type, body: says }) => [type, says]));
      expect(body.meta).toMatchObject({ total: 6, per_page: 1 });
      next = (body.links as { next: string | null }).next?.replace(/^.*\/api\/v1/, '') ?? null;
    }
    expect(read).toEqual([...told].reverse());
    expect((await owner.send('GET', '/conversations/1/messages?before=77')).status).toBe(422);
  });

  it('is read by whoever may answer, and shows the contact that it was', async () => {
    const { owner, member, hear, workspace } = await given.inbox();
    await hear('Hi');
    const viewer = await member('viewer');
    await show(viewer, 1, '');
    await show(owner, 1, '?mark_read=0');
    expect((await owner.send('HEAD', '/conversations/1')).status).toBe(200);
    expect(await list(owner)).toMatchObject([{ is_read: false, unread_count: 1 }]);
    expect((await show(owner, 1, '')).data).toMatchObject({ is_read: true, unread_count: 0 });
    accepted(await owner.send('PATCH', '/conversations/1', { is_read: false }));
    expect(await list(owner)).toMatchObject([{ is_read: false, unread_count: 0 }]);
    // Wherever the team reads it.
    const [{ uuid }] = (await list(owner)) as [Conversation];
    const place = inWorkspace(workspace, `/conversations/${formatId('channel', uuid)}/read`);
    accepted(await owner.user!.send('POST', place));
    expect(await list(owner)).toMatchObject([{ is_read: true }]);
  });

  it('is changed with an activity for each change that matters', async () => {
    const { owner, hear } = await given.inbox();
    await hear('Hi');
    const put = (body: object) => owner.send('PUT', '/conversations/1', body);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const snoozed = accepted(await put({ status: 'snoozed', snoozed_until: until, priority: 'high', is_pinned: true }));
    expect(snoozed.body.data).toMatchObject({
      status: 'snoozed',
      snoozed_until: until,
      priority: 'high',
      is_pinned: true,
    });
    const opened = accepted(await put({ status: 'open' })).body.data as { readonly snoozed_until: unknown };
    expect(opened).toMatchObject({ status: 'open', snoozed_until: null });
    // Clients send back what they read.
    expect(accepted(await put(opened)).body.data).toEqual(opened);
    accepted(await put({ status: 'open', subject: 'Invoice' }));
    expect(await activities(owner, 1)).toEqual([
      'Status changed from open to snoozed.',
      'Priority changed from normal to high.',
      'Status changed from snoozed to open.',
    ]);
    for (const body of [
      { status: 'snoozed', snoozed_until: '2020-01-01T00:00:00Z' },
      { status: 'snoozed', snoozed_until: '9999-01-01T00:00:00Z' },
      { status: 'open', snoozed_until: until },
      { snoozed_until: until },
    ]) {
      expect(Object.keys((await put(body)).body.errors as object)).toEqual(['snoozed_until']);
    }
    expect((await put({ status: 'wet' })).status).toBe(422);
  });

  it('takes back what was read of it, and what is not for setting stays as it is', async () => {
    const { owner, hear } = await given.inbox();
    await hear('Hi');
    const [read] = await list(owner);
    for (const method of ['PUT', 'PATCH']) {
      expect(accepted(await owner.send(method, '/conversations/1', read)).body.data).toEqual(read);
    }
    const forged = { ...read, id: 9, messages_count: 9, contact: 9, assigned_to: 9, created_at: 9, preview: 9 };
    expect(accepted(await owner.send('PATCH', '/conversations/1', forged)).body.data).toEqual(read);
    const foreign = await owner.send('PATCH', '/conversations/1', { client_id: 1, number: 9 });
    expect(Object.keys(foreign.body.errors as object)).toEqual(['client_id', 'number']);
    const note = await post(owner, '1/notes', { body: 'Careful' });
    const place = `/conversations/1/notes/${note.id as number}`;
    expect(accepted(await owner.send('PUT', place, { ...note, body: 'Kind' })).body.data).toEqual({
      ...note,
      body: 'Kind',
      body_text: 'Kind',
    });
  });

  it('is closed once, however often it is asked for, and with whom it was is kept', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hi');
    const replies = await Promise.all(Array.from({ length: 50 }, () => owner.send('POST', '/conversations/1/close')));
    const first = replies.map(accepted).map(({ body }) => (body.data as unknown as Conversation).resolved_at);
    expect(new Set(first).size).toBe(1);
    expect(replies[0]!.body.message).toBe('Conversation closed.');
    expect(await activities(owner, 1)).toEqual(['Status changed from open to closed.']);
    await expectExactRows(uuid);
  });

  it('is assigned to members who may answer, and to nobody once they may not', async () => {
    const { owner, member, hear, workspace } = await given.inbox();
    await hear('Hi');
    const [mia, viewer, stranger] = [await member('agent'), await member('viewer'), (await given.team()).owner];
    const assign = (user: TestCaller) => owner.send('POST', '/conversations/1/assign', { user_id: user.user!.uuid });
    const refused = { message: 'User not found or does not have permission to be assigned conversations.' };
    for (const user of [viewer, stranger]) {
      expect(told(await assign(user))).toEqual([422, refused]);
    }
    const { body } = accepted(await assign(mia));
    const { name, number } = (
      await sql<{ name: string; number: string }>(`SELECT name, number FROM users WHERE id = $1`, mia.user!.uuid)
    )[0]!;
    expect(body).toMatchObject({
      data: { assigned_to: { id: Number(number), name } },
      message: `Conversation assigned to ${name}.`,
    });
    expect(accepted(await owner.send('POST', '/conversations/1/assign', { user_id: Number(number) })).status).toBe(200);
    const place = inWorkspace(workspace, `/members/${formatId('user', mia.user!.uuid)}`);
    accepted(await owner.user!.send('PATCH', place, { role: 'viewer' }));
    expect(await list(owner)).toMatchObject([{ assigned_to: null }]);
    expect(told(await assign(mia))).toEqual([422, refused]);
    accepted(await owner.user!.send('PATCH', place, { role: 'agent' }));
    accepted(await assign(mia));
    accepted(await owner.user!.send('DELETE', place));
    expect(await list(owner)).toMatchObject([{ assigned_to: null }]);
    accepted(await owner.send('POST', '/conversations/1/assign', { user_id: null }));
    expect(await activities(owner, 1)).toEqual(['Assigned.', 'Unassigned.', 'Assigned.', 'Unassigned.']);
  });

  it('is gone for all when it is deleted', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hi');
    await post(owner, '1/notes', { body: 'Spam' });
    expect((await owner.send('DELETE', '/conversations/1')).status).toBe(204);
    expect((await owner.send('GET', '/conversations/1')).body).toEqual({ message: 'Conversation not found.' });
    expect(await list(owner)).toEqual([]);
    await expectExactRows(uuid);
    await hear('Hi');
    expect(await list(owner)).toMatchObject([{ id: 2 }]);
  });
});
