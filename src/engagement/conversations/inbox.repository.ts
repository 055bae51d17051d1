import { Injectable } from '@nestjs/common';
import type { Conversation } from '../../delivery/conversations/conversation.entity.js';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { Binding } from '../binding.js';
import {
  COUNT_BY_STATUS,
  countOfConversations,
  FIND,
  FIND_LISTED,
  FIND_MANY,
  pageOfConversations,
  type ConversationFilters,
  type ConversationPageOf,
} from './inbox-list.sql.js';
import * as BULK from './inbox-bulk.sql.js';
import * as SQL from './inbox.sql.js';

/** A conversation with whom it is with, and who takes care of it. `id` is its channel's. */
export interface ConversationRow extends Pick<
  Conversation,
  | 'subject'
  | 'status'
  | 'medium'
  | 'priority'
  | 'addressId'
  | 'contactId'
  | 'assigneeId'
  | 'isStarred'
  | 'isPinned'
  | 'isRead'
  | 'isAiHandled'
  | 'lastPosition'
  | 'preview'
  | 'waitingSince'
  | 'snoozedUntil'
  | 'lastMessageAt'
  | 'resolvedAt'
  | 'createdAt'
> {
  readonly id: string;
  readonly number: number;
  readonly contactNumber: number | null;
  readonly contactName: string | null;
  readonly contactEmail: string | null;
  readonly assigneeNumber: number | null;
  readonly assigneeName: string | null;
  readonly unreadCount: number;
  readonly messageCount: number;
  readonly entryCount: number;
}

/** By columns: see change-conversation.ts. */
export interface ConversationChanges {
  readonly subject?: string | null;
  readonly status?: Conversation['status'];
  readonly priority?: Conversation['priority'];
  readonly assignee_id?: string | null;
  readonly is_starred?: boolean;
  readonly is_pinned?: boolean;
  readonly is_read?: boolean;
  readonly snoozed_until?: Date | null;
}

export interface ConversationsFound {
  readonly items: readonly ConversationRow[];
  /** Whether more of them follow. */
  readonly hasMore: boolean;
}

type Row<T> = T & Record<string, unknown>;

/** How a contact can be reached. */
export interface ContactRow {
  readonly id: string;
  readonly phone: string | null;
  readonly email: string | null;
  /** Its address is to get nothing that it did not ask for. */
  readonly isSuppressed: boolean;
}

@Injectable()
export class InboxRepository extends TenantRepository {
  constructor(private readonly shared: Database) {
    super(shared);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<ConversationRow | null> {
    return (await this.row<Row<ConversationRow>>(tenant, FIND, ...refValues(ref))) ?? null;
  }

  findMany(tenant: Tenant, ids: readonly string[]): Promise<ConversationRow[]> {
    return this.rows<Row<ConversationRow>>(tenant, FIND_MANY, ids);
  }

  /** One more than its limit is looked for: then more follow. */
  async findSlice(tenant: Tenant, filters: ConversationFilters, page: ConversationPageOf): Promise<ConversationsFound> {
    const binding = new Binding();
    const text = pageOfConversations(filters, { ...page, limit: page.limit + 1 }, binding);
    const found = await this.rows<{ number: number }>(tenant, { name: '', text }, ...binding.values);
    const numbers = found.slice(0, page.limit).map(({ number }) => number);
    const items = await this.rows<Row<ConversationRow>>(tenant, FIND_LISTED, numbers);
    return { items, hasMore: found.length > page.limit };
  }

  async count(tenant: Tenant, filters: ConversationFilters): Promise<number> {
    const binding = new Binding();
    const text = countOfConversations(filters, binding);
    return (await this.rows<{ total: number }>(tenant, { name: '', text }, ...binding.values))[0]!.total;
  }

  /** @param status null: of all */
  async countByStatus(tenant: Tenant, status: string | null): Promise<number> {
    const rows = await this.rows<{ status: string; value: number }>(tenant, COUNT_BY_STATUS);
    return rows.filter((row) => status === null || row.status === status).reduce((sum, { value }) => sum + value, 0);
  }

  /** @returns 'unknown' where there is no such conversation */
  async change(
    tenant: Tenant,
    channelId: string,
    userId: string | null,
    changes: ConversationChanges,
  ): Promise<'changed' | 'same' | 'not_assignable' | 'unknown'> {
    const row = await this.row<{ outcome: 'changed' | 'same' | 'not_assignable' }>(
      ...([tenant, SQL.CHANGE, channelId, userId, JSON.stringify(changes)] as const),
    );
    return row?.outcome ?? 'unknown';
  }

  /** Those of these that are there. */
  findIds(tenant: Tenant, refs: readonly ObjectRef[]): Promise<{ readonly number: number; readonly id: string }[]> {
    const [numbers, ids] = ['number', 'string'].map((type) => refs.filter((ref) => typeof ref === type));
    return this.rows(tenant, BULK.FIND_IDS, numbers, ids);
  }

  /** Before several are changed in this transaction, and after the member that they are assigned to. */
  async holdMany(tenant: Tenant, ids: readonly string[]): Promise<void> {
    await this.row(tenant, BULK.HOLD, ids);
  }

  async changeMany(
    tenant: Tenant,
    ids: readonly string[],
    userId: string | null,
    changes: ConversationChanges,
  ): Promise<{ readonly changed: number; readonly isAssignable: boolean }> {
    const values = [ids, userId, JSON.stringify(changes)] as const;
    return (await this.row<{ changed: number; isAssignable: boolean }>(tenant, BULK.CHANGE_MANY, ...values))!;
  }

  async findContact(tenant: Tenant, ref: ObjectRef): Promise<ContactRow | null> {
    return (await this.row<ContactRow & Record<string, unknown>>(tenant, SQL.FIND_CONTACT, ...refValues(ref))) ?? null;
  }

  async nameMails(tenant: Tenant, channelId: string, subject: string): Promise<void> {
    await this.row(tenant, SQL.NAME_MAILS, channelId, subject);
  }

  /** Of those who get it, addresses of the client itself are left out, and those who get it anyway. */
  async dressMail(
    tenant: Tenant,
    messageId: string,
    {
      html,
      cc,
      bcc,
    }: { readonly html: string | null; readonly cc: readonly string[]; readonly bcc: readonly string[] },
  ): Promise<void> {
    await this.row(tenant, SQL.DRESS_MAIL, messageId, html, cc, bcc);
  }

  async findMember(tenant: Tenant, ref: ObjectRef): Promise<{ readonly id: string; readonly name: string } | null> {
    return (await this.row<{ id: string; name: string }>(tenant, SQL.FIND_MEMBER, ...refValues(ref))) ?? null;
  }

  async findAddress(
    tenant: Tenant,
    medium: string,
    id: string,
  ): Promise<{ readonly id: string; readonly address: string } | null> {
    return (await this.row<{ id: string; address: string }>(tenant, SQL.FIND_ADDRESS, medium, id)) ?? null;
  }

  /** @param id null: the default, or else the oldest */
  async findSpeaker(
    tenant: Tenant,
    medium: string,
    id: string | null,
  ): Promise<{ readonly id: string; readonly address: string } | null> {
    return (await this.row<{ id: string; address: string }>(tenant, SQL.FIND_SPEAKER, medium, id)) ?? null;
  }

  async holdSpeaker(tenant: Tenant, { id, addressId }: Pick<ConversationRow, 'id' | 'addressId'>): Promise<void> {
    await this.row(tenant, SQL.HOLD_SPEAKER, id, addressId);
  }

  /** The id of the newest reply behind an item; null where there is none. */
  async findLaterReply(
    tenant: Tenant,
    { id, addressId }: Pick<ConversationRow, 'id' | 'addressId'>,
    item: ObjectRef,
  ): Promise<string | null> {
    const row = await this.row<{ id: string }>(tenant, SQL.FIND_LATER_REPLY, id, addressId, ...refValues(item));
    return row?.id ?? null;
  }

  /** Until the commit this user stays what it is in the workspace. Before all else that is locked. */
  async holdMember(tenant: Tenant, userId: string): Promise<void> {
    await this.row(tenant, SQL.HOLD_MEMBER, userId);
  }

  async sign(tenant: Tenant, messageId: string, userId: string): Promise<void> {
    await this.row(tenant, SQL.SIGN, messageId, userId);
  }

  async keepCanned(tenant: Tenant, messageId: string, cannedResponseId: string): Promise<void> {
    await this.row(tenant, SQL.KEEP_CANNED, messageId, cannedResponseId);
  }

  /** Wakes up to `most` of one client, of whichever has some due. @returns how many */
  async wake(most: number): Promise<number> {
    const [row] = await this.shared.acrossTenants<{ woken: number; raised: boolean }>(SQL.WAKE, [most]);
    if (row!.raised) {
      this.shared.raised();
    }
    return row!.woken;
  }
}
