import { Injectable } from '@nestjs/common';
import { ChannelDeletionsService } from '../../messages/deletion/channel-deletions.service.js';
import { invalid, notFound, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ConversationMergesRepository } from './conversation-merges.repository.js';
import { InboxService, type ConversationRow } from './inbox.service.js';

/** Messages, notes and activities of both, which one transaction puts in order. */
const MAX_ITEMS = 10_000;
const MAX_TRIES = 5;
const WHY = {
  others: 'Only conversations with the same contact at the same address can be merged.',
  stranger: 'Somebody takes part in this conversation who took no part in the other.',
  too_much: `Both conversations together have more than ${MAX_ITEMS} messages and notes.`,
} as const;

/** Two conversations with one contact become one. */
@Injectable()
export class ConversationMergesService {
  constructor(
    private readonly merges: ConversationMergesRepository,
    private readonly conversations: InboxService,
    private readonly deletions: ChannelDeletionsService,
  ) {}

  /**
   * All that another conversation holds is in this one, in the order in which it was written; asked for again, nothing changes.
   * @throws Refusal 404, 422 on `other_id`, or where the two can not be one
   */
  async merge(tenant: Tenant, ref: ObjectRef, otherRef: ObjectRef, userId: string | null): Promise<ConversationRow> {
    const id = await this.merges.inTransaction(tenant, async () => {
      const { stays, goes } = await this.hold(tenant, ref, otherRef);
      if (goes !== null) {
        await this.merges.merge(tenant, stays, goes, userId);
        await this.deletions.deleteForAll(tenant, goes);
      }
      return stays;
    });
    return this.conversations.get(tenant, id);
  }

  /** What a conversation that was merged is part of: its number. */
  async findMerged(tenant: Tenant, ref: ObjectRef): Promise<number | null> {
    return (await this.merges.findMerged(tenant, ref))?.number ?? null;
  }

  /** @returns null for the other where it is this one already */
  private async hold(
    tenant: Tenant,
    ref: ObjectRef,
    otherRef: ObjectRef,
  ): Promise<{ readonly stays: string; readonly goes: string | null }> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const { id: stays } = await this.conversations.get(tenant, ref);
      const goes = (await this.conversations.find(tenant, otherRef))?.id;
      if (goes === undefined && (await this.merges.findMerged(tenant, otherRef))?.id === stays) {
        return { stays, goes: null };
      }
      if (goes === undefined || goes === stays) {
        const says = goes ? 'A conversation can not be merged with itself.' : 'The selected other_id is invalid.';
        throw invalid('other_id', says);
      }
      const outcome = await this.merges.hold(tenant, stays, goes, MAX_ITEMS);
      if (outcome === 'held') {
        return { stays, goes };
      }
      if (outcome !== 'gone') {
        throw unfit(WHY[outcome]);
      }
    }
    throw notFound('conversation');
  }
}
