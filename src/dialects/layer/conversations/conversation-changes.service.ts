import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../../../channels/channels.service.js';
import { MembersService } from '../../../channels/members.service.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { membersOnly, noSuch } from '../messages/standing.js';
import { LayerConversationsRepository } from './layer-conversations.repository.js';
import { MAX_PARTICIPANTS, Participants, wrongParticipants } from './participants.js';
import { patchMetadata, type ConversationPatch, type ParticipantsOperation } from './patch.js';

/** Who is in a conversation and what is written on it, changed in one go or not at all. */
@Injectable()
export class ConversationChangesService {
  constructor(
    private readonly rows: LayerConversationsRepository,
    private readonly participants: Participants,
    private readonly channels: ChannelsService,
    private readonly members: MembersService,
    private readonly database: Database,
  ) {}

  /** @throws LayerRefusal 404, 403 to who was there once, or 422 */
  async patch(
    tenant: Tenant,
    viewer: string,
    id: string,
    { participants, metadata }: ConversationPatch,
  ): Promise<void> {
    membersOnly(await this.rows.findPlace(tenant, viewer, id, null), 'Conversation');
    const customers = await this.customersIn(tenant, participants);
    await this.database.transaction(tenant, async () => {
      // First, because it locks members before the channel.
      if (participants.length > 0) {
        await this.changeParticipants(tenant, id, participants, customers);
      }
      if (metadata.length > 0) {
        const held = await this.rows.holdMetadata(tenant, id);
        if (!held) {
          throw noSuch('Conversation');
        }
        await this.channels.update(tenant, id, { metadata: { ...patchMetadata(held.metadata ?? {}, metadata) } });
      }
    });
  }

  /** By user id, those that the operations name; who is to be added and is not there is made. */
  private async customersIn(
    tenant: Tenant,
    operations: readonly ParticipantsOperation[],
  ): Promise<ReadonlyMap<string, string>> {
    const named = (isWanted: (operation: ParticipantsOperation) => boolean): string[] => [
      ...new Set(operations.filter(isWanted).flatMap(({ userIds }) => userIds)),
    ];
    const added = named(({ operation }) => operation !== 'remove');
    const removed = named(({ operation }) => operation === 'remove');
    if (added.length > MAX_PARTICIPANTS) {
      throw tooMany();
    }
    return new Map([
      ...(await this.participants.find(tenant, removed)),
      ...(await this.participants.resolve(tenant, added)),
    ]);
  }

  private async changeParticipants(
    tenant: Tenant,
    id: string,
    operations: readonly ParticipantsOperation[],
    customers: ReadonlyMap<string, string>,
  ): Promise<void> {
    const present = (await this.channels.get(tenant, id)).customers.map((customer) => customer.id);
    const wanted = new Set(present);
    for (const { operation, userIds } of operations) {
      const ids = userIds.flatMap((userId) => customers.get(userId) ?? []);
      if (operation === 'set') {
        wanted.clear();
      }
      ids.forEach((one) => (operation === 'remove' ? wanted.delete(one) : wanted.add(one)));
    }
    const add = [...wanted].filter((one) => !present.includes(one));
    if (wanted.size === 0) {
      throw wrongParticipants('must leave one participant at least.');
    }
    if (add.length > 0 && wanted.size > MAX_PARTICIPANTS) {
      throw tooMany();
    }
    await this.members.change(tenant, id, { add, remove: present.filter((one) => !wanted.has(one)) });
  }
}

function tooMany(): Error {
  return wrongParticipants(`must not have more than ${MAX_PARTICIPANTS} items.`);
}
