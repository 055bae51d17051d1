import { Injectable } from '@nestjs/common';
import { LayerChannelsService } from '../channels/layer-channels.service.js';
import { LayerConversationsService } from '../conversations/layer-conversations.service.js';
import { LayerMessagesService } from '../messages/layer-messages.service.js';
import { AudienceRepository } from './audience.repository.js';
import type { LayerSocket } from './layer-socket.js';
import { ANY_BASE } from './packet-body.js';
import { created, deleted } from './packets.js';

/** Messages in all, and of one conversation: what an SDK asks for at once. */
const MAX_MESSAGES = 5_000;
const PAGE_SIZE = 100;

/** Sends a socket the present state of conversations and channels in which more happened than can be replayed change by change. */
@Injectable()
export class Overview {
  constructor(
    private readonly audience: AudienceRepository,
    private readonly conversations: LayerConversationsService,
    private readonly channels: LayerChannelsService,
    private readonly messages: LayerMessagesService,
  ) {}

  async send(socket: LayerSocket, channelIds: readonly string[], since: Date): Promise<void> {
    const each = Math.min(PAGE_SIZE, Math.floor(MAX_MESSAGES / channelIds.length));
    for (let start = 0; start < channelIds.length && socket.isOpen; start += PAGE_SIZE) {
      await this.sendSome(socket, channelIds.slice(start, start + PAGE_SIZE), since, each);
    }
  }

  /**
   * First the SDK is told to forget the messages before `since`: the newest follow, and it asks for older ones when
   * they are scrolled to, so that nobody sees a gap. Not the later positions: an SDK may have given those to messages
   * it has yet to send.
   */
  private async sendSome(socket: LayerSocket, channelIds: readonly string[], since: Date, each: number): Promise<void> {
    const { client, customerId } = socket;
    const [conversations, channels, first] = await Promise.all([
      this.conversations.findMany(client, customerId, channelIds, ANY_BASE),
      this.channels.findSeen(
        client,
        channelIds.map((channelId) => ({ channelId, viewerId: customerId })),
        ANY_BASE,
      ),
      this.audience.findFirstMissed(client, channelIds, since),
    ]);
    for (const channelId of channelIds) {
      const channel = channels.get(channelId)?.get(customerId);
      const shown = channel ?? conversations.get(channelId);
      if (!shown) {
        continue;
      }
      const kind = channel ? 'Channel' : 'Conversation';
      const known = (first.get(channelId) ?? 0) - 1;
      if (known > 0) {
        socket.sendPacket('change', deleted(kind, shown.id, 'my_devices', known));
      }
      socket.sendPacket('change', created(kind, shown));
      const page = each > 0 ? await this.newestIn(socket, channelId, each, channel !== undefined) : [];
      page.forEach((message) => socket.sendPacket('change', created('Message', message)));
    }
  }

  /** The oldest of them first. */
  private async newestIn({ client, customerId }: LayerSocket, channelId: string, pageSize: number, isOpen: boolean) {
    const page = await this.messages.list(client, customerId, channelId, { pageSize }, ANY_BASE, isOpen);
    return [...page.items].reverse();
  }
}
