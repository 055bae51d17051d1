import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { CLOSE } from '../../src/dialects/pusher/pusher-socket.js';
import { CLOSE as UI_CLOSE } from '../../src/dialects/sms/socket/ui-socket.js';
import { ticks } from '../../src/platform/common/clock.js';
import { asyncDocument, eventsOf, faultOf, messagesOf } from '../support/asyncapi.js';
import { given as givenOn, must, type TestClient } from '../support/given.js';
import { givenInboxes } from '../support/inbox.js';
import { sendFile } from '../support/imports.js';
import { stirInbox } from '../support/inbox-events.js';
import { connectPair, identityOf, text, type LayerSocket } from '../support/layer-socket.js';
import { asClient, RawSocket, session } from '../support/pusher.js';
import { socketsOf, startServer, type TestServer } from '../support/server.js';
import { sql } from '../support/sql.js';
import { teamsOn } from '../support/texting.js';
import { until } from '../support/until.js';

let server: TestServer;
let acme: TestClient;
beforeAll(async () => {
  server = await startServer();
  acme = await given.client();
});
afterAll(() => server.stop());
const given = givenOn(() => server);
const ok = async (reply: ReturnType<TestClient['send']>): Promise<void> => {
  const { status, text: says } = await reply;
  if (status < 200 || status > 299) {
    throw new Error(`${status}: ${says}`);
  }
};

describe('docs/asyncapi.yaml', () => {
  it('is what AsyncAPI 3.0 says a document is', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
    (addFormats as unknown as (ajv: Ajv) => void)(ajv);
    const validate = ajv.compile(createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as object);
    validate(asyncDocument);
    expect(validate.errors).toBeNull();
  });

  it('shows examples that are true', () => {
    const operations = Object.keys(asyncDocument.operations);
    const examples = operations.flatMap((operation) =>
      messagesOf(operation).flatMap((name) =>
        (asyncDocument.components.messages[name]!.examples ?? []).map(({ payload }) => faultOf(operation, payload)),
      ),
    );
    expect(examples.length).toBeGreaterThan(10);
    expect(examples.filter((fault) => fault !== null)).toEqual([]);
  });

  it('names every code that a socket is closed with', () => {
    const { channels } = asyncDocument as unknown as { channels: Record<string, { description: string }> };
    const namedIn = (channel: string): number[] =>
      [...channels[channel]!.description.matchAll(/^\| (\d{4}) \|/gm)].map(([, code]) => Number(code));
    expect(namedIn('pusher')).toEqual(
      expect.arrayContaining(Object.values(CLOSE).filter((code) => code !== CLOSE.tooFast)),
    );
    expect(channels.pusher!.description).toContain(String(CLOSE.tooFast));
    expect(namedIn('workspace')).toEqual(expect.arrayContaining(Object.values(UI_CLOSE)));
  });
});

/** A socket that may send only what the document has. */
function speaking(socket: RawSocket): RawSocket {
  const send = socket.send.bind(socket);
  socket.send = (frame) => {
    expect(faultOf('receivePusherFrame', frame)).toBeNull();
    send(frame);
  };
  return socket;
}

describe('Every event of the Pusher protocol', () => {
  it('comes as the document says', async () => {
    const { john, jane, channel } = await given.pair(acme);
    const [johns, janes] = await Promise.all([session(server, acme, john), session(server, acme, jane)]);
    const asKey = asClient(server.url, acme);
    const narrow = await given.client();
    const open = (client = acme): RawSocket => speaking(RawSocket.open(server.url, client.publicKey));
    const [all, johnAt, janeAt, other] = [open(), open(), open(), open(narrow)];
    const room = `private-channel.${channel.id}`;
    const here = `presence-channel.${channel.id}`;
    await all.subscribe('private-client', asKey);
    await johnAt.subscribe(room, johns.ask);
    await johnAt.subscribe(here, johns.ask);
    await johnAt.subscribe(`private-customer.${john.id}`, johns.ask);
    await janeAt.subscribe(room, janes.ask);
    await janeAt.subscribe(here, janes.ask);
    await johnAt.next('pusher_internal:member_added');

    const path = `/api/v1/channels/${channel.id}`;
    const message = await given.message(acme, channel, jane);
    await ok(acme.send('POST', `${path}/delivered`, { customer_uuid: john.id }));
    await ok(acme.send('POST', `${path}/read`, { customer_uuid: john.id }));
    await johnAt.next('unread.changed', 2);
    janeAt.send({ event: 'client-typing', channel: here, data: { at: 'keyboard' } });
    janeAt.send({ event: 'client-typing-stopped', channel: room, data: {} });
    await johnAt.next('typing.stopped');
    await ok(acme.send('PATCH', path, { metadata: { topic: 'x' } }));
    await ok(acme.send('DELETE', `/api/v1/messages/${message.id}?mode=my_devices&customer_uuid=${john.id}`));
    await ok(acme.send('DELETE', `/api/v1/messages/${message.id}?mode=all_participants`));
    const guest = await given.customer(acme);
    await ok(acme.send('POST', `${path}/customers`, { customer_uuids: [guest.id] }));
    await ok(acme.send('DELETE', `${path}/customers/${guest.id}`));
    await ok(acme.send('PATCH', `/api/v1/customers/${guest.id}`, { name: 'Joe' }));
    await ok(acme.send('DELETE', `/api/v1/customers/${guest.id}`));
    await all.next('customer.deleted');

    janeAt.send({ event: 'pusher:unsubscribe', data: { channel: here } });
    await johnAt.next('pusher_internal:member_removed');
    janeAt.send({ event: 'pusher:ping', data: {} });
    await janeAt.next('pusher:pong');
    await other.next('pusher:connection_established');
    other.send({ event: 'pusher:subscribe', data: { channel: room, auth: 'nobody:0' } });
    await other.next('pusher:subscription_error');
    other.send({ event: 'client-unheard', channel: room });
    await other.next('pusher:error');
    const refused = RawSocket.open(server.url, acme.publicKey, '');
    await refused.closed;
    socketsOf(server).sweep(ticks() + 121_000);
    await all.next('pusher:ping');
    all.send({ event: 'pusher:pong' });

    const layer = await connectPair(server, acme);
    const gone = `/layer/conversations/${layer.conversation.split('/').at(-1)}?mode=all_participants`;
    const headers = {
      authorization: `Layer session-token="${layer.johns.token}"`,
      accept: 'application/vnd.layer+json; version=3.0',
    };
    expect((await fetch(server.url + gone, { method: 'DELETE', headers })).status).toBe(204);
    await all.next('channel.deleted');

    const team = await teamsOn(() => server).team();
    const asUser = { authorization: `Bearer ${team.owner.token}`, 'x-workspace-id': team.workspace.id };
    const user = RawSocket.open(server.url, team.workspace.publicKey);
    await user.subscribe(`private-workspace.${team.workspace.id}`, asClient(server.url, { headers: asUser }));
    await team.report(await team.send('Hello'), 'delivered');
    await team.hear('STOP');
    await Promise.all(
      ['message.created', 'message.updated', 'conversation.updated', 'opt_out.updated'].map((type) => user.next(type)),
    );

    const inbox = givenInboxes(() => server);
    const desk = await inbox.inbox();
    const asMia = { authorization: `Bearer ${desk.owner.token}`, 'x-workspace-id': desk.workspace.id };
    const mia = RawSocket.open(server.url, desk.workspace.publicKey);
    await mia.subscribe('private-inbox', asClient(server.url, { headers: asMia }));
    await stirInbox(desk.owner, desk.hear);
    await mia.next('conversation.deleted');
    await sendFile(server, desk.owner, 'email\na@example.com');
    await mia.next('import.completed');
    // As a worker tells it, of which this server is none.
    const told = `SELECT raise_event(client_id, $1, NULL, NULL, jsonb_build_object('id', id, 'number', number), false)
                  FROM imports WHERE client_id = $2`;
    for (const type of ['import.progress', 'import.failed']) {
      await sql(told, type, desk.uuid);
      await mia.next(type);
    }
    // Those of mails, which a worker tells too.
    for (const type of ['email.bounced', 'email.loop_stopped', 'email_account.error']) {
      const data = { id: randomUUID(), number: 1, conversation: 1 };
      await sql(`SELECT raise_event($1, $2, NULL, NULL, $3, false)`, desk.uuid, type, data);
      await mia.next(type);
    }

    const frames = [all, johnAt, janeAt, other, refused, user, mia].flatMap((socket) => socket.frames);
    expect(frames.map((frame) => faultOf('sendPusherFrame', frame)).filter((fault) => fault !== null)).toEqual([]);
    const heard = new Set(frames.map(({ event }) => event).filter((event) => !event.startsWith('client-')));
    expect([...heard].sort()).toEqual([...new Set(eventsOf('sendPusherFrame'))].sort());
    [all, johnAt, janeAt, other, user, mia].forEach((socket) => socket.end());
  });
});

describe('Every packet of Layer’s protocol', () => {
  it('comes as the document says', async () => {
    const { john, jane, channel, johns, janes, conversation } = await connectPair(server, acme);
    const speak = (socket: LayerSocket): void => {
      const send = socket.send.bind(socket);
      socket.send = (frame) => {
        expect(faultOf('receiveLayerPacket', frame)).toBeNull();
        send(frame);
      };
    };
    [johns, janes].forEach(speak);
    await janes.request('Presence.update', [{ operation: 'set', property: 'status', value: 'busy' }]);
    await johns.next('update', 'Identity');
    await johns.request('Presence.sync', { since: new Date().toISOString() });
    await johns.request('Message.create', text('Hello'), conversation);
    await janes.next('create', 'Message');
    await johns.request('Conversation.create', { participants: [identityOf(jane)], distinct: false });
    await janes.next('create', 'Conversation');
    johns.send({
      type: 'signal',
      body: { type: 'typing_indicator', object: { id: conversation }, data: { action: 'started' } },
    });
    await until(() => janes.packets.some(({ type }) => type === 'signal'));
    const recipient_uuids = [john.id];
    const parts = [{ mime_type: 'text/plain', body: 'We are open.' }];
    must(await acme.api.POST('/api/v1/announcements', { body: { recipient_uuids, sender_name: 'Shop', parts } }));
    await johns.next('create', 'Announcement');
    await ok(acme.send('PATCH', `/api/v1/channels/${channel.id}`, { metadata: { title: 'Lunch' } }));
    const guest = await given.customer(acme);
    await ok(acme.send('POST', `/api/v1/channels/${channel.id}/customers`, { customer_uuids: [guest.id] }));
    await ok(acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${guest.id}`));
    await Promise.all(Array.from({ length: 101 }, () => given.message(acme, channel, john)));
    await ok(acme.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid: jane.id }));
    await until(() => johns.packets.some(({ type }) => type === 'operation'));
    await johns.request('Counter.read');
    expect((await johns.request('Message.create', text('To nobody'), identityOf(jane))).success).toBe(false);
    const last = janes.changes('create', 'Message').at(-1).object.id.split('/').at(-1);
    await ok(acme.send('DELETE', `/api/v1/messages/${last}?mode=all_participants`));
    await janes.next('delete', 'Message');
    await johns.request('Event.replay', { from_timestamp: new Date(Date.now() - 60_000).toISOString() });

    const packets = [johns, janes].flatMap((socket) => socket.packets);
    expect(packets.map((packet) => faultOf('sendLayerPacket', packet)).filter((fault) => fault !== null)).toEqual([]);
    expect([...new Set(packets.map(({ type }) => type))].sort()).toEqual(['change', 'operation', 'response', 'signal']);
    const changes = packets.filter(({ type }) => type === 'change').map(({ body }) => body.operation as string);
    expect([...new Set(changes)].sort()).toEqual(['create', 'delete', 'update']);
    [johns, janes].forEach((socket) => socket.end());
  });
});
