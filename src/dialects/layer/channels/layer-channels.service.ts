import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ChannelIdInUse } from '../../../channels/channel-id-in-use.js';
import { ChannelNameInUse } from '../../../channels/channel-name-in-use.js';
import { ChannelsService } from '../../../channels/channels.service.js';
import { MAX_MEMBERS } from '../../../channels/members.service.js';
import { ChannelDeletionsService } from '../../../messages/deletion/channel-deletions.service.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import type { Metadata } from '../conversations/conversation-row.js';
import { LayerConversationsRepository } from '../conversations/layer-conversations.repository.js';
import { Participants, userIdIn, wrongParticipants, type ParticipantInput } from '../conversations/participants.js';
import { patchMetadata } from '../conversations/patch.js';
import { LayerPage, unknownFromId } from '../http/layer-page.js';
import { LayerRefusal } from '../layer-refusal.js';
import { channelObject, type ChannelObject } from './channel-object.js';
import type { ChannelPatch } from './channel-patch.js';
import type { ChannelPageQuery } from './channel-row.js';
import { known, ownersOnly } from './channel-standing.js';
import { LayerChannelsRepository, type Seen } from './layer-channels.repository.js';

export interface CreateChannel {
  readonly name: string;
  /** Whoever makes it is one in any case. */
  readonly members?: readonly ParticipantInput[] | null;
  readonly metadata?: Metadata | null;
  /** A UUID. */
  readonly id?: string | null;
}

/**
 * Open channels as Layer knows them: everyone in the app sees their name and metadata and may join; members see the rest. In
 * all methods `viewer` is the customer who asks, and `base` where this dialect is mounted.
 */
@Injectable()
export class LayerChannelsService {
  constructor(
    private readonly rows: LayerChannelsRepository,
    private readonly conversations: LayerConversationsRepository,
    private readonly participants: Participants,
    private readonly channels: ChannelsService,
    private readonly deletions: ChannelDeletionsService,
    private readonly database: Database,
  ) {}

  /**
   * Creates the channel, or returns the one of this name, whoever is in it.
   * @throws LayerRefusal 422 on `members`, or 409 with the channel of this id, or of this name with other metadata
   */
  async create(
    tenant: Tenant,
    viewer: string,
    { name, members, metadata = null, id }: CreateChannel,
    base: string,
  ): Promise<{ isNew: boolean; channel: ChannelObject }> {
    const customerIds = await this.withViewer(tenant, viewer, members ?? []);
    const { row, isNew } = await this.channels
      .create(tenant, {
        ...{ type: 'custom', name, customerIds, metadata, ownerId: viewer },
        ...(typeof id === 'string' ? { id } : {}),
      })
      .catch(async (error: unknown) => {
        throw error instanceof ChannelIdInUse ? await this.idInUse(tenant, viewer, error.row.id, base) : error;
      });
    const channel = await this.get(tenant, viewer, row.id, base);
    if (!isNew && metadata !== null && !isDeepStrictEqual(metadata, row.metadata ?? {})) {
      throw new LayerRefusal('conflict', 'There is a Channel of this name with other metadata.', channel);
    }
    return { isNew, channel };
  }

  /** @throws LayerRefusal 404 */
  async get(tenant: Tenant, viewer: string, id: string, base: string): Promise<ChannelObject> {
    return known(await this.find(tenant, viewer, id, base));
  }

  /** Newest first, whether `viewer` is a member or not. @throws LayerRefusal 422 on `from_id` */
  async list(tenant: Tenant, viewer: string, query: ChannelPageQuery, base: string): Promise<LayerPage<ChannelObject>> {
    const page = await this.rows.list(tenant, viewer, query);
    if (!page) {
      throw unknownFromId();
    }
    return new LayerPage(page.rows, page.total).map((row) => channelObject(row, base));
  }

  /** By channel and viewer: each channel as the viewer beside it sees it. */
  async findSeen(
    tenant: Tenant,
    seen: readonly Seen[],
    base: string,
  ): Promise<Map<string, Map<string, ChannelObject>>> {
    const byChannel = new Map<string, Map<string, ChannelObject>>();
    for (const row of await this.rows.findSeen(tenant, seen)) {
      const byViewer = byChannel.get(row.id) ?? new Map<string, ChannelObject>();
      byChannel.set(row.id, byViewer.set(row.viewerId, channelObject(row, base)));
    }
    return byChannel;
  }

  /** @throws LayerRefusal 404, 403 to who is no owner, or 409 with the channel that has this name */
  async patch(
    tenant: Tenant,
    viewer: string,
    id: string,
    { name, metadata }: ChannelPatch,
    base: string,
  ): Promise<void> {
    await this.assertOwner(tenant, viewer, id);
    await this.database
      .transaction(tenant, async () => {
        const held = known(await this.conversations.holdMetadata(tenant, id));
        const patched = { ...patchMetadata(held.metadata ?? {}, metadata) };
        await this.channels.update(tenant, id, { name, ...(metadata.length > 0 ? { metadata: patched } : {}) });
      })
      .catch(async (error: unknown) => {
        throw error instanceof ChannelNameInUse ? await this.nameInUse(tenant, viewer, error.row.id, base) : error;
      });
  }

  /** For all, with its messages. @throws LayerRefusal 404, or 403 to who is no owner */
  async delete(tenant: Tenant, viewer: string, id: string): Promise<void> {
    await this.assertOwner(tenant, viewer, id);
    await this.deletions.deleteForAll(tenant, id);
  }

  private async assertOwner(tenant: Tenant, viewer: string, id: string): Promise<void> {
    const [row] = await this.rows.findSeen(tenant, [{ channelId: id, viewerId: viewer }]);
    ownersOnly(row);
  }

  private async find(tenant: Tenant, viewer: string, id: string, base: string): Promise<ChannelObject | undefined> {
    return (await this.findSeen(tenant, [{ channelId: id, viewerId: viewer }], base)).get(id)?.get(viewer);
  }

  /** The customers that are meant, `viewer` first, each once. */
  private async withViewer(tenant: Tenant, viewer: string, given: readonly ParticipantInput[]): Promise<string[]> {
    const userIds = given.map((one) => userIdIn(one)!);
    const all = [...new Set([viewer, ...(await this.participants.resolve(tenant, userIds, 'members')).values()])];
    if (all.length > MAX_MEMBERS) {
      throw wrongParticipants(`must not name more than ${MAX_MEMBERS - 1} others.`, 'members');
    }
    return all;
  }

  /** The id may be that of a conversation, which is not shown. */
  private async idInUse(tenant: Tenant, viewer: string, id: string, base: string): Promise<LayerRefusal> {
    return new LayerRefusal(
      'id_in_use',
      'The requested Channel already exists',
      await this.find(tenant, viewer, id, base),
    );
  }

  private async nameInUse(tenant: Tenant, viewer: string, id: string, base: string): Promise<LayerRefusal> {
    return new LayerRefusal(
      'conflict',
      'There is another Channel of this name.',
      await this.find(tenant, viewer, id, base),
    );
  }
}
