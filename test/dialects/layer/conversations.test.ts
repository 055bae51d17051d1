import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn } from '../../support/given.js';
import type { LayerSession } from '../../support/layer.js';
import {
  at,
  CONFLICT,
  conversationOf,
  expectLacking,
  expectLayerError,
  expectWrong,
  ID_IN_USE,
  NOT_FOUND,
  NOTHING,
  read,
  say,
  strangerOn,
  talkingOn,
  uuidOf,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const given = givenOn(() => server);
const talking = () => talkingOn(() => server);

const create = (by: LayerSession, body: object) => by.send('POST', '/conversations', body);
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const users = ({ participants }: { participants: { user_id: string }[] }) =>
  participants.map((one) => one.user_id).sort();

describe('POST /conversations', () => {
  it('makes one', async () => {
    const { john, jane } = await talking();
    const metadata = { title: 'Lunch', colours: { background: '#fff' } };
    const answer = await create(john, { participants: [jane.identity], distinct: false, metadata });
    expect(answer.status).toBe(201);
    const uuid = uuidOf(answer.body);
    const url = `${server.url}/layer/conversations/${uuid}`;
    const identity = ({ identity: id, userId }: LayerSession) =>
      expect.objectContaining({ id, user_id: userId, url: `${server.url}/layer/identities/${userId}` });
    expect(answer.body).toEqual({
      id: `layer:///conversations/${uuid}`,
      url,
      messages_url: `${url}/messages`,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      last_message: null,
      participants: expect.arrayContaining([identity(john), identity(jane)]),
      distinct: false,
      unread_message_count: 0,
      total_message_count: 0,
      metadata,
    });
    expect(await read(jane, at(answer.body))).toEqual(answer.body);
  });

  it('finds the distinct one of the same participants, whoever asks for it', async () => {
    const { john, jane } = await talking();
    const first = await create(john, { participants: ['jane'], metadata: { a: '1', b: { c: '2' } } });
    expect([first.status, first.body.distinct]).toEqual([201, true]);
    for (const metadata of [undefined, null, { b: { c: '2' }, a: '1' }]) {
      const again = await create(jane, { participants: ['john', 'jane'], distinct: true, metadata });
      expect([again.status, again.body]).toEqual([200, first.body]);
    }
    for (const metadata of [{}, { a: '1' }, { a: '2', b: { c: '2' } }]) {
      expectLayerError(await create(jane, { participants: ['john'], metadata }), CONFLICT, first.body);
    }
    const other = await create(jane, { participants: ['john'], id: randomUUID() });
    expect([other.status, other.body.id]).toEqual([200, first.body.id]);
  });

  it('makes one distinct one, however many ask for it at once', async () => {
    const { john, jane } = await talking();
    const asking = Array.from({ length: 10 }, (_, index) =>
      create(index % 2 ? john : jane, { participants: ['john', 'jane', 'new'], id: randomUUID() }),
    );
    const answers = await Promise.all(asking);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id as string)).size).toBe(1);
  });

  it('makes as many as are asked for, where they are not distinct', async () => {
    const { john, jane } = await talking();
    const [one, two] = [await conversationOf(john, jane), await conversationOf(john, jane)];
    expect(one.id).not.toBe(two.id);
  });

  it('takes an id, once; who may see what has it gets that', async () => {
    const { app, john, jane } = await talking();
    const id = randomUUID();
    const body = { participants: ['jane'], distinct: false, id: `layer:///conversations/${id}` };
    const first = await create(john, body);
    expect([first.status, first.body.id]).toEqual([201, body.id]);
    expectLayerError(await create(john, body), ID_IN_USE, first.body);
    expectLayerError(await create(jane, { participants: ['john'], id: id.toUpperCase() }), ID_IN_USE, first.body);
    const eve = await app.session('eve');
    expectLayerError(await create(eve, { ...body, participants: ['john'] }), ID_IN_USE);
    const stranger = await strangerOn(() => server);
    expect((await create(stranger, body)).status).toBe(201);
  });

  it('takes participants however they are named, each once, and whoever asks in any case', async () => {
    const { app, john, jane } = await talking();
    const known = await given.customer(app.client, 'Known by nothing else');
    const participants = [
      jane.identity,
      'jane',
      { id: 'layer:///identities/j%C3%B6rg%20x', display_name: 'Ignored' },
      { user_id: 'eve' },
      known.id,
      john.identity,
    ];
    const { status, body } = await create(john, { participants });
    expect([status, users(body)]).toEqual([201, [known.id, 'eve', 'jane', 'john', 'jörg x']]);
    const { body: made } = await app.client.send('GET', '/api/v1/customers?external_id=eve');
    expect(made.data).toEqual([expect.objectContaining({ external_id: 'eve', name: 'eve', email: null })]);
    const again = await create(john, { participants: ['eve', 'jörg x', 'jane', known.id] });
    expect([again.status, again.body.id]).toEqual([200, body.id]);
  });

  it('says what is missing or wrong', async () => {
    const { john } = await talking();
    const others = ['jane'];
    const many = Array.from({ length: 26 }, (_, index) => `user${index}`);
    const deep = { a: { b: { c: { d: { e: { f: 'x' } } } } } };
    expectLacking(await create(john, {}), 'participants');
    expectLacking(await create(john, { participants: null }), 'participants');
    for (const [body, property] of [
      [{ participants: 'jane' }, 'participants'],
      [{ participants: [] }, 'participants'],
      [{ participants: ['john'] }, 'participants'],
      [{ participants: many }, 'participants'],
      [{ participants: many.slice(1) }, 'participants'],
      [{ participants: ['jane', ''] }, 'participants.1'],
      [{ participants: [7] }, 'participants.0'],
      [{ participants: [null] }, 'participants.0'],
      [{ participants: [{}] }, 'participants.0'],
      [{ participants: ['layer:///identities/%'] }, 'participants.0'],
      [{ participants: ['x'.repeat(256)] }, 'participants.0'],
      [{ participants: ['x\u0000'] }, 'participants.0'],
      [{ participants: [formatId('customer', randomUUID())] }, 'participants'],
      [{ participants: others, distinct: 'true' }, 'distinct'],
      [{ participants: others, metadata: 'title' }, 'metadata'],
      [{ participants: others, metadata: [] }, 'metadata'],
      [{ participants: others, metadata: { a: 1 } }, 'metadata'],
      [{ participants: others, metadata: { a: ['1'] } }, 'metadata'],
      [{ participants: others, metadata: { a: null } }, 'metadata'],
      [{ participants: others, metadata: deep }, 'metadata'],
      [{ participants: others, metadata: { a: 'x'.repeat(16_384) } }, 'metadata'],
      [{ participants: others, metadata: { a: 'x\u0000' } }, 'metadata'],
      [{ participants: others, id: 'one' }, 'id'],
      [{ participants: others, id: `layer:///messages/${randomUUID()}` }, 'id'],
      [{ participants: others, name: 'Team' }, 'name'],
    ] as const) {
      expectWrong(await create(john, body), property);
    }
    expect((await create(john, { participants: many.slice(2) })).body.participants).toHaveLength(25);
  });
});

describe('GET /conversations', () => {
  it('lists those of who asks, newest first, page by page', async () => {
    const { app, john, jane, conversation } = await talking();
    const eve = await app.session('eve');
    const made = [conversation];
    for (let count = 0; count < 4; count += 1) {
      made.unshift(await conversationOf(john, count % 2 ? jane : eve));
    }
    const all = await john.send('GET', '/conversations');
    expect([all.body, all.headers.get('layer-count')]).toEqual([made, '5']);
    const first = await john.send('GET', '/conversations?page_size=2');
    const second = await john.send('GET', `/conversations?page_size=2&from_id=${first.body[1].id}`);
    const third = await john.send('GET', `/conversations?page_size=2&from_id=${uuidOf(second.body[1])}`);
    expect([...first.body, ...second.body, ...third.body]).toEqual(made);
    expect(third.headers.get('layer-count')).toBe('5');
    const of = await eve.send('GET', '/conversations');
    expect([ids(of.body), of.headers.get('layer-count')]).toEqual([[made[1].id, made[3].id], '2']);
  });

  it('sorts by what was said last; where nothing was, by creation', async () => {
    const { john, jane, conversation: first } = await talking();
    const [second, third] = [await conversationOf(john, jane), await conversationOf(john, jane)];
    const message = await say(jane, first);
    const sorted = await read(john, '/conversations?sort_by=last_message');
    expect(ids(sorted)).toEqual(ids([first, third, second]));
    expect(sorted[0]).toMatchObject({ last_message: { ...message, is_unread: true }, unread_message_count: 1 });
    expect(ids(await read(john, `/conversations?sort_by=last_message&page_size=1&from_id=${third.id}`))).toEqual([
      second.id,
    ]);
    expect(ids(await read(john, '/conversations?sort_by=created_at'))).toEqual(ids([third, second, first]));
  });

  it('refuses what is no page', async () => {
    const { app, john } = await talking();
    const eve = await app.session('eve');
    const hers = await conversationOf(eve, await app.session('jane'));
    for (const [query, property] of [
      ['page_size=0', 'page_size'],
      ['page_size=101', 'page_size'],
      ['page_size=1.5', 'page_size'],
      ['page_size=1&page_size=2', 'page_size'],
      ['sort_by=name', 'sort_by'],
      ['from_id=one', 'from_id'],
      [`from_id=${randomUUID()}`, 'from_id'],
      [`from_id=${hers.id}`, 'from_id'],
    ] as const) {
      expectWrong(await john.send('GET', `/conversations?${query}`), property);
    }
  });
});

describe('GET /conversations/:id', () => {
  it('tells who was there that nobody is, and strangers nothing', async () => {
    const { app, john, jane, conversation } = await talking();
    await say(jane, conversation);
    const patch = [{ operation: 'remove', property: 'participants', value: 'john' }];
    expect((await jane.send('PATCH', at(conversation), patch)).status).toBe(204);
    const secret = [{ operation: 'set', property: 'metadata.title', value: 'Why John had to go' }];
    expect((await jane.send('PATCH', at(conversation), secret)).status).toBe(204);
    const { participants, last_message, total_message_count, metadata } = await read(john, at(conversation));
    expect({ participants, last_message, total_message_count, metadata }).toEqual({
      metadata: {},
      participants: [],
      last_message: null,
      total_message_count: 0,
    });
    expect(await read(john, '/conversations')).toEqual([]);
    for (const stranger of [await app.session('eve'), await strangerOn(() => server)]) {
      expectLayerError(await stranger.send('GET', at(conversation)), NOT_FOUND);
    }
    for (const id of NOTHING) {
      expectLayerError(await jane.send('GET', `/conversations/${id}`), NOT_FOUND);
    }
  });

  it('takes its Layer URI as well', async () => {
    const { john, conversation } = await talking();
    const path = `/conversations/${encodeURIComponent(conversation.id as string)}`;
    expect(await read(john, path)).toEqual(conversation);
  });
});
