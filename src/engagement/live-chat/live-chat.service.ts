import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ChannelsService } from '../../channels/channels.service.js';
import { MessagesService } from '../../messages/messages.service.js';
import { invalid, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { InboxService } from '../conversations/inbox.service.js';
import { DesksRepository } from './desks.repository.js';

export interface ChatMessage {
  /** Null: the oldest desk. */
  readonly desk: ObjectRef | null;
  readonly body: string;
  /** Of a conversation that begins with it. */
  readonly subject: string | null;
}

export interface BegunChat {
  readonly conversationNumber: number;
  readonly channelId: string;
  readonly messageId: string;
}

/** What a customer says to a desk from a widget; all else it does through the core. */
@Injectable()
export class LiveChatService {
  constructor(
    private readonly desks: DesksRepository,
    private readonly conversations: InboxService,
    private readonly channels: ChannelsService,
    private readonly messages: MessagesService,
  ) {}

  /**
   * Goes on in the newest conversation that the customer has with the desk, unless that is closed.
   * @throws Refusal 422
   */
  async say(tenant: Tenant, customerId: string, { desk: ref, body, subject }: ChatMessage): Promise<BegunChat> {
    const desk = await this.desks.find(tenant, ref);
    if (!desk) {
      throw ref === null
        ? unfit('The channel chat is not connected in this workspace.')
        : invalid('desk_id', 'The selected desk_id is invalid.');
    }
    const { channelId, isNew } = await this.channelWith(tenant, desk.id, customerId);
    const said = { channelId, senderId: customerId, type: 'text', content: body } as const;
    const { id: messageId } = await this.messages.send(tenant, said);
    const conversation = await this.conversations.get(tenant, channelId);
    if (isNew && subject !== null) {
      await this.conversations.apply(tenant, conversation, null, { subject });
    }
    return { conversationNumber: conversation.number, channelId, messageId };
  }

  /** Of its own, before the message: whoever makes a channel locks counters, which come before all that a message locks. */
  private channelWith(
    tenant: Tenant,
    deskId: string,
    customerId: string,
  ): Promise<{ readonly channelId: string; readonly isNew: boolean }> {
    return this.desks.inTransaction(tenant, async () => {
      await this.desks.holdChat(tenant, deskId, customerId);
      const known = await this.desks.findChat(tenant, deskId, customerId);
      if (known !== null) {
        return { channelId: known, isNew: false };
      }
      const customerIds = [deskId, customerId];
      const chat = { type: 'custom', name: `chat ${uuidv7()}`, customerIds, isShared: false } as const;
      const { row } = await this.channels.create(tenant, chat);
      return { channelId: row.id, isNew: true };
    });
  }
}
