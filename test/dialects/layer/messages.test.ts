import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { LayerSession } from '../../support/layer.js';
import {
  ACCESS_DENIED,
  at,
  conversationOf,
  expectLacking,
  expectLayerError,
  expectWrong,
  ID_IN_USE,
  leave,
  NOT_FOUND,
  NOTHING,
  read,
  strangerOn,
  talkingOn,
  uuidOf,
  type Wire,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const talking = () => talkingOn(() => server);

const send = (by: LayerSession, conversation: Wire, body: object) =>
  by.send('POST', `${at(conversation)}/messages`, body);
const text = (body: string) => ({ mime_type: 'text/plain', body });

describe('POST /conversations/:id/messages', () => {
  it('sends one, of several parts', async () => {
    const { john, jane, conversation } = await talking();
    const png = Buffer.from([0x89, 0x50, 0, 1]).toString('base64');
    const parts = [text('Hello, World!'), { mime_type: 'image/png', body: png, encoding: 'base64' }];
    const { status, body } = await send(john, conversation, { parts });
    expect(status).toBe(201);
    const uuid = uuidOf(body);
    const url = `${server.url}/layer/messages/${uuid}`;
    const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const part = (index: number) => {
      const id = body.parts[index].id.split('/').at(-1);
      expect(id).toMatch(/^[\da-f-]{36}$/);
      return { id: `${body.id}/parts/${id}`, url: `${url}/parts/${id}`, message_url: url, updated_at: moment };
    };
    expect(body).toEqual({
      id: `layer:///messages/${uuid}`,
      url,
      receipts_url: `${url}/receipts`,
      position: 1,
      conversation: { id: conversation.id, url: conversation.url },
      parts: [
        { ...part(0), mime_type: 'text/plain', body: 'Hello, World!' },
        { ...part(1), mime_type: 'image/png', body: png, encoding: 'base64' },
      ],
      sent_at: moment,
      received_at: body.sent_at,
      updated_at: body.sent_at,
      sender: {
        id: john.identity,
        url: `${server.url}/layer/identities/john`,
        user_id: 'john',
        display_name: expect.any(String),
        avatar_url: null,
      },
      is_unread: false,
      recipient_status: { [john.identity]: 'read', [jane.identity]: 'sent' },
    });
    expect(await read(john, at(body))).toEqual(body);
    expect(await read(jane, at(body))).toEqual({ ...body, is_unread: true });
  });

  it('takes an id, once; who may see what has it gets that', async () => {
    const { app, john, jane, conversation } = await talking();
    const id = randomUUID();
    const body = { parts: [text('Once')], id: `layer:///messages/${id}` };
    const first = await send(john, conversation, body);
    expect([first.status, first.body.id]).toEqual([201, body.id]);
    expectLayerError(await send(john, conversation, { ...body, id: id.toUpperCase() }), ID_IN_USE, first.body);
    expectLayerError(await send(jane, conversation, body), ID_IN_USE, { ...first.body, is_unread: true });
    expect((await read(john, at(conversation))).total_message_count).toBe(1);
    const eve = await app.session('eve');
    expectLayerError(await send(eve, await conversationOf(eve, john), body), ID_IN_USE);
    const stranger = await strangerOn(() => server);
    const elsewhere = await stranger.send('POST', '/conversations', { participants: ['eve'] });
    expect((await send(stranger, elsewhere.body, body)).status).toBe(201);
  });

  it('says it once, however often it is sent at once', async () => {
    const { john, conversation } = await talking();
    const body = { parts: [text('Once')], id: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(john, conversation, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
    const said = await read(john, `${at(conversation)}/messages`);
    const told = answers.map(({ status, body: message }) => (status === 201 ? message : message.data));
    expect(told).toEqual(Array(8).fill(said[0]));
    expect(said).toHaveLength(1);
  });

  it('takes the ids of parts, and what SDKs send beside', async () => {
    const { john, conversation } = await talking();
    const [id, one, two] = [randomUUID(), randomUUID(), randomUUID()];
    const parts = [
      { ...text('One'), id: `layer:///messages/${id}/parts/${one}`, encoding: null, content: null },
      { mime_type: 'application/vnd.layer.text+json;role=root;node-id=a', body: '{}', id: two, created_at: 'now' },
      { mime_type: 'text/plain' },
    ];
    const { body } = await send(john, conversation, { parts, id });
    expect(body.parts.map((part: Wire) => [part.id, part.mime_type, part.body])).toEqual([
      [`layer:///messages/${id}/parts/${one}`, 'text/plain', 'One'],
      [`layer:///messages/${id}/parts/${two}`, 'application/vnd.layer.text+json;role=root;node-id=a', '{}'],
      [expect.stringContaining(`layer:///messages/${id}/parts/`), 'text/plain', ''],
    ]);
  });

  it('keeps what devices are to be told', async () => {
    const { app, john, jane, conversation } = await talking();
    const notification = {
      title: 'The Uprising',
      text: 'All rise, its a Message!',
      sound: 'salute.aiff',
      category: 'reply',
      data: { deep: { link: '/1' } },
      recipients: { [jane.identity]: { text: 'For you' }, nobody: { text: 'For nobody' } },
      title_loc_key: 'ignored',
    };
    const { status, body } = await send(john, conversation, { parts: [text('Told')], notification });
    expect(status).toBe(201);
    const [kept] = await sql('SELECT content FROM notifications WHERE message_id = $1', uuidOf(body));
    const { body: customers } = await app.client.send('GET', '/api/v1/customers?external_id=jane');
    const [her] = await sql<{ id: string }>(
      `SELECT id FROM customers WHERE external_id = 'jane' AND client_id = $1`,
      app.client.uuid,
    );
    expect(customers.data).toHaveLength(1);
    const { recipients: _, title_loc_key: __, ...words } = notification;
    expect(kept!.content).toEqual({ ...words, recipients: { [her!.id]: { text: 'For you' } } });
    for (const wrong of [
      'text',
      { text: 7 },
      { title: 'x'.repeat(1_001) },
      { data: [] },
      { data: { x: 'x'.repeat(3_000) } },
      { recipients: ['jane'] },
      { recipients: { jane: 'text' } },
      { recipients: { jane: { text: [] } } },
    ]) {
      const answer = await send(john, conversation, { parts: [text('Not sent')], notification: wrong });
      expect([answer.status, answer.body.id]).toEqual([422, 'invalid_property']);
      expect(answer.body.data.property).toMatch(/^notification/);
    }
  });

  it('says what is missing or wrong', async () => {
    const { john, conversation } = await talking();
    expectLacking(await send(john, conversation, {}), 'parts');
    expectLacking(await send(john, conversation, { parts: [{ body: 'x' }] }), 'parts.0.mime_type');
    const same = randomUUID();
    const base64 = (bytes: number) => ({
      mime_type: 'image/png',
      encoding: 'base64',
      body: Buffer.alloc(bytes).toString('base64'),
    });
    for (const [parts, property] of [
      ['Hello', 'parts'],
      [[], 'parts'],
      [Array.from({ length: 101 }, () => text('x')), 'parts'],
      [['Hello'], 'parts.0'],
      [[null], 'parts.0'],
      [[text('x'), { mime_type: 'text', body: 'x' }], 'parts.1.mime_type'],
      [[{ mime_type: 'text/plain\r\nX: y', body: 'x' }], 'parts.0.mime_type'],
      [[{ mime_type: 7, body: 'x' }], 'parts.0.mime_type'],
      [[{ mime_type: 'text/plain', body: 7 }], 'parts.0.body'],
      [[text('x'.repeat(2_049))], 'parts.0.body'],
      [[text('é'.repeat(2_049))], 'parts.0.body'],
      [[text('x\u0000')], 'parts.0.body'],
      [[base64(2_049)], 'parts.0.body'],
      [[{ mime_type: 'image/png', body: 'no base64!', encoding: 'base64' }], 'parts.0.body'],
      [[{ ...text('x'), encoding: 'gzip' }], 'parts.0.encoding'],
      [[{ ...text('x'), id: 'one' }], 'parts.0.id'],
      [[{ ...text('x'), id: `layer:///messages/${same}/parts/0` }], 'parts.0.id'],
      [
        [
          { ...text('x'), id: same },
          { ...text('y'), id: `layer:///messages/${same}/parts/${same}` },
        ],
        'parts.1.id',
      ],
      [[{ mime_type: 'image/png', content: {} }], 'parts.0.content'],
      [[{ mime_type: 'image/png', content: 'layer:///content/x' }], 'parts.0.content'],
      [[{ mime_type: 'image/png', content: { id: randomUUID(), size: 1 } }], 'parts.0.content'],
    ] as const) {
      expectWrong(await send(john, conversation, { parts }), property);
    }
    expectWrong(await send(john, conversation, { parts: [text('x')], id: 'one' }), 'id');
    expectWrong(await send(john, conversation, { parts: [text('x')], sender: 'jane' }), 'sender');
    for (const most of [[text('é'.repeat(2_048))], [base64(2_048)], Array.from({ length: 100 }, () => text('x'))]) {
      expect((await send(john, conversation, { parts: most })).status).toBe(201);
    }
    expect((await read(john, at(conversation))).total_message_count).toBe(3);
  });

  it('is for participants', async () => {
    const { app, john, conversation } = await talking();
    await leave(john, conversation);
    const body = { parts: [text('Hello?')] };
    expectLayerError(await send(john, conversation, body), ACCESS_DENIED);
    for (const stranger of [await app.session('eve'), await strangerOn(() => server)]) {
      expectLayerError(await send(stranger, conversation, body), NOT_FOUND);
    }
    for (const id of NOTHING) {
      expectLayerError(await john.send('POST', `/conversations/${id}/messages`, body), NOT_FOUND);
    }
  });
});
