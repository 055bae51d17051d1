import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { Database } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import type { Message } from './message.entity.js';
import type { NewNotification } from './notification.entity.js';
import {
  FIND,
  LIST_BETWEEN,
  LIST_BY_SENDER,
  LIST_IN_CHANNEL,
  LIST_IN_CHANNEL_FOR,
  NOTIFY,
  SEND,
  SEND_BY_KEY,
  SEND_TO_CUSTOMER,
} from './messages.sql.js';

/** The columns that are read of a message. */
export type MessageRow = Pick<
  Message,
  'id' | 'channelId' | 'senderId' | 'position' | 'type' | 'content' | 'metadata' | 'parts' | 'createdAt'
>;
/** The same as JSON has it. */
export type WrittenRow = Omit<MessageRow, 'createdAt'> & { readonly createdAt: string };
export type NewRow = Pick<Message, 'id' | 'type' | 'content' | 'metadata' | 'parts'>;

/** How a message to a person ended; without `message`, the two (where they are known) have no general channel yet. */
export interface SentToCustomer {
  readonly senderId: string | null;
  readonly recipientId: string | null;
  readonly message: MessageRow | null;
}

@Injectable()
export class MessagesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where the sender is not in the channel, or either is unknown. */
  async send(
    tenant: Tenant,
    message: NewRow,
    { channelId, senderId, keyId }: { readonly channelId: string; readonly senderId: string; readonly keyId?: string },
  ): Promise<MessageRow | null> {
    const values = [...valuesOf(message), channelId, senderId];
    const sent =
      keyId === undefined
        ? await this.row<MessageRow>(tenant, SEND, ...values)
        : await this.row<MessageRow>(tenant, SEND_BY_KEY, ...values, keyId);
    return sent ?? null;
  }

  /** The same, of a message that did not get its id here. */
  async sendNamed(
    tenant: Tenant,
    message: NewRow,
    channelId: string,
    senderId: string,
  ): Promise<MessageRow | null | 'taken'> {
    return (await this.rowUnlessTaken<MessageRow>(tenant, SEND, ...valuesOf(message), channelId, senderId)) ?? null;
  }

  /** In the transaction of the message. */
  async notify(
    tenant: Tenant,
    id: string,
    message: Pick<MessageRow, 'id' | 'channelId'>,
    notification: NewNotification,
  ): Promise<void> {
    await this.row(tenant, NOTIFY, id, message.id, message.channelId, JSON.stringify(notification));
  }

  async sendToCustomer(
    tenant: Tenant,
    message: NewRow,
    senderEmail: string,
    recipientEmail: string,
  ): Promise<SentToCustomer> {
    const row = await this.row<MessageRow & { pairSenderId: string | null; pairRecipientId: string | null }>(
      tenant,
      SEND_TO_CUSTOMER,
      ...valuesOf(message),
      senderEmail,
      recipientEmail,
    );
    const { pairSenderId, pairRecipientId, ...sent } = row!;
    return { senderId: pairSenderId, recipientId: pairRecipientId, message: sent.id === null ? null : sent };
  }

  /** @param viewer the customer who asks, where it is one: it sees what is in its channels and what it did not hide */
  async find(tenant: Tenant, id: string, viewer: string | null): Promise<MessageRow | null> {
    return (await this.row<MessageRow>(tenant, FIND, id, viewer)) ?? null;
  }

  /** Null where there is no such channel, or the viewer is not in it. */
  listInChannel(
    tenant: Tenant,
    channelId: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<MessageRow> | null> {
    return viewer === null
      ? this.findPage(tenant, LIST_IN_CHANNEL, query, channelId)
      : this.findPage(tenant, LIST_IN_CHANNEL_FOR, query, channelId, viewer);
  }

  /** Null where there is no such customer. */
  listBySender(
    tenant: Tenant,
    senderId: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<MessageRow> | null> {
    return this.findPage(tenant, LIST_BY_SENDER, query, senderId, viewer);
  }

  /** Null where one of the two e-mails is no customer's. */
  listBetween(tenant: Tenant, email1: string, email2: string, query: PageQuery): Promise<Page<MessageRow> | null> {
    return this.findPage(tenant, LIST_BETWEEN, query, email1, email2);
  }
}

export function readRow(row: WrittenRow): MessageRow {
  return { ...row, createdAt: new Date(row.createdAt) };
}

/** In the order of the statements. */
export function valuesOf({ id, type, content, metadata, parts }: NewRow): unknown[] {
  return [id, type, content, metadata && JSON.stringify(metadata), parts && JSON.stringify(parts)];
}
