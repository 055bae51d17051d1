import { Injectable } from '@nestjs/common';
import { MembersService } from '../../../channels/members.service.js';
import { InvalidInput, Refusal } from '../../../platform/common/errors/refusal.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { DeletionsService } from '../../../messages/deletion/deletions.service.js';
import { IdInUse } from '../../../messages/id-in-use.js';
import { MessagesService } from '../../../messages/messages.service.js';
import type { NewNotification } from '../../../messages/notification.entity.js';
import { ReceiptsService } from '../../../messages/receipts/receipts.service.js';
import { LayerPage, unknownFromId } from '../http/layer-page.js';
import { parseUserId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';
import { LayerMessagesRepository, type LayerPageQuery } from './layer-messages.repository.js';
import { seenBy, type MessageObject, type SharedMessage } from './message-object.js';
import { MessageObjects } from './message-objects.js';
import type { NotificationInput } from './notification-input.js';
import { newPart, type PartInput } from './part-input.js';
import { SentMessages } from './sent-messages.js';
import { membersOnly, noLongerIn, noSuch } from './standing.js';

export interface SendMessage {
  readonly parts: readonly PartInput[];
  /** A UUID. */
  readonly id?: string | null;
  readonly notification?: NotificationInput | null;
}

/**
 * Messages as Layer knows them. In all methods `viewer` is the customer who asks, and `base` where this dialect is mounted.
 */
@Injectable()
export class LayerMessagesService {
  constructor(
    private readonly rows: LayerMessagesRepository,
    private readonly sent: SentMessages,
    private readonly objects: MessageObjects,
    private readonly messages: MessagesService,
    private readonly receipts: ReceiptsService,
    private readonly deletions: DeletionsService,
    private readonly members: MembersService,
    private readonly customers: CustomersService,
  ) {}

  /** @throws LayerRefusal 404, 403 to who was there once, 409 with the message of this id, or 422 */
  async send(
    tenant: Tenant,
    viewer: string,
    conversationId: string,
    { parts, id = null, notification = null }: SendMessage,
    base: string,
  ): Promise<MessageObject> {
    const message = {
      channelId: conversationId,
      senderId: viewer,
      id,
      parts: parts.map(newPart),
      notification: notification && (await this.addressed(tenant, notification)),
    };
    try {
      const sent = await this.messages.send(tenant, message, viewer);
      return await this.show(tenant, viewer, sent.id, base);
    } catch (error) {
      throw await this.inLayersWords(error, tenant, viewer, conversationId, base);
    }
  }

  /** @throws LayerRefusal 404, or 403 */
  async get(tenant: Tenant, viewer: string, id: string, base: string): Promise<MessageObject> {
    const row = membersOnly(await this.rows.find(tenant, viewer, id), 'Message');
    const shared = await this.objects.share(tenant, [row], base);
    return seenBy(shared.get(id)!, viewer);
  }

  /** Those that are there, whoever asks: `seenBy` makes of one what a customer sees. */
  async findMany(tenant: Tenant, ids: readonly string[], base: string): Promise<Map<string, SharedMessage>> {
    return this.objects.share(tenant, await this.rows.findMany(tenant, ids), base);
  }

  /** Of a conversation, or of an open channel; newest first. @throws LayerRefusal 404, 403, or 422 on `from_id` */
  async list(
    tenant: Tenant,
    viewer: string,
    channelId: string,
    query: LayerPageQuery,
    base: string,
    isOpen = false,
  ): Promise<LayerPage<MessageObject>> {
    const row = membersOnly(await this.rows.list(tenant, viewer, channelId, query, isOpen), 'Conversation');
    if (!row.cursorFound) {
      throw unknownFromId();
    }
    const shared = await this.objects.share(tenant, [row], base);
    return new LayerPage(
      [...shared.values()].map((one) => seenBy(one, viewer)),
      row.total,
    );
  }

  /**
   * For all, by who sent it; or from the devices of `viewer`. The SDKs give no mode for messages of channels: that is for all.
   * @throws LayerRefusal 404, or 403
   */
  async delete(tenant: Tenant, viewer: string, id: string, mode?: 'all_participants' | 'my_devices'): Promise<void> {
    const { isOpen } = membersOnly(await this.rows.find(tenant, viewer, id), 'Message');
    if (mode === undefined && !isOpen) {
      throw new InvalidInput({ mode: ['The mode field is required.'] });
    }
    await (mode === 'my_devices'
      ? this.deletions.hide(tenant, id, viewer, viewer)
      : this.deletions.deleteForAll(tenant, id, viewer));
  }

  /** Everything up to this message has reached `viewer`, or was read; never back. @throws LayerRefusal 404, or 403 */
  async receipt(tenant: Tenant, viewer: string, id: string, type: 'read' | 'delivery'): Promise<void> {
    const { channelId } = membersOnly(await this.rows.find(tenant, viewer, id), 'Message');
    const kind = type === 'read' ? 'read' : 'delivered';
    await this.receipts.mark(tenant, kind, channelId, { customerId: viewer, messageId: id }, viewer);
  }

  /** What was just sent; if it is gone already, there is nothing to show. */
  private async show(tenant: Tenant, viewer: string, id: string, base: string): Promise<MessageObject> {
    const said = await this.sent.find(tenant, id);
    if (!said) {
      throw noSuch('Message');
    }
    const shared = await this.objects.share(tenant, [said], base);
    return seenBy(shared.get(id)!, viewer);
  }

  /** Of those who get words of their own, the ones that are there. */
  private async addressed(tenant: Tenant, { recipients, ...rest }: NotificationInput): Promise<NewNotification> {
    const { title, text, sound, category, data } = rest;
    const given = Object.entries(recipients ?? {}).map(([id, texts]) => [parseUserId(id)!, texts] as const);
    const known = await this.customers.findByUserIds(
      tenant,
      given.map(([userId]) => userId),
    );
    const own = given.flatMap(([userId, words]) => {
      const customer = known.get(userId);
      return customer ? [[customer.id, { title: words.title, text: words.text, sound: words.sound }] as const] : [];
    });
    return { title, text, sound, category, data, ...(own.length > 0 ? { recipients: Object.fromEntries(own) } : {}) };
  }

  private async inLayersWords(
    error: unknown,
    tenant: Tenant,
    viewer: string,
    conversationId: string,
    base: string,
  ): Promise<unknown> {
    if (error instanceof IdInUse) {
      const data = error.row ? await this.show(tenant, viewer, error.row.id, base) : undefined;
      return new LayerRefusal('id_in_use', 'The requested Message already exists', data);
    }
    if (error instanceof InvalidInput) {
      return filesCalledContent(error);
    }
    if (error instanceof Refusal && !(error instanceof LayerRefusal) && error.kind === 'not_found') {
      return (await this.members.wasMember(tenant, conversationId, viewer)) ? noLongerIn() : noSuch('Conversation');
    }
    return error;
  }
}

/** What the core knows as a file. */
function filesCalledContent({ details }: InvalidInput): InvalidInput {
  const errors = Object.entries(details.errors ?? {}).map(([path, says]) => {
    const named = path.replace(/\.file_uuid$/, '.content');
    return [named, says.map((sentence) => sentence.replace(path, named))] as const;
  });
  return new InvalidInput(Object.fromEntries(errors));
}
