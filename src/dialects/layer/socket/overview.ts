import { Injectable } from '@nestjs/common';
import { LayerConversationsService } from '../conversations/layer-conversations.service.js';
import { layerUri } from '../layer-id.js';
import { LayerMessagesService } from '../messages/layer-messages.service.js';
import { AudienceRepository } from './audience.repository.js';
import type { LayerSocket } from './layer-socket.js';
import { ANY_BASE } from './packet-body.js';
import { created, deleted } from './packets.js';

/** Messages in all, and of one conversation: what an SDK asks for at once. */
const MAX_MESSAGES = 5_000;
const PAGE = 100;

/** Tells a socket how conversations are by now: where more happened than can be told change by change. */
@Injectable()
export class Overview {
  constructor(
    private readonly audience: AudienceRepository,
    private readonly conversations: LayerConversationsService,
    private readonly messages: LayerMessagesService,
  ) {}

  async tell(socket: LayerSocket, channelIds: readonly string[], since: Date): Promise<void> {
    const each = Math.min(PAGE, Math.floor(MAX_MESSAGES / channelIds.length));
    for (let start = 0; start < channelIds.length && socket.isOpen; start += PAGE) {
      await this.tellOf(socket, channelIds.slice(start, start + PAGE), since, each);
    }
  }

  /**
   * What was said before is to be forgotten first: the newest messages follow, and whoever looks further back than those asks
   * for it, so that nobody sees a gap. Not what came since: those places an SDK may have given to what it has yet to send.
   */
  private async tellOf(socket: LayerSocket, channelIds: readonly string[], since: Date, each: number): Promise<void> {
    const { client, customerId } = socket;
    const [conversations, first] = await Promise.all([
      this.conversations.findMany(client, customerId, channelIds, ANY_BASE),
      this.audience.findFirstMissed(client, channelIds, since),
    ]);
    for (const channelId of channelIds) {
      const conversation = conversations.get(channelId);
      if (!conversation) {
        continue;
      }
      const known = (first.get(channelId) ?? 0) - 1;
      if (known > 0) {
        socket.sendPacket('change', deleted('Conversation', layerUri('conversations', channelId), 'my_devices', known));
      }
      socket.sendPacket('change', created('Conversation', conversation));
      const page = each > 0 ? await this.newestIn(socket, channelId, each) : [];
      page.forEach((message) => socket.sendPacket('change', created('Message', message)));
    }
  }

  /** The oldest of them first. */
  private async newestIn({ client, customerId }: LayerSocket, channelId: string, pageSize: number) {
    const page = await this.messages.list(client, customerId, channelId, { pageSize }, ANY_BASE);
    return [...page.items].reverse();
  }
}
