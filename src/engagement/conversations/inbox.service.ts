import { Injectable } from '@nestjs/common';
import type { ConversationPriority, ConversationStatus } from '../../delivery/conversations/conversation.entity.js';
import { ChannelDeletionsService } from '../../messages/deletion/channel-deletions.service.js';
import { ReceiptsService } from '../../messages/receipts/receipts.service.js';
import { now } from '../../platform/common/clock.js';
import { DAY_MS } from '../../platform/common/durations.js';
import { InvalidInput, invalid, notFound, Refusal } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CountsGate } from '../counts-gate.js';
import { areFew } from '../few.js';
import type { ConversationFilters, ConversationSort } from './inbox-list.sql.js';
import {
  InboxRepository,
  type ContactRow,
  type ConversationChanges,
  type ConversationRow,
} from './inbox.repository.js';

export type { ConversationRow };

/** Nothing is snoozed for longer. */
const MAX_SNOOZE_MS = 5 * 365.25 * DAY_MS;

export interface ConversationsQuery extends Omit<ConversationFilters, 'assignee' | 'contact'> {
  /** `unassigned`, or a user. */
  readonly assignee?: ObjectRef | null;
  readonly contact?: ObjectRef | null;
  readonly sort: ConversationSort;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  readonly after: ObjectRef | null;
}

export interface ConversationChange {
  readonly status?: ConversationStatus | null;
  readonly priority?: ConversationPriority | null;
  /** Null: none. */
  readonly subject?: string | null;
  readonly isStarred?: boolean | null;
  readonly isPinned?: boolean | null;
  readonly isRead?: boolean | null;
  readonly snoozedUntil?: Date | null;
}

/** The team's inbox: every channel with an address. Who does something is a user, or null: a program. */
@Injectable()
export class InboxService {
  constructor(
    private readonly conversations: InboxRepository,
    private readonly counts: CountsGate,
    private readonly receipts: ReceiptsService,
    private readonly deletions: ChannelDeletionsService,
  ) {}

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<ConversationRow> {
    const conversation = await this.find(tenant, ref);
    if (!conversation) {
      throw notFound('conversation');
    }
    return conversation;
  }

  find(tenant: Tenant, ref: ObjectRef): Promise<ConversationRow | null> {
    return this.conversations.find(tenant, ref);
  }

  /** Those of these ids that are there. */
  async findMany(tenant: Tenant, ids: readonly string[]): Promise<readonly ConversationRow[]> {
    return ids.length === 0 ? [] : this.conversations.findMany(tenant, ids);
  }

  /** @throws Refusal 422 on a filter or `after`, 503 where too many are counted */
  async list(
    tenant: Tenant,
    { assignee = null, contact = null, sort, direction, limit, offset, after, ...rest }: ConversationsQuery,
  ): Promise<{ readonly items: readonly ConversationRow[]; readonly total: number; readonly hasMore: boolean }> {
    const filters: ConversationFilters = {
      ...rest,
      assignee: assignee === null || assignee === 'nobody' ? assignee : await this.memberIn(tenant, assignee),
      contact: contact === null ? null : (await this.contactIn(tenant, contact)).id,
    };
    const cursor = after === null ? null : await this.conversations.find(tenant, after);
    if (after !== null && cursor === null) {
      throw invalid('after', 'The selected after is invalid.');
    }
    const total = await this.total(tenant, filters);
    const found = await this.conversations.findSlice(tenant, filters, {
      ...{ sort, direction, limit, offset, after: cursor?.id ?? null },
      areFew: areFew(total, filters),
    });
    return { ...found, total };
  }

  /** @throws Refusal 404, or 422 on `snoozed_until` */
  async change(
    tenant: Tenant,
    ref: ObjectRef,
    userId: string | null,
    change: ConversationChange,
  ): Promise<ConversationRow> {
    const conversation = await this.get(tenant, ref);
    const { status, isRead, snoozedUntil } = change;
    refuseUntimely(snoozedUntil ?? null, status ?? conversation.status);
    await this.apply(tenant, conversation, userId, columnsOf(change));
    if (isRead === true) {
      await this.receipt(tenant, conversation);
    }
    return this.get(tenant, conversation.id);
  }

  /** Again, nothing changes. @throws Refusal 404 */
  async close(tenant: Tenant, ref: ObjectRef, userId: string | null): Promise<ConversationRow> {
    const conversation = await this.get(tenant, ref);
    await this.apply(tenant, conversation, userId, { status: 'closed' });
    return this.get(tenant, conversation.id);
  }

  /** @param assignee null: nobody. @throws Refusal 404, 422 where that is no member who may answer */
  async assign(
    tenant: Tenant,
    ref: ObjectRef,
    userId: string | null,
    assignee: ObjectRef | null,
  ): Promise<ConversationRow> {
    const conversation = await this.get(tenant, ref);
    const member = assignee === null ? null : await this.conversations.findMember(tenant, assignee);
    if (assignee !== null && member === null) {
      throw notAssignable();
    }
    await this.apply(tenant, conversation, userId, { assignee_id: member?.id ?? null });
    return this.get(tenant, conversation.id);
  }

  /** By the team: its address has read all that is there. */
  async markRead(tenant: Tenant, conversation: ConversationRow): Promise<ConversationRow> {
    if (conversation.isRead && conversation.unreadCount === 0) {
      return conversation;
    }
    await this.receipt(tenant, conversation);
    await this.apply(tenant, conversation, null, { is_read: true });
    return this.get(tenant, conversation.id);
  }

  /** With all that was said and noted, for everybody. @throws Refusal 404 */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    const { id } = await this.get(tenant, ref);
    await this.deletions.deleteForAll(tenant, id);
  }

  /** @throws Refusal 404 or 422 */
  async apply(
    tenant: Tenant,
    { id }: ConversationRow,
    userId: string | null,
    changes: ConversationChanges,
  ): Promise<void> {
    const outcome = await this.conversations.change(tenant, id, userId, changes);
    if (outcome === 'unknown') {
      throw notFound('conversation');
    }
    if (outcome === 'not_assignable') {
      throw notAssignable();
    }
  }

  /** @throws Refusal 422 on `contact_id` */
  async contactIn(tenant: Tenant, ref: ObjectRef): Promise<ContactRow> {
    const contact = await this.conversations.findContact(tenant, ref);
    if (!contact) {
      throw invalid('contact_id', 'The selected contact_id is invalid.');
    }
    return contact;
  }

  private async memberIn(tenant: Tenant, ref: ObjectRef): Promise<string> {
    const member = await this.conversations.findMember(tenant, ref);
    if (!member) {
      throw invalid('assigned_to', 'The selected assigned_to is invalid.');
    }
    return member.id;
  }

  /** Where the address was taken out of its channel, nobody is left whose receipt it could be. */
  async receipt(tenant: Tenant, { id, addressId: customerId }: ConversationRow): Promise<void> {
    try {
      await this.receipts.mark(tenant, 'read', id, { customerId }, null);
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== 'invalid') {
        throw error;
      }
    }
  }

  private total(tenant: Tenant, { status = null, ...others }: ConversationFilters): Promise<number> {
    return Object.values(others).every((value) => value == null)
      ? this.conversations.countByStatus(tenant, status)
      : this.counts.during(tenant, () => this.conversations.count(tenant, { status, ...others }));
  }
}

/** As a statement takes them: what is left out stays. */
export function columnsOf(change: ConversationChange): ConversationChanges {
  const { status, priority, subject, isStarred, isPinned, isRead, snoozedUntil } = change;
  return {
    ...(status != null ? { status, snoozed_until: snoozedUntil ?? null } : {}),
    ...(snoozedUntil != null ? { snoozed_until: snoozedUntil } : {}),
    ...(priority != null ? { priority } : {}),
    ...(subject !== undefined ? { subject } : {}),
    ...(isStarred != null ? { is_starred: isStarred } : {}),
    ...(isPinned != null ? { is_pinned: isPinned } : {}),
    ...(isRead != null ? { is_read: isRead } : {}),
  };
}

export function notAssignable(): Refusal {
  return new Refusal('invalid', 'User not found or does not have permission to be assigned conversations.');
}

/** @throws InvalidInput on `snoozed_until` */
function refuseUntimely(until: Date | null, status: ConversationStatus): void {
  if (until === null) {
    return;
  }
  if (status !== 'snoozed') {
    throw new InvalidInput({ snoozed_until: ['The snoozed_until field goes with the status snoozed only.'] });
  }
  const aheadMs = until.getTime() - now().getTime();
  if (aheadMs <= 0 || aheadMs > MAX_SNOOZE_MS) {
    throw new InvalidInput({ snoozed_until: ['The snoozed_until field must be in the future, within 5 years.'] });
  }
}
