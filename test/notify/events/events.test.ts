import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../../src/platform/common/ids/type-id.js';
import type { EventData, EventType } from '../../../src/platform/outbox/event-types.js';
import { given as givenOn, must, type TestClient } from '../../support/given.js';
import { expectMissing } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { endpoint } from '../../support/webhooks.js';

const server = useServer();
const given = givenOn(() => server);

/** Writes down an event as its change would, and answers its id. */
async function raise<T extends EventType>(of: TestClient, type: T, data: EventData[T]): Promise<string> {
  const id = randomUUID();
  const insert = `INSERT INTO events (client_id, id, type, data, is_public)
    VALUES ($1, $2, $3, $4, $3 <> 'message.delivered')`;
  await sql(insert, of.uuid, id, type, JSON.stringify(data));
  return formatId('event', id);
}
const list = async (of: TestClient) => must(await of.api.GET('/api/v1/events', { params: { query: { limit: 100 } } }));
const uuids = (customer: string, channel: string, message: string) => ({
  customerId: parseId('customer', customer)!,
  channelId: parseId('channel', channel)!,
  messageId: parseId('message', message)!,
});

describe('Events', () => {
  it('are written down where an endpoint is to hear them, with the very objects', async () => {
    const acme = await given.client();
    await given.customer(acme);
    expect((await list(acme)).total_count).toBe(0);
    await endpoint(acme, 'https://example.com/hooks');
    const { john, jane, channel } = await given.pair(acme);
    const message = await given.message(acme, channel, john, 'Hi \u{1f44b}');
    const { data } = await list(acme);
    expect(data.map(({ type, data: object }) => ({ type, data: object })).reverse()).toEqual([
      { type: 'customer.created', data: john },
      { type: 'customer.created', data: jane },
      { type: 'channel.created', data: channel },
      { type: 'message.created', data: message },
    ]);
    const [newest] = data;
    expect(newest).toEqual({
      ...{ id: expect.stringMatching(/^evt_/), object: 'event', type: 'message.created', livemode: false },
      ...{ data: message, created: expect.any(Number) },
    });
    const params = { path: { id: newest!.id } };
    expect(must(await acme.api.GET('/api/v1/events/{id}', { params }))).toEqual(newest);
  });

  it('say of each kind what it is about', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const message = await given.message(acme, channel, john);
    const { customerId, channelId, messageId } = uuids(john.id, channel.id, message.id);
    const mode = 'all_participants';
    await raise(acme, 'message.deleted', { id: messageId, channelId, mode, customerId: null });
    await raise(acme, 'message.read', { customerId, channelId, position: 1, messageId });
    await raise(acme, 'message.delivered', { customerId, channelId, position: 1, messageId });
    await raise(acme, 'channel.updated', { id: channelId });
    await raise(acme, 'channel.updated', { id: customerId });
    await raise(acme, 'customer.updated', { id: customerId });
    await raise(acme, 'customer.updated', { id: channelId });
    await raise(acme, 'customer.deleted', { id: channelId });
    await raise(acme, 'member.joined', { channelId, customerId });
    await raise(acme, 'member.left', { channelId, customerId });
    await raise(acme, 'webhook_endpoint.test', { id: channelId });
    const ids = { channel_id: channel.id, customer_id: john.id };
    const deleted = { object: 'customer', id: formatId('customer', channelId), deleted: true };
    expect((await list(acme)).data.reverse().map(({ type, data }) => [type, data])).toEqual([
      ['message.deleted', { object: 'message', id: message.id, channel_id: channel.id, mode, deleted: true }],
      ['message.read', { object: 'receipt', ...ids, position: 1, message_id: message.id }],
      ['channel.updated', channel],
      ['channel.updated', { object: 'channel', id: formatId('channel', customerId), deleted: true }],
      ['customer.updated', john],
      ['customer.updated', deleted],
      ['customer.deleted', deleted],
      ['member.joined', { object: 'member', ...ids }],
      ['member.left', { object: 'member', ...ids }],
      ['webhook_endpoint.test', { object: 'webhook_endpoint', id: formatId('webhook_endpoint', channelId) }],
    ]);
  });

  it('are nobody else’s, and of what reached a device there are none', async () => {
    const [acme, umbrella] = [await given.client(), await given.client()];
    const id = await raise(umbrella, 'customer.deleted', { id: randomUUID() });
    const hidden = await raise(acme, 'message.delivered', {
      ...{ customerId: randomUUID(), channelId: randomUUID(), messageId: randomUUID(), position: 1 },
    });
    expectMissing(await acme.send('GET', `/api/v1/events/${id}`), 'Event not found');
    expectMissing(await acme.send('GET', `/api/v1/events/${hidden}`), 'Event not found');
    expect((await list(acme)).total_count).toBe(0);
  });
});
