import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { ChannelDeletionsService } from '../../../src/messages/deletion/channel-deletions.service.js';
import { given as givenOn, type Channel, type Customer, type Message, type TestClient } from '../../support/given.js';
import { layerApp } from '../../support/layer.js';
import { conversationOf, identityOf, layerToken, LayerSocket } from '../../support/layer-socket.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer(startServer);
let acme: TestClient;
let jane: Customer;
let john: Customer;
let channel: Channel;
beforeEach(async () => {
  acme = await given.client();
  // So that events are written though nobody listens.
  await layerApp(() => server, acme);
  ({ john, jane, channel } = await given.pair(acme));
});
const given = givenOn(() => server);

/** More than anybody is told of one by one. */
const VERY_MANY = 12_000;

/** So many events of a channel, as it would be after a busy night: `who` read its message, again and again. */
async function happened(times: number, where: Channel, who: Customer, messageId: string): Promise<void> {
  const [channelId, customerId] = [parseId('channel', where.id), parseId('customer', who.id)];
  const data = { customerId, channelId, position: 1, messageId: parseId('message', messageId) };
  await sql(
    `INSERT INTO events (client_id, id, type, channel_id, customer_id, data)
     SELECT $1, gen_random_uuid(), 'message.read', $2, $3, $4 FROM generate_series(1, $5::int)`,
    ...[acme.uuid, channelId, customerId, JSON.stringify(data), times],
  );
}

/**
 * What Jane's socket is told of what happened since. The feed may still be at those very many, and closes a socket that gets
 * too many of them meanwhile (1013): she comes back, as the SDKs do.
 */
async function replay(from: string): Promise<LayerSocket> {
  for (;;) {
    const socket = await LayerSocket.open(server.url, await layerToken(server, acme, jane));
    const answer = await Promise.race([socket.request('Event.replay', { from_timestamp: from }), socket.closed]);
    socket.end();
    if (!('code' in answer && answer.code === 1013)) {
      expect(answer).toMatchObject({ success: true });
      return socket;
    }
  }
}
const saidIn = (socket: LayerSocket, where: Channel): string[] =>
  socket
    .changes('create', 'Message')
    .filter(({ data }) => data.conversation.id === conversationOf(where))
    .map(({ data }) => data.parts[0].body as string);

describe('Who comes back', () => {
  it('is told of its own, however much happened to others', async () => {
    const others = await given.pair(acme);
    const from = new Date().toISOString();
    await given.message(acme, channel, john, 'missed');
    const noise = await given.message(acme, others.channel, others.john, 'none of her business');
    await happened(VERY_MANY, others.channel, others.jane, noise.id);
    const socket = await replay(from);
    expect(saidIn(socket, channel)).toEqual(['missed']);
    expect(JSON.stringify(socket.packets)).not.toContain(conversationOf(others.channel));
  });

  it('is told of what concerns it outside of its channels', async () => {
    const [gone, left, stranger] = await Promise.all([given.pair(acme), given.pair(acme), given.customer(acme)]);
    for (const { channel: other } of [gone, left]) {
      const added = await acme.send('POST', `/api/v1/channels/${other.id}/customers`, { customer_uuids: [jane.id] });
      expect(added.status).toBe(200);
    }
    const from = new Date().toISOString();
    await sql(`UPDATE events SET created_at = now() - interval '1 hour' WHERE client_id = $1`, acme.uuid);
    const tenant = { clientId: acme.uuid, livemode: false };
    await server
      .get<ChannelDeletionsService>('ChannelDeletionsService')
      .deleteForAll(tenant, parseId('channel', gone.channel.id)!);
    const changes = [
      ['DELETE', `/api/v1/channels/${left.channel.id}/customers/${jane.id}`],
      ['PATCH', `/api/v1/customers/${john.id}`, { name: 'Johnny' }],
      ['PATCH', `/api/v1/customers/${stranger.id}`, { name: 'Stranger' }],
    ] as const;
    for (const [method, path, body] of changes) {
      expect((await acme.send(method, path, body)).status).toBeLessThan(300);
    }
    const announced = {
      recipient_uuids: [jane.id],
      sender_name: 'Shop',
      parts: [{ mime_type: 'text/plain', body: 'News' }],
    };
    expect((await acme.send('POST', '/api/v1/announcements', announced)).status).toBe(201);
    const socket = await replay(from);
    expect(socket.changes('delete', 'Conversation').map(({ object, data }) => [object.id, data.mode])).toEqual([
      [conversationOf(gone.channel), 'all_participants'],
      [conversationOf(left.channel), 'my_devices'],
    ]);
    expect(socket.changes('update', 'Identity').map(({ object }) => object.id)).toEqual([identityOf(john)]);
    expect(socket.changes('create', 'Announcement')).toHaveLength(1);
  });

  it('is told how a conversation is by now, where too much happened there to tell', async () => {
    const quiet = await given.channel(acme, [john, jane], 'Quiet');
    const old = await given.message(acme, channel, john, 'known');
    await sql(`UPDATE events SET created_at = now() - interval '1 hour' WHERE client_id = $1`, acme.uuid);
    const from = new Date().toISOString();
    await given.message(acme, quiet, john, 'in the quiet one');
    const bodies = ['one', 'two', 'three'];
    const said: Message[] = [];
    for (const body of bodies) {
      said.push(await given.message(acme, channel, john, body));
    }
    await happened(VERY_MANY, channel, jane, old.id);
    const gone = await acme.send('DELETE', `/api/v1/messages/${said[1]!.id}?mode=all_participants`);
    expect(gone.status).toBe(204);

    const socket = await replay(from);
    expect(saidIn(socket, quiet)).toEqual(['in the quiet one']);
    const id = conversationOf(channel);
    // The feed may tell of the last of it as well.
    const ofIt = socket.packets
      .filter(({ type, body }) => type === 'change' && body.operation !== 'update')
      .map(({ body }) => body)
      .filter(({ object, data }) => [object.id, data.conversation?.id].includes(id));
    const uri = (at: number): string => `layer:///messages/${parseId('message', said[at]!.id)!}`;
    expect(ofIt).toEqual([
      { operation: 'delete', object: { type: 'Conversation', id }, data: { mode: 'my_devices', from_position: 1 } },
      expect.objectContaining({
        operation: 'create',
        data: expect.objectContaining({
          id,
          unread_message_count: 3,
          last_message: expect.objectContaining({ id: uri(2), position: 4 }),
        }),
      }),
      ...[
        [`layer:///messages/${parseId('message', old.id)!}`, 'known'],
        [uri(0), 'one'],
        [uri(2), 'three'],
      ].map(([message, body]) =>
        expect.objectContaining({
          operation: 'create',
          data: expect.objectContaining({ id: message, parts: [expect.objectContaining({ body })] }),
        }),
      ),
    ]);
  });

  it('and was nowhere is told nothing', async () => {
    jane = await given.customer(acme, randomUUID());
    const socket = await replay(new Date().toISOString());
    expect(socket.packets.map(({ type }) => type)).toEqual(['response']);
  });
});
