import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ChannelIdInUse } from '../../../channels/channel-id-in-use.js';
import { ChannelsService } from '../../../channels/channels.service.js';
import { MembersService } from '../../../channels/members.service.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ChannelDeletionsService } from '../../../messages/deletion/channel-deletions.service.js';
import { ReceiptsService } from '../../../messages/receipts/receipts.service.js';
import { LayerPage, unknownFromId } from '../http/layer-page.js';
import { LayerRefusal } from '../layer-refusal.js';
import { seenBy } from '../messages/message-object.js';
import { MessageObjects } from '../messages/message-objects.js';
import { membersOnly, noSuch } from '../messages/standing.js';
import { conversationObject, type ConversationObject } from './conversation-object.js';
import type { ConversationRow, ConversationsQuery, Metadata } from './conversation-row.js';
import { LayerConversationsRepository } from './layer-conversations.repository.js';
import { MAX_PARTICIPANTS, Participants, userIdIn, wrongParticipants, type ParticipantInput } from './participants.js';

export interface CreateConversation {
  /** Whoever makes it is one in any case. */
  readonly participants: readonly ParticipantInput[];
  /** Whether it is the one conversation of these participants; so it is where this is not given. */
  readonly distinct?: boolean | null;
  readonly metadata?: Metadata | null;
  /** A UUID. */
  readonly id?: string | null;
}

export interface CreatedConversation {
  /** `conflict`: the one of these participants has other metadata. */
  readonly outcome: 'created' | 'found' | 'conflict';
  readonly conversation: ConversationObject;
}

/** `leave`: whoever asks is no participant any more. */
export interface DeleteConversation {
  readonly mode: 'all_participants' | 'my_devices';
  readonly leave: boolean;
}

/**
 * Channels as Layer knows them. In all methods `viewer` is the customer who asks, and `base` where this dialect is mounted.
 */
@Injectable()
export class LayerConversationsService {
  constructor(
    private readonly rows: LayerConversationsRepository,
    private readonly objects: MessageObjects,
    private readonly participants: Participants,
    private readonly channels: ChannelsService,
    private readonly members: MembersService,
    private readonly deletions: ChannelDeletionsService,
    private readonly receipts: ReceiptsService,
  ) {}

  /** @throws LayerRefusal 422 on `participants`, or 409 with the conversation of this id, where `viewer` may see it */
  async create(tenant: Tenant, viewer: string, given: CreateConversation, base: string): Promise<CreatedConversation> {
    const metadata = given.metadata ?? null;
    const isDistinct = given.distinct ?? true;
    const customerIds = await this.withMe(tenant, viewer, given.participants);
    const { row, isNew } = await this.channels
      .create(tenant, {
        type: isDistinct ? 'general' : 'custom',
        customerIds,
        metadata,
        isShared: isDistinct,
        ...(typeof given.id === 'string' ? { id: given.id } : {}),
      })
      .catch(async (error: unknown) => {
        throw error instanceof ChannelIdInUse ? await this.idInUse(tenant, viewer, error.row.id, base) : error;
      });
    const conversation = await this.get(tenant, viewer, row.id, base);
    const isSame = isNew || metadata === null || isDeepStrictEqual(metadata, row.metadata ?? {});
    return { outcome: isNew ? 'created' : isSame ? 'found' : 'conflict', conversation };
  }

  /** One that `viewer` is in, or was. @throws LayerRefusal 404 */
  async get(tenant: Tenant, viewer: string, id: string, base: string): Promise<ConversationObject> {
    const conversation = (await this.findMany(tenant, viewer, [id], base)).get(id);
    if (!conversation) {
      throw noSuch('Conversation');
    }
    return conversation;
  }

  /** Those that `viewer` is in, or was, by their UUIDs. */
  async findMany(
    tenant: Tenant,
    viewer: string,
    ids: readonly string[],
    base: string,
  ): Promise<Map<string, ConversationObject>> {
    return this.show(tenant, viewer, await this.rows.findMany(tenant, viewer, ids), base);
  }

  /** Those that `viewer` is in, newest first. @throws LayerRefusal 422 on `from_id` */
  async list(
    tenant: Tenant,
    viewer: string,
    query: ConversationsQuery,
    base: string,
  ): Promise<LayerPage<ConversationObject>> {
    const page = await this.rows.list(tenant, viewer, query);
    if (!page) {
      throw unknownFromId();
    }
    return new LayerPage([...(await this.show(tenant, viewer, page.rows, base)).values()], page.total);
  }

  /**
   * For all; or from the devices of `viewer`, which may leave it as well. @throws LayerRefusal 404, or 403 to who was there
   * once
   */
  async delete(tenant: Tenant, viewer: string, id: string, { mode, leave }: DeleteConversation): Promise<void> {
    membersOnly(await this.rows.findPlace(tenant, viewer, id, null), 'Conversation');
    if (mode === 'all_participants') {
      await this.deletions.deleteForAll(tenant, id);
      return;
    }
    await this.deletions.clear(tenant, id, viewer);
    // A transaction of its own: in one, it would wait for others while it holds what they wait for.
    if (leave) {
      await this.members.change(tenant, id, { add: [], remove: [viewer] });
    }
  }

  /** @param position how far; null: all of it. @throws LayerRefusal 404, or 403 to who was there once */
  async markAllRead(tenant: Tenant, viewer: string, id: string, position: number | null): Promise<void> {
    const { messageId } = membersOnly(await this.rows.findPlace(tenant, viewer, id, position), 'Conversation');
    if (position === null || messageId !== null) {
      await this.receipts.mark(tenant, 'read', id, { customerId: viewer, messageId }, viewer);
    }
  }

  private async show(
    tenant: Tenant,
    viewer: string,
    rows: readonly ConversationRow[],
    base: string,
  ): Promise<Map<string, ConversationObject>> {
    const said = rows.map(({ id, members, lastMessage }) => ({
      channelId: id,
      isOpen: false,
      members,
      messages: lastMessage ? [lastMessage] : [],
    }));
    const shared = await this.objects.share(tenant, said, base);
    return new Map(
      rows.map((row) => {
        const last = row.lastMessage && shared.get(row.lastMessage.id)!;
        return [row.id, conversationObject(row, last && seenBy(last, viewer), base)];
      }),
    );
  }

  /** The customers that are meant, `viewer` first, each once. */
  private async withMe(tenant: Tenant, viewer: string, given: readonly ParticipantInput[]): Promise<string[]> {
    const others = await this.participants.resolve(
      tenant,
      given.map((one) => userIdIn(one)!),
    );
    const all = [...new Set([viewer, ...others.values()])];
    if (all.length < 2 || all.length > MAX_PARTICIPANTS) {
      throw wrongParticipants(`must name 1 to ${MAX_PARTICIPANTS - 1} others.`);
    }
    return all;
  }

  private async idInUse(tenant: Tenant, viewer: string, id: string, base: string): Promise<LayerRefusal> {
    const seen = (await this.findMany(tenant, viewer, [id], base)).get(id);
    return new LayerRefusal('id_in_use', 'The requested Conversation already exists', seen);
  }
}

/** The distinct conversation that is there already is not the one that was asked for. */
export function conflictWith(conversation: ConversationObject): LayerRefusal {
  const says = 'The requested Distinct Conversation was found but had metadata that did not match your request.';
  return new LayerRefusal('conflict', says, conversation);
}
