import { Injectable } from '@nestjs/common';
import { MAX_MEMBERS, MembersService } from '../../../channels/members.service.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { parseId } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Participants, userIdIn } from '../conversations/participants.js';
import { LayerPage, unknownFromId } from '../http/layer-page.js';
import { unknownIdentity } from '../identities/unknown-identity.js';
import { LayerRefusal } from '../layer-refusal.js';
import { noSuch } from '../messages/standing.js';
import { membershipObject, type MembershipObject } from './channel-object.js';
import type { LayerChannelRow } from './channel-row.js';
import { known, notAMember, ownersOnly } from './channel-standing.js';
import { LayerChannelsRepository } from './layer-channels.repository.js';

export interface MembersQuery {
  readonly pageSize: number;
  /** The user id of the last one of the page before. */
  readonly fromId?: string | null;
}

/** Who is in an open channel. In all methods `viewer` is the customer who asks. */
@Injectable()
export class ChannelMembersService {
  constructor(
    private readonly rows: LayerChannelsRepository,
    private readonly participants: Participants,
    private readonly members: MembersService,
  ) {}

  /** For members. @throws LayerRefusal 404, 403, or 422 on `from_id` */
  async list(
    tenant: Tenant,
    viewer: string,
    id: string,
    { pageSize, fromId }: MembersQuery,
    base: string,
  ): Promise<LayerPage<MembershipObject>> {
    const from = fromId == null ? null : await this.find(tenant, fromId);
    const page = known(await this.rows.listMembers(tenant, viewer, id, { pageSize, fromId: from }));
    if (!page.isMember) {
      throw notAMember();
    }
    if (from === undefined) {
      throw unknownFromId();
    }
    return new LayerPage(page.members, page.total).map((member) => membershipObject(id, member, base));
  }

  /** For members; the own membership for everyone. @throws LayerRefusal 404, or 403 */
  async get(tenant: Tenant, viewer: string, id: string, userId: string, base: string): Promise<MembershipObject> {
    const customerId = await this.find(tenant, userId);
    const { membership } = await this.seenBy(tenant, id, viewer);
    if (!membership && customerId !== viewer) {
      throw notAMember();
    }
    const theirs = customerId === undefined ? null : (await this.seenBy(tenant, id, customerId)).membership;
    if (!theirs) {
      throw noSuch('Membership');
    }
    return membershipObject(id, theirs, base);
  }

  /**
   * Everyone may join; members may add others, and unknown users are created. Nothing changes for who is a member already.
   * @throws LayerRefusal 404, 403, or 422 where it is full
   */
  async add(tenant: Tenant, viewer: string, id: string, userId: string): Promise<void> {
    const { membership } = await this.seenBy(tenant, id, viewer);
    const present = await this.find(tenant, userId);
    if (!membership && present !== viewer) {
      throw notAMember();
    }
    const customerId = present ?? (await this.made(tenant, userId));
    await this.members.add(tenant, id, [customerId]).catch((error: unknown) => {
      throw error instanceof Refusal && error.kind === 'invalid' ? full() : error;
    });
  }

  /** Everyone may leave; owners may remove others. @throws LayerRefusal 404, or 403 */
  async remove(tenant: Tenant, viewer: string, id: string, userId: string): Promise<void> {
    const channel = await this.seenBy(tenant, id, viewer);
    const customerId = await this.find(tenant, userId);
    if (customerId !== viewer) {
      ownersOnly(channel);
    }
    if (customerId === undefined) {
      throw noSuch('Membership');
    }
    await this.members.remove(tenant, id, customerId);
  }

  private async seenBy(tenant: Tenant, channelId: string, viewerId: string): Promise<LayerChannelRow> {
    const [row] = await this.rows.findSeen(tenant, [{ channelId, viewerId }]);
    return known(row);
  }

  private async find(tenant: Tenant, userId: string): Promise<string | undefined> {
    return (await this.participants.find(tenant, [userId])).get(userId);
  }

  private async made(tenant: Tenant, userId: string): Promise<string> {
    if (userIdIn(userId) === null || parseId('customer', userId) !== null) {
      throw unknownIdentity();
    }
    return (await this.participants.resolve(tenant, [userId])).get(userId)!;
  }
}

function full(): LayerRefusal {
  return new LayerRefusal('invalid_operation', `A Channel has at most ${MAX_MEMBERS} members.`);
}
