import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ChannelsService } from '../channels/channels.service.js';
import { invalid, notFound, Refusal } from '../common/errors/refusal.js';
import type { Page, PageQuery } from '../common/pagination/page.js';
import { onlyAs } from '../common/tenancy/only-as.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import { CustomersService } from '../customers/customers.service.js';
import type { MessageType } from './message.entity.js';
import { MessagesRepository, type MessageRow, type NewRow } from './messages.repository.js';

export interface NewMessage {
  readonly type: MessageType;
  readonly content: string;
  readonly metadata?: Record<string, unknown> | null;
}

export interface ChannelMessage extends NewMessage {
  readonly channelId: string;
  readonly senderId: string;
}

export interface DirectMessage extends NewMessage {
  readonly senderEmail: string;
  readonly recipientEmail: string;
}

@Injectable()
export class MessagesService {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly channels: ChannelsService,
    private readonly customers: CustomersService,
  ) {}

  /**
   * @param viewer the customer who asks, where it is one: it writes as itself, in its own channels
   * @throws Refusal 422 on `channel_uuid` or `sender_uuid`; to a customer 403 or 404
   */
  async send(
    tenant: Tenant,
    { channelId, senderId, ...message }: ChannelMessage,
    viewer: string | null = null,
  ): Promise<MessageRow> {
    onlyAs(viewer, senderId);
    const sent = await this.messages.send(tenant, newRow(message), channelId, senderId);
    if (!sent && viewer !== null) {
      throw notFound('channel');
    }
    return sent ?? this.explain(tenant, channelId, senderId);
  }

  /** Into the general channel of the two, which is made where there is none. @throws Refusal 404 */
  async sendToCustomer(
    tenant: Tenant,
    { senderEmail, recipientEmail, ...message }: DirectMessage,
  ): Promise<MessageRow> {
    for (;;) {
      const sent = await this.messages.sendToCustomer(tenant, newRow(message), senderEmail, recipientEmail);
      if (sent.message) {
        return sent.message;
      }
      if (sent.senderId === null || sent.recipientId === null) {
        throw neitherFound();
      }
      await this.channels.create(tenant, { type: 'general', customerIds: [sent.senderId, sent.recipientId] });
    }
  }

  /**
   * @param viewer the customer who asks, where it is one: it sees what is in its channels and what it did not hide
   * @throws Refusal 404
   */
  async get(tenant: Tenant, id: string, viewer: string | null): Promise<MessageRow> {
    const message = await this.messages.find(tenant, id, viewer);
    if (!message) {
      throw notFound('message');
    }
    return message;
  }

  /** Oldest first. @throws Refusal 404, or 422 on `starting_after` */
  async listInChannel(
    tenant: Tenant,
    channelId: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<MessageRow>> {
    const page = await this.messages.listInChannel(tenant, channelId, query, viewer);
    if (!page) {
      throw notFound('channel');
    }
    return page;
  }

  /** What a customer sent, newest first. @throws Refusal 404, or 422 on `starting_after`; to another customer 403 */
  async listBySender(
    tenant: Tenant,
    senderId: string,
    query: PageQuery,
    viewer: string | null,
  ): Promise<Page<MessageRow>> {
    onlyAs(viewer, senderId);
    const page = await this.messages.listBySender(tenant, senderId, query, viewer);
    if (!page) {
      throw notFound('customer');
    }
    return page;
  }

  /** What two customers wrote in the channels they share, newest first. @throws Refusal 404, or 422 on `starting_after` */
  async listBetween(tenant: Tenant, email1: string, email2: string, query: PageQuery): Promise<Page<MessageRow>> {
    const page = await this.messages.listBetween(tenant, email1, email2, query);
    if (!page) {
      throw neitherFound();
    }
    return page;
  }

  /** Sending asks one question; only where the answer is no is it worth asking which of the three reasons it was. */
  private async explain(tenant: Tenant, channelId: string, senderId: string): Promise<never> {
    if (!(await this.channels.exists(tenant, channelId))) {
      throw invalid('channel_uuid', 'Channel does not exist');
    }
    if (!(await this.customers.exists(tenant, senderId))) {
      throw invalid('sender_uuid', 'Sender does not exist');
    }
    throw invalid('sender_uuid', 'Sender is not a participant in this channel.');
  }
}

function newRow({ type, content, metadata = null }: NewMessage): NewRow {
  return { id: uuidv7(), type, content, metadata };
}

function neitherFound(): Refusal {
  return new Refusal('not_found', 'not_found', 'One or both customers not found');
}
