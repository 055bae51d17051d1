import { describe, expect, it } from '@jest/globals';
import type { ChannelsService } from '../../src/channels/channels.service.js';
import type { Refusal } from '../../src/platform/common/errors/refusal.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { Tenant } from '../../src/platform/common/tenancy/tenant.js';
import type { CustomersService } from '../../src/customers/customers.service.js';
import type { DeletionsService } from '../../src/messages/deletion/deletions.service.js';
import type { ConversationsService } from '../../src/messages/conversations/conversations.service.js';
import type { MessagesService } from '../../src/messages/messages.service.js';
import type { ReceiptsService } from '../../src/messages/receipts/receipts.service.js';
import { given as givenOn, type Message, type TestClient } from '../support/given.js';
import { isA, startServer, useServer } from '../support/server.js';

const server = useServer(startServer);
const given = givenOn(() => server);

const all = { limit: 10 };

/** Jane asks; John has a channel with her, and one without. */
async function world() {
  const acme: TestClient = await given.client();
  const tenant: Tenant = { clientId: acme.uuid, livemode: false };
  const { john, jane, channel } = await given.pair(acme);
  const foreign = await given.channel(acme, [john, await given.customer(acme)], 'Without Jane');
  const said: Message[] = [];
  for (let at = 0; at < 2; at += 1) {
    said.push(await given.message(acme, channel, john), await given.message(acme, channel, jane));
  }
  const elsewhere = await given.message(acme, foreign, john);
  const ids = {
    me: parseId('customer', jane.id)!,
    partner: parseId('customer', john.id)!,
    channel: parseId('channel', channel.id)!,
    foreign: parseId('channel', foreign.id)!,
    said: said.map(({ id }) => parseId('message', id)!) as [string, string, string, string],
    elsewhere: parseId('message', elsewhere.id)!,
  };
  return { tenant, jane, ...ids };
}
type World = Awaited<ReturnType<typeof world>>;
const services = () => ({
  channels: server.get<ChannelsService>('ChannelsService'),
  customers: server.get<CustomersService>('CustomersService'),
  messages: server.get<MessagesService>('MessagesService'),
  deletions: server.get<DeletionsService>('DeletionsService'),
  receipts: server.get<ReceiptsService>('ReceiptsService'),
  conversations: server.get<ConversationsService>('ConversationsService'),
});

async function refusal(story: Promise<unknown>): Promise<string> {
  const error = await story.then(
    () => new Error('It was not refused.'),
    (reason: Error) => reason,
  );
  return isA<Refusal>(error, 'Refusal') ? `${error.kind}: ${error.message}` : String(error);
}

const FORBIDDEN = 'forbidden: Forbidden - Not allowed for a customer session';
const NO_CHANNEL = 'not_found: Channel not found';
const NO_MESSAGE = 'not_found: Message not found';
const text = { type: 'text', content: 'Hello' } as const;

describe('A customer who asks', () => {
  it.each<[string, (of: World) => Promise<unknown>, string]>([
    ['for another', (of) => services().customers.get(of.tenant, of.partner, of.me), FORBIDDEN],
    [
      'for another’s channels',
      (of) => services().conversations.listForCustomer(of.tenant, of.partner, all, of.me),
      FORBIDDEN,
    ],
    [
      'for another’s conversations',
      (of) => services().conversations.listConversations(of.tenant, of.partner + '@example.com', all, of.me),
      FORBIDDEN,
    ],
    ['for what another sent', (of) => services().messages.listBySender(of.tenant, of.partner, all, of.me), FORBIDDEN],
    [
      'to write as another',
      (of) => services().messages.send(of.tenant, { channelId: of.channel, senderId: of.partner, ...text }, of.me),
      FORBIDDEN,
    ],
    [
      'to read as another',
      (of) => services().receipts.mark(of.tenant, 'read', of.channel, { customerId: of.partner }, of.me),
      FORBIDDEN,
    ],
    ['to hide from another', (of) => services().deletions.hide(of.tenant, of.said[0], of.partner, of.me), FORBIDDEN],
    ['to delete what another sent', (of) => services().deletions.deleteForAll(of.tenant, of.said[0], of.me), FORBIDDEN],
    ['for a foreign channel', (of) => services().channels.get(of.tenant, of.foreign, of.me), NO_CHANNEL],
    ['to list it', (of) => services().messages.listInChannel(of.tenant, of.foreign, all, of.me), NO_CHANNEL],
    [
      'to write there',
      (of) => services().messages.send(of.tenant, { channelId: of.foreign, senderId: of.me, ...text }, of.me),
      NO_CHANNEL,
    ],
    [
      'to read there',
      (of) => services().receipts.mark(of.tenant, 'read', of.foreign, { customerId: of.me }, of.me),
      NO_CHANNEL,
    ],
    ['for a foreign message', (of) => services().messages.get(of.tenant, of.elsewhere, of.me), NO_MESSAGE],
    ['for its receipts', (of) => services().receipts.list(of.tenant, of.elsewhere, all, of.me), NO_MESSAGE],
    ['to hide it', (of) => services().deletions.hide(of.tenant, of.elsewhere, of.me, of.me), NO_MESSAGE],
    ['to delete it', (of) => services().deletions.deleteForAll(of.tenant, of.elsewhere, of.me), NO_MESSAGE],
  ])('%s is refused', async (_, ask, expected) => {
    expect(await refusal(ask(await world()))).toBe(expected);
  });

  it('does what is its own', async () => {
    const of = await world();
    const { customers, channels, conversations, messages, receipts, deletions } = services();
    expect((await customers.get(of.tenant, of.me, of.me)).id).toBe(of.me);
    expect((await channels.get(of.tenant, of.channel, of.me)).id).toBe(of.channel);
    expect((await conversations.listForCustomer(of.tenant, of.me, all, of.me)).items[0]).toMatchObject({
      unreadCount: 2,
    });
    expect((await conversations.listConversations(of.tenant, of.jane.email!, all, of.me)).totalCount).toBe(1);
    expect((await messages.send(of.tenant, { channelId: of.channel, senderId: of.me, ...text }, of.me)).position).toBe(
      5,
    );
    const mark = await receipts.mark(of.tenant, 'read', of.channel, { customerId: of.me }, of.me);
    expect(mark).toMatchObject({ position: 5, unreadCount: 0 });
    expect((await receipts.list(of.tenant, of.said[1], all, of.me)).items).toMatchObject([{ status: 'sent' }]);
    await deletions.deleteForAll(of.tenant, of.said[1], of.me);
    expect((await messages.listInChannel(of.tenant, of.channel, all, of.me)).totalCount).toBe(4);
  });

  it('does not see what it hid, and others do', async () => {
    const of = await world();
    const { conversations, messages, receipts, deletions } = services();
    await deletions.hide(of.tenant, of.said[2], of.me, of.me);
    await deletions.hide(of.tenant, of.said[3], of.me, of.me);
    const seenBy = async (viewer: string | null) => {
      const inChannel = await messages.listInChannel(of.tenant, of.channel, all, viewer);
      const sent = await messages.listBySender(of.tenant, of.me, all, viewer);
      const after = await messages.listInChannel(
        of.tenant,
        of.channel,
        { limit: 1, startingAfter: of.said[2] },
        viewer,
      );
      const [channel] = (await conversations.listForCustomer(of.tenant, of.me, all, viewer)).items;
      const [conversation] = (await conversations.listConversations(of.tenant, of.jane.email!, all, viewer)).items;
      return {
        inChannel: [inChannel.totalCount, ...inChannel.items.map(({ id }) => of.said.indexOf(id))],
        sent: [sent.totalCount, ...sent.items.map(({ id }) => of.said.indexOf(id))],
        after: after.items.map(({ id }) => of.said.indexOf(id)),
        last: [channel, conversation!.channels[0]].map((one) => of.said.indexOf(one!.lastMessage!.id)),
        unread: [channel, conversation!.channels[0]].map((one) => one!.unreadCount),
      };
    };
    const unread = [1, 1];
    expect(await seenBy(of.me)).toEqual({ inChannel: [2, 0, 1], sent: [1, 1], after: [], last: [1, 1], unread });
    expect(await seenBy(null)).toEqual({
      ...{ inChannel: [4, 0, 1, 2, 3], sent: [2, 3, 1], after: [3], last: [3, 3], unread },
    });
    expect(await refusal(messages.get(of.tenant, of.said[2], of.me))).toBe(NO_MESSAGE);
    expect(await refusal(receipts.list(of.tenant, of.said[2], all, of.me))).toBe(NO_MESSAGE);
    expect((await messages.get(of.tenant, of.said[2], of.partner)).id).toBe(of.said[2]);
    // To hide it once more is no fault.
    await deletions.hide(of.tenant, of.said[2], of.me, of.me);
  });
});
