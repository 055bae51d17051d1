import { Injectable } from '@nestjs/common';
import type { ChannelRow } from '../../channels/channel-row.js';
import type { Channel } from '../../channels/channel.entity.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { MemberRow } from '../../customers/member-row.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { LIST_CONVERSATIONS, LIST_FOR_CUSTOMER } from './conversations.sql.js';
import { readRow, type MessageRow, type WrittenRow } from '../messages.repository.js';

/** A channel as one of its members sees it. */
interface Seen {
  readonly unreadCount: number;
  readonly lastMessage: MessageRow | null;
}
export type ListedChannelRow = ChannelRow & Seen;

/** The newest of the channels that a customer shares with one other. */
export interface ConversationRow extends MemberRow {
  readonly latestMessageAt: Date;
  /** How many there are in all. */
  readonly channelsCount: number;
  readonly channels: ReadonlyArray<
    Pick<Channel, 'id' | 'type' | 'name'> &
      Seen & {
        /** Unix seconds. */
        readonly updatedAt: number;
      }
  >;
}

type ListedChannelRead = Omit<ListedChannelRow, 'lastMessage'> & { readonly lastMessage: WrittenRow | null };
type ConversationRead = Omit<ConversationRow, 'channels'> & {
  readonly channels: ReadonlyArray<{
    readonly channel: Omit<ConversationRow['channels'][number], 'lastMessage'>;
    readonly lastMessage: WrittenRow | null;
  }>;
};

@Injectable()
export class ConversationsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where there is no such customer. */
  async listForCustomer(
    tenant: Tenant,
    customerId: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<ListedChannelRow> | null> {
    const page = await this.findPage<ListedChannelRead>(tenant, LIST_FOR_CUSTOMER, query, customerId, viewer);
    return page && page.map(({ lastMessage, ...row }) => ({ ...row, lastMessage: read(lastMessage) }));
  }

  /** Null where no customer has this e-mail. */
  async listConversations(
    tenant: Tenant,
    email: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<ConversationRow> | null> {
    const page = await this.findPage<ConversationRead>(tenant, LIST_CONVERSATIONS, query, email, viewer);
    return (
      page &&
      page.map(({ channels, ...row }) => ({
        ...row,
        channels: channels.map(({ channel, lastMessage }) => ({ ...channel, lastMessage: read(lastMessage) })),
      }))
    );
  }
}

function read(message: WrittenRow | null): MessageRow | null {
  return message && readRow(message);
}
