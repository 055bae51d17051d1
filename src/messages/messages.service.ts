import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ChannelsService } from '../channels/channels.service.js';
import { InvalidInput, invalid, notFound, Refusal } from '../platform/common/errors/refusal.js';
import type { KeyedRequest } from '../platform/common/idempotency/idempotency-ledger.js';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import { assertActsAs } from '../platform/common/tenancy/assert-acts-as.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { CustomersService } from '../customers/customers.service.js';
import { Database } from '../platform/database/database.js';
import { FilesService } from '../files/files.service.js';
import { IdInUse } from './id-in-use.js';
import type { MessageType } from './message.entity.js';
import { MessagesRepository, type MessageRow, type NewRow } from './messages.repository.js';
import type { NewNotification } from './notification.entity.js';
import { composeParts, filesIn, summaryOf, type NewPart } from './parts.js';
import { SendLanes } from './sending/send-lanes.js';

export interface NewMessage {
  readonly type: MessageType;
  readonly content: string;
  readonly metadata?: Record<string, unknown> | null;
}

export interface ChannelMessage {
  readonly channelId: string;
  readonly senderId: string;
  /** As the sender named it, so that it can send it again without saying it twice. */
  readonly id?: string | null;
  /** Made of the parts where it is not given, as `content` is. */
  readonly type?: MessageType | null;
  readonly content?: string | null;
  readonly metadata?: Record<string, unknown> | null;
  readonly parts?: readonly NewPart[] | null;
  /** The API key that says it as a phone number: its delivery keeps it. */
  readonly keyId?: string;
  /** What devices are to be told of it; not given: nothing. */
  readonly notification?: NewNotification | null;
}

/** A checked message: its files are uploaded, and the sender may send them. */
export interface PreparedMessage {
  readonly message: ChannelMessage;
  readonly row: NewRow;
  readonly fileIds: readonly string[];
  /** The customer who asks, where it is one. */
  readonly viewer: string | null;
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
    private readonly files: FilesService,
    private readonly database: Database,
    private readonly lanes: SendLanes,
  ) {}

  /** Not in a transaction: see `prepare`, and `write` for the rest. */
  async send(tenant: Tenant, message: ChannelMessage, viewer: string | null = null): Promise<MessageRow> {
    return this.write(tenant, await this.prepare(tenant, message, viewer));
  }

  /**
   * Asks the store for files that nobody has said to be there, so it goes before any transaction.
   * @param viewer the customer who asks, where it is one: it writes as itself, in its own channels
   * @throws InvalidInput on `parts`; to a customer 403
   */
  async prepare(tenant: Tenant, message: ChannelMessage, viewer: string | null): Promise<PreparedMessage> {
    if (viewer !== null && message.type === 'system') {
      throw new InvalidInput({ type: ['The type field must not be system in a customer session.'] });
    }
    assertActsAs(viewer, message.senderId);
    const fileIds = filesIn(message.parts ?? []);
    const files = fileIds.length === 0 ? null : await this.files.findUploaded(tenant, fileIds, viewer);
    return { message, row: composed(message, (id) => files?.get(id)?.size), fileIds, viewer };
  }

  /** @throws Refusal 422 on `channel_uuid`, `sender_uuid` or `parts`, or IdInUse; to a customer 404 */
  async write(tenant: Tenant, { message, row, fileIds, viewer }: PreparedMessage): Promise<MessageRow> {
    const { notification, channelId } = message;
    if (fileIds.length === 0 && !notification) {
      return this.insertMessage(tenant, row, message, viewer);
    }
    return this.database.transaction(tenant, async () => {
      const sent = await this.insertMessage(tenant, row, message, viewer);
      if (fileIds.length > 0) {
        const there = new Set(await this.files.attach(tenant, fileIds, channelId));
        // Where one went meanwhile, this says which, and nothing was sent.
        composed(message, (id) => row.parts?.find(({ fileId }) => fileId === id && there.has(id))?.size);
      }
      if (notification) {
        await this.messages.notify(tenant, uuidv7(), sent, notification);
      }
      return sent;
    });
  }

  /**
   * The same in one statement with the claim of its request's key, or `otherwise`: where the key may be taken, the message
   * refused, or more is to be done than to insert it.
   */
  writeClaiming<T>(
    tenant: Tenant,
    { message, row, fileIds }: PreparedMessage,
    claim: KeyedRequest,
    otherwise: () => Promise<T>,
  ): Promise<MessageRow | T> {
    const { id, notification, channelId, senderId, keyId } = message;
    return fileIds.length > 0 || notification || typeof id === 'string'
      ? otherwise()
      : this.lanes.send(tenant, { row, to: { channelId, senderId, keyId }, claim }, otherwise);
  }

  /** Into the general channel of the two, which is made where there is none. @throws Refusal 404 */
  sendToCustomer(tenant: Tenant, message: DirectMessage): Promise<MessageRow> {
    const { row, to } = directed(message);
    return this.lanes.send(tenant, { row, to }, () => this.insertToCustomer(tenant, row, to));
  }

  /** As `writeClaiming`. */
  sendToCustomerClaiming<T>(
    tenant: Tenant,
    message: DirectMessage,
    claim: KeyedRequest,
    otherwise: () => Promise<T>,
  ): Promise<MessageRow | T> {
    return this.lanes.send(tenant, { ...directed(message), claim }, otherwise);
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
    assertActsAs(viewer, senderId);
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

  private async insertMessage(
    tenant: Tenant,
    row: NewRow,
    { id, channelId, senderId, keyId }: ChannelMessage,
    viewer: string | null,
  ): Promise<MessageRow> {
    const sent = await (typeof id === 'string'
      ? this.messages.sendNamed(tenant, row, channelId, senderId)
      : this.lanes.send(tenant, { row, to: { channelId, senderId, keyId } }, () =>
          this.messages.send(tenant, row, { channelId, senderId, keyId }),
        ));
    if (sent === 'taken') {
      throw new IdInUse(await this.messages.find(tenant, row.id, senderId));
    }
    if (!sent && viewer !== null) {
      throw notFound('channel');
    }
    return sent ?? this.explain(tenant, channelId, senderId);
  }

  private async insertToCustomer(
    tenant: Tenant,
    row: NewRow,
    { senderEmail, recipientEmail }: Pick<DirectMessage, 'senderEmail' | 'recipientEmail'>,
  ): Promise<MessageRow> {
    for (;;) {
      const sent = await this.messages.sendToCustomer(tenant, row, senderEmail, recipientEmail);
      if (sent.message) {
        return sent.message;
      }
      if (sent.senderId === null || sent.recipientId === null) {
        throw neitherFound();
      }
      await this.channels.create(tenant, { type: 'general', customerIds: [sent.senderId, sent.recipientId] });
    }
  }

  /** Sending is one query; which of three reasons a refusal has is asked only when there is one. */
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

/** @throws InvalidInput where it has neither parts nor a content, or parts that can not be */
function composed(message: ChannelMessage, sizeOf: (fileId: string) => number | undefined): NewRow {
  const { id, type, content, metadata = null } = message;
  const parts = message.parts ? composeParts(message.parts, sizeOf) : null;
  const summary = parts && summaryOf(parts);
  const row = { type: type ?? summary?.type, content: content ?? summary?.content };
  if (row.type === undefined || row.content === undefined) {
    throw new InvalidInput({ content: ['The content field is required.'] });
  }
  return { id: id ?? uuidv7(), type: row.type, content: row.content, metadata, parts };
}

function directed({ senderEmail, recipientEmail, type, content, metadata = null }: DirectMessage) {
  return { row: { id: uuidv7(), type, content, metadata, parts: null }, to: { senderEmail, recipientEmail } };
}

export function neitherFound(): Refusal {
  return new Refusal('not_found', 'One or both customers not found');
}
