import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { channelOf, join, leave, member, open } from '../../support/layer-channels.js';
import { LayerSocket, text } from '../../support/layer-socket.js';
import type { LayerSession } from '../../support/layer.js';
import { at, ID_IN_USE, read, say, talkingOn, uuidOf, type Wire } from '../../support/layer-talk.js';
import { startServer, type TestServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

let here: TestServer;
/** Another process, whose sockets hear of the same. */
let there: TestServer;
beforeAll(async () => {
  const env = { DATABASE_URL: process.env.TEST_DATABASE_URL! };
  [here, there] = await Promise.all([startServer(env), startServer(env)]);
});
afterAll(() => Promise.all([here.stop(), there.stop()]));

/** A user's socket, which has said its first word. */
async function connect(of: LayerSession, server = here): Promise<LayerSocket> {
  const socket = await LayerSocket.open(server.url, of.token);
  await socket.request('Presence.subscribe');
  return socket;
}

/** John and Jane with a socket each, hers at another process, and a channel of hers and his. */
async function talking() {
  const { app, john, jane } = await talkingOn(() => here);
  const [johns, janes] = await Promise.all([connect(john), connect(jane, there)]);
  const channel = await open(john, 'lunch', jane);
  // What was made before has been told by then: events come in their order.
  await Promise.all([johns.next('create', 'Channel'), janes.next('create', 'Channel')]);
  [johns, janes].forEach(({ packets }) => packets.splice(0));
  return { app, john, jane, channel, johns, janes };
}

const ofChannels = (socket: LayerSocket): Wire[] =>
  socket.packets
    .filter(({ type, body }) => type === 'change' && body.object.type !== 'Identity')
    .map(({ body }) => body);
/** The links as Jane's process writes them. */
const fromThere = (thing: Wire): Wire => JSON.parse(JSON.stringify(thing).replaceAll(here.url, there.url));

describe('Sockets', () => {
  it('make channels, and those who are in one hear of it', async () => {
    const { john, jane, johns, janes } = await talking();
    const data = { id: `layer:///channels/${randomUUID()}`, name: 'dinner', members: [jane.identity], metadata: null };
    const made = await johns.request('Channel.create', data);
    expect([made.success, made.data]).toEqual([true, await read(john, made.data.id.replace('layer://', ''))]);
    const [mine] = await johns.next('create', 'Channel');
    expect(mine).toEqual({
      operation: 'create',
      object: { type: 'Channel', id: data.id, url: made.data.url },
      data: made.data,
    });
    const [hers] = await janes.next('create', 'Channel');
    expect(hers.data).toEqual(fromThere(await read(jane, at(made.data))));
    expect(hers.data.membership.role).toBe('user');

    const found = await janes.request('Channel.create', { name: 'dinner' });
    expect([found.success, found.data.id]).toEqual([true, data.id]);
    const other = await janes.request('Channel.create', { name: 'dinner', metadata: { a: '1' } });
    expect([other.success, other.data.id, other.data.data.id]).toEqual([false, 'conflict', data.id]);
    const taken = await janes.request('Channel.create', { ...data, name: 'breakfast' });
    expect([taken.data.id, taken.data.code]).toEqual(ID_IN_USE.slice(1));
    const wrong = await janes.request('Channel.create', {});
    expect([wrong.data.id, wrong.data.data]).toEqual(['missing_property', { property: 'name' }]);
  });

  it('send to a channel, as it is called there; who is not in it can not', async () => {
    const { app, channel, johns, janes } = await talking();
    const stranger = await connect(await app.session('eve'));
    const sent = await johns.request('Message.create', text('Hello'), channel.id);
    expect([sent.data.channel.id, sent.data.conversation]).toEqual([channel.id, undefined]);
    const [mine] = await johns.next('create', 'Message');
    const [hers] = await janes.next('create', 'Message');
    expect([mine.data, hers.data]).toEqual([sent.data, { ...fromThere(sent.data), is_unread: true }]);
    for (const [to, id] of [
      [channel.id, 'access_denied'],
      [`layer:///channels/${randomUUID()}`, 'not_found'],
    ]) {
      const refused = await stranger.request('Message.create', text('x'), to);
      expect([refused.success, refused.data.id]).toEqual([false, id]);
    }
    // Layer's channels have neither a last message nor a count of unread ones.
    expect(ofChannels(johns).map(({ operation, object }) => [operation, object.type])).toEqual([['create', 'Message']]);
    expect(ofChannels(stranger)).toEqual([]);
  });

  it('hear who joins and leaves, and what they are there themselves', async () => {
    const { app, john, channel, johns, janes } = await talking();
    const eve = await app.session('eve');
    const eves = await connect(eve);
    await join(eve, channel);
    const [shown] = await eves.next('create', 'Channel');
    expect(shown.data).toEqual(await read(eve, at(channel)));
    const [joined] = await johns.next('create', 'Membership');
    const { membership } = shown.data;
    expect(joined).toEqual({
      operation: 'create',
      object: { type: 'Membership', id: member(channel, eve), url: membership.url },
      data: membership,
    });
    expect((await janes.next('create', 'Membership'))[0].data).toEqual(fromThere(membership));
    expect((await eves.next('create', 'Membership'))[0].data).toEqual(membership);

    await leave(eve, channel);
    for (const socket of [johns, janes, eves]) {
      const [gone] = await socket.next('delete', 'Membership');
      expect(gone.object.id).toBe(member(channel, eve));
    }
    const [, now] = await eves.next('create', 'Channel', 2);
    expect(now.data).toEqual({ ...shown.data, membership: null });
    await say(john, channel, 'Gone?');
    await janes.next('create', 'Message');
    await eves.request('Counter.read');
    expect(eves.changes('create', 'Message')).toEqual([]);
  });

  it('hear what is changed and deleted, here and in the core', async () => {
    const { app, john, channel, johns, janes } = await talking();
    const patch = [
      { operation: 'set', property: 'metadata.a', value: '1' },
      { operation: 'set', property: 'name', value: 'dinner' },
    ];
    expect((await john.send('PATCH', at(channel), patch)).status).toBe(204);
    const [changed] = await janes.next('update', 'Channel');
    expect([changed.object.id, changed.data]).toEqual([
      channel.id,
      [
        { operation: 'set', property: 'name', value: 'dinner' },
        { operation: 'set', property: 'metadata', value: { a: '1' } },
      ],
    ]);
    const renamed = await app.client.send('PATCH', `/api/v1/channels/${channelOf(channel)}`, { name: 'supper' });
    expect(renamed.status).toBe(200);
    expect((await janes.next('update', 'Channel', 2))[1].data[0].value).toBe('supper');
    const message = await say(john, channel);
    expect((await john.send('DELETE', at(message))).status).toBe(204);
    expect((await janes.next('delete', 'Message'))[0].object.id).toBe(message.id);
    expect((await john.send('DELETE', at(channel))).status).toBe(204);
    for (const socket of [johns, janes]) {
      const [gone] = await socket.next('delete', 'Channel');
      expect(gone).toEqual({
        operation: 'delete',
        object: { type: 'Channel', id: channel.id },
        data: { mode: 'all_participants' },
      });
    }
    expect(ofChannels(janes).filter(({ object }) => object.type === 'Conversation')).toEqual([]);
  });

  it('hear who reads and types there', async () => {
    const { jane, channel, john, johns, janes } = await talking();
    const message = await say(john, channel);
    expect((await jane.send('POST', `${at(message)}/receipts`, { type: 'read' })).status).toBe(204);
    const [read] = await johns.next('update', 'Message');
    expect(read.data).toEqual([{ operation: 'set', property: `recipient_status.${jane.identity}`, value: 'read' }]);
    const type = { type: 'typing_indicator', object: { id: channel.id }, data: { action: 'started' } };
    johns.send({ type: 'signal', body: type });
    const heard = await until(() => janes.packets.find((packet) => packet.type === 'signal')?.body);
    expect([heard.object, heard.data.sender.id]).toEqual([{ id: channel.id, type: 'Channel' }, john.identity]);
  });

  it('hear of a member that is called otherwise', async () => {
    const { app, channel, john, jane, janes } = await talking();
    const [johns] = (await app.client.send('GET', '/api/v1/customers?external_id=john')).body.data;
    const answer = await app.client.send('PATCH', `/api/v1/customers/${johns.id as string}`, { external_id: 'johnny' });
    expect(answer.status).toBe(200);
    const [gone] = await janes.next('delete', 'Membership');
    expect(gone.object.id).toBe(member(channel, john));
    const [now] = await janes.next('create', 'Membership');
    expect(now.data).toEqual(fromThere(await read(jane, `${at(channel)}/members/johnny`)));
    expect(now.data.role).toBe('owner');
  });
});

describe('A socket that comes back', () => {
  const replay = async (of: LayerSession, from: string): Promise<Wire[]> => {
    const socket = await LayerSocket.open(here.url, of.token);
    expect(await socket.request('Event.replay', { from_timestamp: from })).toMatchObject({ success: true });
    socket.end();
    return ofChannels(socket);
  };
  const kinds = (told: Wire[]) => told.map(({ operation, object }) => `${operation} ${object.type}`);

  it('is told what it missed of channels', async () => {
    const { app, john, jane } = await talkingOn(() => here);
    const [gone, left] = [await open(john, 'gone', jane), await open(john, 'left', jane)];
    await sql("UPDATE events SET created_at = created_at - interval '1 hour' WHERE client_id = $1", app.client.uuid);
    const since = new Date(Date.now() - 1_000).toISOString();
    const channel = await open(john, 'lunch', jane);
    await say(john, channel, 'missed');
    expect((await john.send('DELETE', at(gone))).status).toBe(204);
    await leave(john, left, 'jane');
    const told = await replay(jane, since);
    expect(told.find(({ object }) => object.id === channel.id).data).toEqual(await read(jane, at(channel)));
    expect(kinds(told).sort()).toEqual([
      'create Channel',
      'create Channel',
      'create Message',
      'delete Channel',
      'delete Membership',
    ]);
    expect(told.find(({ object }) => object.id === left.id).data.membership).toBeNull();
  });

  it('is shown a channel as it is, where more happened than is told one by one', async () => {
    const { app, john, jane } = await talkingOn(() => here);
    const channel = await open(john, 'lunch', jane);
    const first = await say(john, channel, 'known');
    await sql("UPDATE events SET created_at = created_at - interval '1 hour' WHERE client_id = $1", app.client.uuid);
    const since = new Date(Date.now() - 1_000).toISOString();
    await say(john, channel, 'missed');
    const [row] = await sql('SELECT sender_id AS id FROM messages WHERE id = $1', uuidOf(first));
    const data = { customerId: row!.id, channelId: uuidOf(channel), position: 1, messageId: uuidOf(first) };
    await sql(
      `INSERT INTO events (client_id, id, type, channel_id, customer_id, data)
       SELECT $1, gen_random_uuid(), 'message.read', $2, $3, $4 FROM generate_series(1, 5001)`,
      ...[app.client.uuid, uuidOf(channel), row!.id, JSON.stringify(data)],
    );
    const told = await replay(jane, since);
    expect(kinds(told)).toEqual(['delete Channel', 'create Channel', 'create Message', 'create Message']);
    expect(told[0].data).toEqual({ mode: 'my_devices', from_position: 1 });
    expect(told[1].data).toEqual(await read(jane, at(channel)));
  });
});
