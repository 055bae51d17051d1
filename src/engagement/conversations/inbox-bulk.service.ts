import { Injectable } from '@nestjs/common';
import { invalid } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { InboxRepository } from './inbox.repository.js';
import { columnsOf, InboxService, notAssignable, type ConversationChange } from './inbox.service.js';

/** What many conversations get; `assignee` null: nobody, left out: who it was. */
export interface BulkConversationChange extends Pick<
  ConversationChange,
  'status' | 'priority' | 'isStarred' | 'isPinned' | 'isRead'
> {
  readonly assignee?: ObjectRef | null;
}

/** One change of many conversations. */
@Injectable()
export class InboxBulkService {
  constructor(
    private readonly inbox: InboxService,
    private readonly conversations: InboxRepository,
  ) {}

  /**
   * All of it or nothing.
   * @param userId who does it; null: a program
   * @returns how many are another than before
   * @throws Refusal 422 on what is not there, or who may not answer
   */
  async change(
    tenant: Tenant,
    refs: readonly ObjectRef[],
    userId: string | null,
    { assignee, ...change }: BulkConversationChange,
  ): Promise<number> {
    const ids = await this.idsOf(tenant, refs);
    const member = assignee == null ? null : await this.conversations.findMember(tenant, assignee);
    if (assignee != null && member === null) {
      throw notAssignable();
    }
    const columns = { ...columnsOf(change), ...(assignee === undefined ? {} : { assignee_id: member?.id ?? null }) };
    const changed = await this.conversations.inTransaction(tenant, async () => {
      if (member !== null) {
        await this.conversations.holdMember(tenant, member.id);
      }
      await this.conversations.holdMany(tenant, ids);
      const outcome = await this.conversations.changeMany(tenant, ids, userId, columns);
      if (!outcome.isAssignable) {
        throw notAssignable();
      }
      return outcome.changed;
    });
    if (change.isRead === true) {
      for (const conversation of await this.conversations.findMany(tenant, ids)) {
        await this.inbox.receipt(tenant, conversation);
      }
    }
    return changed;
  }

  private async idsOf(tenant: Tenant, refs: readonly ObjectRef[]): Promise<string[]> {
    const found = await this.conversations.findIds(tenant, refs);
    const known = new Map<ObjectRef, string>(found.flatMap(({ id, number }) => [[id, id] as const, [number, id]]));
    const missing = refs.findIndex((ref) => !known.has(ref));
    if (missing >= 0) {
      throw invalid(`conversation_ids.${missing}`, `The selected conversation_ids.${missing} is invalid.`);
    }
    return [...new Set(known.values())];
  }
}
