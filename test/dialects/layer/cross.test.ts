import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { uploaded } from '../../support/files.js';
import { accepted, given as givenOn, must, type Channel, type Customer, type TestClient } from '../../support/given.js';
import type { LayerSession } from '../../support/layer.js';
import { at, bodies, read, say, talkingOn, uuidOf, type Wire } from '../../support/layer-talk.js';
import { asClient, Listener } from '../../support/pusher.js';
import { receiver } from '../../support/receiver.js';
import { layerToken } from '../../support/layer-socket.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase } from '../../support/sql.js';
import { endpoint } from '../../support/webhooks.js';

beforeAll(async () => {
  await ownDatabase();
});
const server = useServer(() => startServer({ ROLE: 'all', DATABASE_URL: process.env.TEST_DATABASE_URL! }));
const given = givenOn(() => server);
const talking = async () => {
  const here = await talkingOn(() => server);
  const channelId = formatId('channel', uuidOf(here.conversation));
  return { ...here, core: here.app.client, channelId };
};

/** Who a user of Layer is in the core. */
async function customer(core: TestClient, { userId }: LayerSession): Promise<Customer> {
  const { body } = await core.send('GET', `/api/v1/customers?external_id=${userId}`);
  return body.data[0];
}

async function saidInCore(core: TestClient, channelId: string): Promise<Wire[]> {
  const params = { path: { id: channelId }, query: { limit: 100 } };
  return must(await core.api.GET('/api/v1/messages/channel/{id}', { params })).data;
}

const PNG = 'iVBORw0KGgo=';
const PARTS = [
  { mime_type: 'text/plain', body: 'Look at this' },
  { mime_type: 'image/png', body: PNG, encoding: 'base64' },
];

describe('What is sent in Layer', () => {
  it('is read in the core, and told by sockets and webhooks', async () => {
    const { core, john, conversation, channelId } = await talking();
    const shop = await receiver();
    await endpoint(core, shop.url, ['message.created']);
    const sockets = new Listener(server.url, core.publicKey, asClient(server.url, core));
    const name = `private-channel.${channelId}`;
    await sockets.subscribe(name);
    const parts = [...PARTS].reverse();
    const { body: message } = await john.send('POST', `${at(conversation)}/messages`, { parts });
    const known = {
      object: 'message',
      id: formatId('message', uuidOf(message)),
      channel_id: channelId,
      position: message.position,
      sender_id: (await customer(core, john)).id,
      type: 'image',
      content: 'Look at this',
      metadata: null,
      parts: parts.map((part, index) => ({ ...part, id: message.parts[index].id.split('/').at(-1) })),
      created: Math.floor(Date.parse(message.sent_at as string) / 1_000),
      livemode: false,
    };
    expect(await saidInCore(core, channelId)).toEqual([known]);
    const [told] = await sockets.next('message.sent', 1, name);
    expect(told!.data).toEqual({ message: known });
    const [delivered] = await shop.got(1);
    expect(delivered!.body).toMatchObject({ type: 'message.created', data: known });
    await shop.close();
    sockets.end();
  });

  it.each([
    [[{ mime_type: 'text/html', body: '<b>Hi</b>' }], 'text', '<b>Hi</b>'],
    [[{ mime_type: 'text/plain', body: 'SGk=', encoding: 'base64' }], 'text', 'Hi'],
    [[{ mime_type: 'text/plain', body: '' }], 'text', 'text/plain'],
    [[{ mime_type: 'image/png', body: PNG, encoding: 'base64' }], 'image', 'image/png'],
    [[{ mime_type: 'application/json', body: '{}' }], 'file', 'application/json'],
  ])('is what its parts are: %j', async (parts, type, content) => {
    // One plain text is its content, and nothing else needs to be shown.
    const shown = content === 'Hi' ? undefined : [expect.objectContaining(parts[0]!)];
    const { core, john, conversation, channelId } = await talking();
    accepted(await john.send('POST', `${at(conversation)}/messages`, { parts }));
    const [message] = await saidInCore(core, channelId);
    expect([message.type, message.content, message.parts]).toEqual([type, content, shown]);
  });

  it('is a channel there: a distinct one is the general channel of its participants', async () => {
    const { core, john, jane, conversation, channelId } = await talking();
    const customers = [await customer(core, john), await customer(core, jane)];
    const customer_uuids = customers.map(({ id }) => id);
    const general = must(await core.api.POST('/api/v1/channels', { body: { type: 'general', customer_uuids } }));
    const found = await john.send('POST', '/conversations', { participants: [jane.identity] });
    expect([found.status, formatId('channel', uuidOf(found.body))]).toEqual([200, general.id]);
    const channel = await core.send('GET', `/api/v1/channels/${channelId}`);
    expect(channel.body).toMatchObject({ type: 'custom', name: 'Conversation' });
    const named = await given.channel(core, customers, 'Conversation');
    expect(named.id).not.toBe(channelId);
    const patch = [{ operation: 'set', property: 'metadata.title', value: 'Lunch' }];
    accepted(await john.send('PATCH', at(conversation), patch));
    expect((await core.send('GET', `/api/v1/channels/${channelId}`)).body.metadata).toEqual({ title: 'Lunch' });
  });
});

describe('What is sent in the core', () => {
  it('is read in Layer, and what it knows of it', async () => {
    const { core, john, jane, conversation, channelId } = await talking();
    const sender = await customer(core, jane);
    const sent = ['text', 'image', 'file', 'system'].map((type) => ({ type, content: `${type}: Grüße 👋` }));
    for (const body of sent) {
      accepted(
        await core.send('POST', '/api/v1/messages', { channel_uuid: channelId, sender_uuid: sender.id, ...body }),
      );
    }
    const messages = await read(john, `${at(conversation)}/messages`);
    expect(bodies(messages)).toEqual(sent.map(({ content }) => content).reverse());
    const [{ id, url, parts, sender: by, sent_at, is_unread, recipient_status }] = messages;
    const uuid = (id as string).split('/').at(-1);
    expect({ parts, by: by.id, is_unread, recipient_status }).toEqual({
      parts: [
        {
          id: `${id}/parts/${uuid}`,
          url: `${url}/parts/${uuid}`,
          message_url: url,
          mime_type: 'text/plain',
          body: sent.at(-1)!.content,
          updated_at: sent_at,
        },
      ],
      by: jane.identity,
      is_unread: true,
      recipient_status: { [john.identity]: 'sent', [jane.identity]: 'read' },
    });
  });

  it('is read with its parts and their files', async () => {
    const { core, john, jane, conversation, channelId } = await talking();
    const file = await uploaded(core, 'Bytes', { mime_type: 'application/pdf', name: 'plan.pdf' });
    const parts = [PARTS[0]!, { mime_type: 'application/pdf', file_uuid: file.id }];
    const { id: sender_uuid } = await customer(core, jane);
    const sent = await core.send('POST', '/api/v1/messages', { channel_uuid: channelId, sender_uuid, parts });
    expect(sent.status).toBe(201);
    const { last_message } = await read(john, at(conversation));
    expect(last_message.parts).toEqual([
      expect.objectContaining(PARTS[0]!),
      expect.objectContaining({ mime_type: 'application/pdf', content: expect.objectContaining({ size: 5 }) }),
    ]);
    const { download_url } = last_message.parts[1].content;
    expect(await (await fetch(download_url as string)).text()).toBe('Bytes');
    expect((await read(john, at(last_message.parts[1].content))).size).toBe(5);
  });

  it('shows customers without an external id by their own', async () => {
    const { core } = await talking();
    const [one, two] = [await given.customer(core, 'One'), await given.customer(core, 'Two')];
    const channel: Channel = await given.channel(core, [one, two]);
    await given.message(core, channel, two);
    const token = await layerToken(server, core, one);
    const accept = 'application/vnd.layer+json; version=2.0';
    const headers = { authorization: `Layer session-token='${token}'`, accept, origin: 'https://example.com' };
    const answer = await fetch(`${server.url}/layer/conversations`, { headers });
    const [conversation] = (await answer.json()) as Wire;
    expect(conversation.participants.map((each: Wire) => each.user_id)).toEqual([one.id, two.id].sort());
    expect(conversation.last_message.sender).toMatchObject({
      id: `layer:///identities/${two.id}`,
      user_id: two.id,
      display_name: 'Two',
    });
  });
});

describe('What is read', () => {
  it('is read in both', async () => {
    const { core, john, jane, conversation, channelId } = await talking();
    const [first, second] = [await say(john, conversation, 'One'), await say(john, conversation, 'Two')];
    const her = await customer(core, jane);
    const counts = async () => {
      const { body } = await core.send('GET', `/api/v1/channels/customer/${her.id}`);
      const { unread_message_count } = await read(jane, at(conversation));
      return [body.data[0].unread_count, unread_message_count];
    };
    expect(await counts()).toEqual([2, 2]);
    accepted(await jane.send('POST', `${at(first)}/receipts`, { type: 'read' }));
    expect(await counts()).toEqual([1, 1]);
    const receipts = await core.send('GET', `/api/v1/messages/${formatId('message', uuidOf(first))}/receipts`);
    expect(receipts.body.data[0]).toMatchObject({ customer_id: her.id, status: 'read' });
    accepted(await core.send('POST', `/api/v1/channels/${channelId}/delivered`, { customer_uuid: her.id }));
    expect((await read(john, at(second))).recipient_status[jane.identity]).toBe('delivered');
    accepted(await core.send('POST', `/api/v1/channels/${channelId}/read`, { customer_uuid: her.id }));
    expect((await read(john, at(second))).recipient_status[jane.identity]).toBe('read');
    expect(await counts()).toEqual([0, 0]);
  });
});

describe('Who is erased', () => {
  it('said what it said, as nobody', async () => {
    const { core, john, jane, conversation } = await talking();
    const message = await say(jane, conversation, 'Farewell');
    const gone = await core.send('DELETE', `/api/v1/customers/${(await customer(core, jane)).id}`);
    expect(gone.status).toBe(204);
    const [left] = await read(john, `${at(conversation)}/messages`);
    expect(left).toEqual({
      ...message,
      sender: { id: null, url: null, user_id: null, display_name: '', avatar_url: null },
      is_unread: true,
      recipient_status: { [john.identity]: 'sent' },
    });
    expect((await read(john, at(conversation))).participants.map((each: Wire) => each.user_id)).toEqual(['john']);
  });
});
