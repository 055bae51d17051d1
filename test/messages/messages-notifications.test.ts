import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Channel, type Customer, type TestClient } from '../support/given.js';
import { expectInvalid } from '../support/refused.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';

const server = useServer();
let acme: TestClient;
let john: Customer;
let jane: Customer;
let channel: Channel;
const given = givenOn(() => server);

const send = async (notification: unknown, more: object = {}) => {
  acme = await given.client();
  ({ john, jane, channel } = await given.pair(acme));
  const body = {
    channel_uuid: channel.id,
    sender_uuid: john.id,
    type: 'text',
    content: 'Hello',
    notification,
    ...more,
  };
  return acme.send('POST', '/api/v1/messages', body);
};
const kept = () =>
  sql(
    `SELECT message_id, channel_id, announcement_id, content FROM notifications WHERE client_id = $1 ORDER BY created_at`,
    acme.uuid,
  );

describe('A notification', () => {
  it('is kept with the message', async () => {
    const notification = {
      title: 'New message',
      text: 'Hello',
      sound: 'chime.aiff',
      category: 'message',
      data: { room: { id: 7 } },
    };
    const { status, body } = await send(notification);
    expect([status, body.content]).toEqual([201, 'Hello']);
    expect(body).not.toHaveProperty('notification');
    expect(await kept()).toEqual([
      {
        message_id: parseId('message', body.id),
        channel_id: parseId('channel', channel.id),
        announcement_id: null,
        content: notification,
      },
    ]);
  });

  it('knows recipients by their UUIDs, however they are named', async () => {
    acme = await given.client();
    ({ john, jane, channel } = await given.pair(acme));
    const ids = [john, jane].map(({ id }) => parseId('customer', id)!);
    const body = {
      channel_uuid: channel.id,
      sender_uuid: john.id,
      parts: [{ mime_type: 'text/plain', body: 'Hello' }],
      notification: { recipients: { [jane.id]: { text: 'Hello, Jane' }, [ids[0]!.toUpperCase()]: {} } },
    };
    expect((await acme.send('POST', '/api/v1/messages', body)).status).toBe(201);
    expect((await kept()).map(({ content }) => content)).toEqual([
      { recipients: { [ids[1]!]: { text: 'Hello, Jane' }, [ids[0]!]: {} } },
    ]);
  });

  it('is there only where it was given, and where the message was said', async () => {
    expect((await send(undefined)).status).toBe(201);
    expect(await kept()).toEqual([]);
    expect((await send(null)).status).toBe(201);
    expect(await kept()).toEqual([]);
    expect((await send({}, { sender_uuid: jane.id })).status).toBe(422);
    expect(await kept()).toEqual([]);
    // Nothing to say is still something to show.
    expect((await send({})).status).toBe(201);
    expect(await kept()).toMatchObject([{ content: {} }]);
  });

  it.each<[string, unknown]>([
    ['notification', 'Hello'],
    ['notification', []],
    ['notification', 0],
    ['notification', ''],
    ['notification.title', { title: 'x'.repeat(256) }],
    ['notification.text', { text: 'x'.repeat(2_001) }],
    ['notification.text', { text: 'a\u0000b' }],
    ['notification.sound', { sound: 7 }],
    ['notification.category', { category: 'x'.repeat(256) }],
    ['notification.data', { data: [] }],
    ['notification.data', { data: { x: 'x'.repeat(2_048) } }],
    ['notification.badge', { badge: 1 }],
    ['notification.recipients', { recipients: ['x'] }],
    ['notification.recipients.x', { recipients: { x: { text: 'Hello' } } }],
    ['notification.recipients.a b', { recipients: { 'a\nb': {} } }],
    [
      'notification.recipients.ffffffff-ffff-4fff-8fff-ffffffffffff',
      { recipients: { 'ffffffff-ffff-4fff-8fff-ffffffffffff': 'Hello' } },
    ],
    [
      'notification.recipients.ffffffff-ffff-4fff-8fff-ffffffffffff.category',
      { recipients: { 'ffffffff-ffff-4fff-8fff-ffffffffffff': { category: 'x' } } },
    ],
    ['notification.recipients', { recipients: Object.fromEntries(Array.from({ length: 501 }, (_, at) => [at, {}])) }],
  ])('is refused on %s %#', async (field, notification) => {
    expectInvalid(await send(notification), field);
    expect(await kept()).toEqual([]);
  });
});
