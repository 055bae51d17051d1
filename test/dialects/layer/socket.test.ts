import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import WebSocket from 'ws';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Customer, type TestClient } from '../../support/given.js';
import { connect as connectTo, connectPair, LayerSocket, layerToken, text } from '../../support/layer-socket.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);
const connect = (customer: Customer, at = server) => connectTo(at, acme, customer);
const pair = () => connectPair(server, acme);

/** Why a handshake fails. */
async function refusalOf(query: string, protocols: string[], origin?: string): Promise<number> {
  const wire = new WebSocket(`${server.url.replace('http', 'ws')}/layer/${query}`, protocols, { origin });
  return new Promise((resolve, reject) => {
    wire.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode!);
    });
    wire.on('open', () => reject(new Error('It was not refused.')));
    wire.on('error', () => undefined);
  });
}

describe('A socket', () => {
  it.each([
    ['layer-2.0', ['layer-2.0']],
    ['layer-3.0', ['layer-3.0']],
    ['layer-3.0', ['layer-9.0', 'layer-2.0', 'layer-3.0']],
  ])('speaks %s where %p is offered', async (spoken, offered) => {
    const token = await layerToken(server, acme, await given.customer(acme));
    const socket = await LayerSocket.open(server.url, token, offered, { origin: 'https://example.com' });
    expect(socket.wire.protocol).toBe(spoken);
    expect(socket.wire.extensions).toBe('');
    socket.end();
  });

  it('is refused before it is one', async () => {
    const token = await layerToken(server, acme, await given.customer(acme));
    const mine = `?session_token=${token}`;
    expect(await refusalOf(mine, [])).toBe(400);
    expect(await refusalOf(mine, ['layer-1.0'])).toBe(400);
    expect(await refusalOf('', ['layer-3.0'])).toBe(401);
    expect(await refusalOf('?session_token=cst_test_nobody', ['layer-3.0'])).toBe(401);
    expect(await refusalOf(mine, ['layer-3.0'], 'https://example.com.evil.com')).toBe(403);
    expect(await refusalOf(mine, ['layer-3.0'], 'null')).toBe(403);
    const made = await given.session(acme, await given.customer(acme));
    expect(await refusalOf(`?session_token=${made.token}`, ['layer-3.0'])).toBe(401);
    const late = await given.customer(acme);
    const expired = await layerToken(server, acme, late);
    await sql(
      'UPDATE customer_sessions SET expires_at = now() WHERE client_id = $1 AND customer_id = $2',
      acme.uuid,
      parseId('customer', late.id),
    );
    expect(await refusalOf(`?session_token=${expired}`, ['layer-3.0'])).toBe(401);
  });

  it('numbers its packets from 0, and says when they were sent', async () => {
    const { johns, janes, conversation } = await pair();
    for (const body of ['one', 'two', 'three']) {
      await janes.request('Message.create', text(body), conversation);
    }
    await johns.next('create', 'Message', 3);
    const read = await johns.request('Counter.read');
    const last = johns.packets.find(({ body }) => body === read)!;
    expect(johns.packets.map(({ counter }) => counter)).toEqual(johns.packets.map((_, at) => at));
    expect(read).toMatchObject({ success: true, data: { counter: last.counter - 1 } });
    const times = johns.packets.map(({ timestamp }) => new Date(timestamp).getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(Math.abs(times.at(-1)! - Date.now())).toBeLessThan(60_000);
    [johns, janes].forEach((socket) => socket.end());
  });

  it('whose session is revoked is closed within five seconds', async () => {
    const john = await given.customer(acme);
    const [first, second] = [await connect(john), await connect(john)];
    await sql(
      'UPDATE customer_sessions SET revoked_at = now() WHERE client_id = $1 AND customer_id = $2',
      acme.uuid,
      parseId('customer', john.id),
    );
    const start = performance.now();
    expect((await Promise.all([first.closed, second.closed])).map(({ code }) => code)).toEqual([1008, 1008]);
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  it('is closed with its process, and counts as one with those of Pusher', async () => {
    const small = await startServer({ MAX_SOCKETS: '2' });
    const john = await given.customer(acme);
    const first = await connect(john, small);
    const token = await layerToken(server, acme, john);
    const second = await LayerSocket.open(small.url, token);
    expect((await second.closed).code).toBe(1013);
    await small.stop();
    expect((await first.closed).code).toBe(1001);
  });
});

describe('A request', () => {
  const error = { id: expect.any(String), message: expect.any(String), url: expect.any(String) };

  it.each<[string, number, unknown]>([
    ['names no method', 9, { request_id: 'a' }],
    ['names an unknown method', 9, { request_id: 'a', method: 'Message.destroy' }],
    ['makes a channel without a name', 104, { request_id: 'a', method: 'Channel.create', data: {} }],
    ['has a wrong id', 3, { request_id: 'a b', method: 'Counter.read' }],
    ['has an id that is none', 3, { request_id: 7, method: 'Counter.read' }],
    ['sends to nowhere', 104, { request_id: 'a', method: 'Message.create', data: text('x') }],
    ['sends to nonsense', 102, { request_id: 'a', method: 'Message.create', object_id: 'x', data: text('x') }],
    ['sends into a void', 102, { request_id: 'a', method: 'Message.create', object_id: randomUUID(), data: text('x') }],
    ['sends nothing', 104, { request_id: 'a', method: 'Message.create', object_id: randomUUID(), data: {} }],
    ['sends no object', 105, { request_id: 'a', method: 'Message.create', object_id: randomUUID(), data: [] }],
    ['makes a conversation of nobody', 104, { request_id: 'a', method: 'Conversation.create', data: {} }],
    ['replays from nowhere', 105, { request_id: 'a', method: 'Event.replay', data: {} }],
    [
      'replays from long ago',
      9,
      { request_id: 'a', method: 'Event.replay', data: { from_timestamp: '2015-01-19T09:15:43+00:00' } },
    ],
    ['says something odd of itself', 105, { request_id: 'a', method: 'Presence.update', data: [{}] }],
  ])('that %s is answered with error %i', async (_, code, body) => {
    const john = await connect(await given.customer(acme));
    john.send({ type: 'request', body });
    const answer = await until(() => john.packets.find((packet) => packet.body.success === false)?.body);
    expect(answer).toMatchObject({ success: false, data: { ...error, code } });
    expect((await john.request('Counter.read')).success).toBe(true);
    john.end();
  });

  it('without an id gets no answer', async () => {
    const john = await connect(await given.customer(acme));
    john.send({ type: 'request', body: { method: 'Counter.read' } });
    await john.request('Counter.read');
    expect(john.packets.filter(({ type }) => type === 'response')).toHaveLength(2);
    john.end();
  });

  it('is answered after those before it', async () => {
    const { johns, janes, conversation } = await pair();
    const ids = Array.from({ length: 20 }, (_, at) => `in.turn-${at}`);
    ids.forEach((request_id, at) => {
      const sends = { method: 'Message.create', object_id: conversation, data: text(String(at)) };
      johns.send({ type: 'request', body: { request_id, ...(at % 2 ? { method: 'Counter.read' } : sends) } });
    });
    const answers = (): string[] =>
      johns.packets.flatMap(({ body }) => (ids.includes(body.request_id) ? body.request_id : []));
    await until(() => answers().length === ids.length);
    expect(answers()).toEqual(ids);
    expect((await janes.next('create', 'Message', 10)).map(({ data }) => data.parts[0].body)).toEqual(
      Array.from({ length: 10 }, (_, at) => String(2 * at)),
    );
    [johns, janes].forEach((socket) => socket.end());
  });

  it('with an id that is taken is told what is there', async () => {
    const { johns, janes, conversation } = await pair();
    const id = `layer:///messages/${randomUUID()}`;
    const first = await johns.request('Message.create', { ...text('Hello'), id }, conversation);
    expect(first).toMatchObject({ success: true, data: { id, position: 1 } });
    expect(await johns.request('Message.create', { ...text('Hello'), id }, conversation)).toMatchObject({
      success: false,
      data: { id: 'id_in_use', code: 111, data: { id, parts: [{ body: 'Hello' }] } },
    });
    [johns, janes].forEach((socket) => socket.end());
  });

  it('for a distinct conversation finds the one there is, or says that it differs', async () => {
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const johns = await connect(john);
    const create = (metadata: object | null) =>
      johns.request('Conversation.create', {
        ...{ participants: [jane.id], distinct: true, metadata },
        id: `layer:///conversations/${randomUUID()}`,
      });
    const made = await create({ title: 'Lunch' });
    expect(made).toMatchObject({ success: true, data: { distinct: true, metadata: { title: 'Lunch' } } });
    for (const metadata of [null, { title: 'Lunch' }]) {
      expect(await create(metadata)).toMatchObject({ success: true, data: { id: made.data.id } });
    }
    expect(await create({ title: 'Dinner' })).toMatchObject({
      success: false,
      data: { id: 'conflict', code: 108, data: { id: made.data.id, metadata: { title: 'Lunch' } } },
    });
    johns.end();
  });
});

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('A frame that', () => {
  it.each([
    ['is empty', ''],
    ['is no JSON', '{"type":"request"'],
    ['is null', 'null'],
    ['is a list', '["request"]'],
    ['is deep', deep(30_000)],
    ['has no body', '{"type":"request"}'],
    ['has a body that is a text', '{"type":"request","body":"x"}'],
    ['is of no known type', '{"type":"change","body":{}}'],
    ['sets a prototype', '{"__proto__":{"type":"request"},"body":{}}'],
    ['names a method of objects', '{"type":"request","body":{"request_id":"a","method":"constructor"}}'],
    ['names a method that is none', '{"type":"request","body":{"request_id":"a","method":{"toString":1}}}'],
    [
      'sends something deep',
      `{"type":"request","body":{"request_id":"a","method":"Message.create","object_id":"${randomUUID()}","data":{"parts":${deep(20_000)}}}}`,
    ],
  ])('%s is answered with an error', async (_, frame) => {
    const john = await connect(await given.customer(acme));
    john.send(frame);
    await until(() => john.packets.some(({ type, body }) => type === 'response' && body.success === false));
    expect((await john.request('Counter.read')).success).toBe(true);
    john.end();
  });

  it.each([
    ['null', null],
    ['nothing', {}],
    ['no conversation', { type: 'typing_indicator', object: { id: 7 }, data: { action: 'started' } }],
    ['no known action', { type: 'typing_indicator', object: { id: randomUUID() }, data: { action: 'ended' } }],
    ['lists', { type: 'typing_indicator', object: [], data: [] }],
  ])('is a signal of %s does no harm', async (_, body) => {
    const john = await connect(await given.customer(acme));
    john.send({ type: 'signal', body });
    expect((await john.request('Counter.read')).success).toBe(true);
    john.end();
  });

  it.each<[string, number, (socket: LayerSocket) => void]>([
    ['is binary', 1003, ({ wire }) => wire.send(Buffer.from('{}'), { binary: true })],
    ['is larger than 256 KB', 1009, ({ wire }) => wire.send('x'.repeat(256 * 1024 + 1))],
    ['is no UTF-8', 1007, ({ wire }) => wire.send(Buffer.of(0x22, 0xff, 0x22), { binary: false })],
  ])('%s ends its socket with %i, and nothing else', async (_, code, send) => {
    const john = await given.customer(acme);
    const [socket, bystander] = [await connect(john), await connect(john)];
    send(socket);
    expect((await socket.closed).code).toBe(code);
    expect((await bystander.request('Counter.read')).success).toBe(true);
    bystander.end();
  });

  it('has a hundred parts of two kilobytes is a message', async () => {
    const { johns, janes, conversation } = await pair();
    const parts = Array.from({ length: 100 }, () => ({ mime_type: 'text/plain', body: 'x'.repeat(2_048) }));
    expect((await johns.request('Message.create', { parts }, conversation)).success).toBe(true);
    expect((await janes.next('create', 'Message'))[0].data.parts).toHaveLength(100);
    [johns, janes].forEach((socket) => socket.end());
  });

  it('comes too often ends its socket', async () => {
    const john = await connect(await given.customer(acme));
    for (let at = 0; at < 1_000; at += 1) {
      john.send({ type: 'request', body: { method: 'Counter.read', request_id: 'a' } });
    }
    expect((await john.closed).code).toBe(1008);
  });
});
