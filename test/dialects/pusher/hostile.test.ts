import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { Database } from '../../../src/platform/database/database.js';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { asClient, Listener, RawSocket, type Asker } from '../../support/pusher.js';
import { socketsOf, startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
let acme: TestClient;
let client: Asker;
beforeAll(async () => {
  acme = await given.client();
  client = asClient(server.url, acme);
});
const given = givenOn(() => server);

async function opened(): Promise<RawSocket> {
  const socket = RawSocket.open(server.url, acme.publicKey);
  await socket.next('pusher:connection_established');
  return socket;
}

/** That it still is a socket like any other. */
async function expectAlive(socket: RawSocket): Promise<void> {
  socket.send({ event: 'pusher:ping', data: {} });
  await socket.next('pusher:pong');
}

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('A frame that', () => {
  it.each([
    ['is empty', ''],
    ['is no JSON', '{"event":"pusher:ping"'],
    ['is null', 'null'],
    ['is a list', '["pusher:ping"]'],
    ['is a text', '"pusher:ping"'],
    ['is deep', deep(30_000)],
    ['has no event', '{"data":{}}'],
    ['has an event that is no text', '{"event":{"toString":1}}'],
    ['has an event that is not known', '{"event":"pusher:signin","data":{}}'],
    ['sets a prototype', '{"__proto__":{"event":"pusher:ping"}}'],
    ['subscribes to nothing', '{"event":"pusher:subscribe"}'],
    ['subscribes to null', '{"event":"pusher:subscribe","data":null}'],
    ['subscribes to a list', '{"event":"pusher:subscribe","data":{"channel":["private-client"]}}'],
    ['says something deep to a channel', `{"event":"client-x","channel":"private-client","data":${deep(20_000)}}`],
    ['says something under a long name', `{"event":"client-${'x'.repeat(300)}","channel":"private-client","data":1}`],
  ])('%s is answered with an error', async (_, text) => {
    const socket = await opened();
    await socket.subscribe('private-client', client);
    socket.send(text);
    const [frame] = await socket.next('pusher:error');
    expect(frame!.data).toMatchObject({ message: expect.any(String) });
    await expectAlive(socket);
    socket.end();
  });

  it.each<[string, number, (socket: RawSocket) => void]>([
    ['is binary', 1003, ({ wire }) => wire.send(Buffer.from('{"event":"pusher:ping"}'), { binary: true })],
    ['is larger than 64 KB', 1009, ({ wire }) => wire.send('x'.repeat(64 * 1024 + 1))],
    ['is no UTF-8', 1007, ({ wire }) => wire.send(Buffer.of(0x22, 0xff, 0x22), { binary: false })],
    ['is not masked', 1002, (socket) => rawStream(socket).write(Buffer.of(0x81, 0x02, 0x7b, 0x7d))],
    ['says it is compressed', 1002, (socket) => rawStream(socket).write(Buffer.of(0xc1, 0x80, 0, 0, 0, 0))],
    ['is of no known kind', 1002, (socket) => rawStream(socket).write(Buffer.of(0x83, 0x80, 0, 0, 0, 0))],
  ])('%s ends its socket with %i, and nothing else', async (_, code, send) => {
    const [socket, bystander] = [await opened(), await opened()];
    send(socket);
    expect((await socket.closed).code).toBe(code);
    await expectAlive(bystander);
    bystander.end();
  });

  it('has exactly 64 KB is read', async () => {
    const socket = await opened();
    const frame = '{"event":"pusher:ping","data":""}';
    socket.send(frame.replace('""', `"${'x'.repeat(64 * 1024 - frame.length)}"`));
    await socket.next('pusher:pong');
    socket.end();
  });

  it('comes byte by byte does no harm', async () => {
    const [socket, bystander] = [await opened(), await opened()];
    for (let at = 0; at < 50_000; at += 1) {
      socket.wire.send('x', { fin: false });
    }
    await expectAlive(bystander);
    socket.end();
    bystander.end();
  });
});

/** Below ws, to write what it would not. */
function rawStream({ wire }: RawSocket): NodeJS.WritableStream {
  return (wire as unknown as { readonly _socket: NodeJS.WritableStream })._socket;
}

describe('A reader that does not read', () => {
  it('is closed, while the others get all of it and the memory stays', async () => {
    const { channel, john } = await given.pair(acme);
    const [fast, slow] = [new Listener(server.url, acme.publicKey, client), await opened()];
    const name = `private-channel.${channel.id}`;
    await fast.subscribe(name);
    await slow.subscribe(name, client);
    const before = [...socketsOf(server).all()].length;
    slow.wire.pause();
    const ids = [acme.uuid, parseId('channel', channel.id)!, parseId('customer', john.id)!];
    const start = process.memoryUsage().rss;
    let peak = start;
    for (let round = 0; round < 30; round += 1) {
      // 30 MB in all, far more than the kernel holds for a reader.
      await sql(
        `INSERT INTO events (client_id, id, type, channel_id, customer_id, data)
         SELECT $1, gen_random_uuid(), 'message.created', $2::uuid, $3::uuid,
                jsonb_build_object('id', gen_random_uuid(), 'channelId', $2, 'senderId', $3, 'position', $4 + n,
                  'type', 'text', 'content', repeat('x', 15000), 'metadata', NULL, 'createdAt', now())
         FROM generate_series(1, 66) n`,
        ...[...ids, round * 66],
      );
      // As who writes an event does; without it, the feed looks a second later.
      server.get<Database>('Database').commits.notify();
      await fast.next('message.sent', (round + 1) * 66);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    expect(fast.of('message.sent').map(({ data }) => data.message.position)).toEqual(
      Array.from({ length: 1_980 }, (_, at) => at + 1),
    );
    slow.wire.resume();
    const { code } = await slow.closed;
    expect([4100, 1006]).toContain(code);
    await until(() => [...socketsOf(server).all()].length === before - 1);
    // The fast reader alone keeps 30 MB, as text, in this very process.
    expect(peak - start).toBeLessThan(250 * 1024 * 1024);
    fast.end();
  });
});
