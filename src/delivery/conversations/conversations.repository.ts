import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import type { Slice, Sliced } from '../../platform/database/numbered-list.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { StoredText } from '../texts/texts.repository.js';
import {
  ARCHIVE,
  FIND,
  FIND_MANY,
  FIND_SAID,
  LIST,
  LIST_MESSAGES,
  LIST_OF_ADDRESS,
  LIST_OF_CONTACT,
  READ,
} from './text-conversations.sql.js';

/** A message of a conversation; without a medium and a status where it went to no phone and came from none. */
export type StoredSaid = Omit<StoredText, 'medium' | 'status'> & {
  readonly medium: StoredText['medium'] | null;
  readonly status: StoredText['status'] | null;
};

export interface StoredConversation {
  readonly id: string;
  readonly addressId: string;
  readonly number: string;
  /** Null where there are several, or it was erased. */
  readonly personId: string | null;
  readonly personName: string | null;
  readonly phone: string | null;
  readonly lastMessage: StoredSaid | null;
  readonly unreadCount: number;
  readonly messageCount: number;
  readonly archived: boolean;
  readonly isOptedOut: boolean;
  readonly lastActivityAt: Date;
}

export interface ConversationFilter {
  readonly archived: boolean | null;
  readonly addressId: string | null;
  /** The phone number of the person. */
  readonly phone: string | null;
  /** The list goes on after this one. */
  readonly before: string | null;
}

export interface Conversations extends Sliced<StoredConversation> {
  readonly hasNext: boolean;
  /** Whether `before` is a conversation; true where none is given. */
  readonly found: boolean;
}

interface RawSaid extends Omit<StoredSaid, 'id'> {
  readonly messageId: string | null;
  readonly saidAt: Date;
  readonly isOurs: boolean;
}
type RawConversation = Omit<StoredConversation, 'id' | 'lastMessage'> & RawSaid & { readonly threadId: string | null };
type Row<T> = T & Record<string, unknown>;

@Injectable()
export class ConversationsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async find(tenant: Tenant, channelId: string): Promise<StoredConversation | null> {
    const row = await this.row<Row<RawConversation>>(tenant, FIND, channelId);
    return row ? conversationOf(row) : null;
  }

  async findMany(tenant: Tenant, channelIds: readonly string[]): Promise<StoredConversation[]> {
    return (await this.rows<Row<RawConversation>>(tenant, FIND_MANY, channelIds)).map(conversationOf);
  }

  async findSaid(tenant: Tenant, messageIds: readonly string[]): Promise<StoredSaid[]> {
    const rows = await this.rows<Row<RawSaid & { threadId: string }>>(tenant, FIND_SAID, messageIds);
    return rows.flatMap(({ threadId, ...row }) => saidOf(row, threadId) ?? []);
  }

  async list(tenant: Tenant, filter: ConversationFilter, { limit, offset }: Slice): Promise<Conversations> {
    const { archived, addressId, phone, before } = filter;
    const [statement, more] =
      phone !== null
        ? [LIST_OF_CONTACT, [phone, addressId]]
        : addressId !== null
          ? [LIST_OF_ADDRESS, [addressId]]
          : [LIST, []];
    const values = [limit, offset, archived, before, ...more];
    const rows = await this.rows<Row<RawConversation & { total: number; found: boolean }>>(
      tenant,
      statement,
      ...values,
    );
    const { total, found } = rows[0]!;
    const there = rows.filter(({ threadId }) => threadId !== null);
    return { total, found, hasNext: there.length > limit, items: there.slice(0, limit).map(conversationOf) };
  }

  /** Newest first; null where there is no such conversation. */
  async listMessages(tenant: Tenant, channelId: string, { limit, offset }: Slice): Promise<Sliced<StoredSaid> | null> {
    const rows = await this.rows<Row<RawSaid & { total: number }>>(tenant, LIST_MESSAGES, channelId, limit, offset);
    const [first] = rows;
    return first ? { total: first.total, items: rows.flatMap((row) => saidOf(row, channelId) ?? []) } : null;
  }

  /** By the team. */
  async read(tenant: Tenant, channelId: string): Promise<void> {
    await this.row(tenant, READ, channelId);
  }

  async archive(tenant: Tenant, channelId: string, archived: boolean): Promise<void> {
    await this.row(tenant, ARCHIVE, channelId, archived);
  }
}

function conversationOf(row: RawConversation): StoredConversation {
  const { addressId, number, personId, personName, phone, unreadCount, messageCount, archived, isOptedOut } = row;
  return {
    id: row.threadId!,
    ...{ addressId, number, personId, personName, phone, unreadCount, messageCount, archived, isOptedOut },
    lastActivityAt: row.lastActivityAt,
    lastMessage: saidOf(row, row.threadId!),
  };
}

/** What has a delivery is as that says; of the rest it is known who said it, and when. */
function saidOf({ messageId: id, saidAt, isOurs, ...text }: RawSaid, channelId: string): StoredSaid | null {
  if (id === null) {
    return null;
  }
  return text.status !== null
    ? { ...text, id, channelId }
    : {
        ...{ ...text, id, channelId, direction: isOurs ? 'outbound' : 'inbound', attempts: 0 },
        ...{ createdAt: saidAt, updatedAt: saidAt },
      };
}
