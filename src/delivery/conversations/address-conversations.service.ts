import { Injectable } from '@nestjs/common';
import { ReceiptsService } from '../../messages/receipts/receipts.service.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { invalid, notFound } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { Slice, Sliced } from '../../platform/database/numbered-list.js';
import { MediaService, type Signed } from '../media/media.service.js';
import { PhoneNumbers } from '../texts/phone-numbers.js';
import { TextsService, type PreparedText, type TextContent } from '../texts/texts.service.js';
import {
  ConversationsRepository,
  type Conversations,
  type StoredConversation,
  type StoredSaid,
} from './conversations.repository.js';

/** A message of a conversation, with addresses for its files. */
export type SaidRow = Signed<StoredSaid>;
export type ConversationRow = Omit<StoredConversation, 'lastMessage'> & { readonly lastMessage: SaidRow | null };

/** What a page may begin after; further on, `before` takes over, which costs the same however far. */
export const MAX_DEPTH = 10_000;

export interface ConversationsQuery extends Slice {
  readonly archived?: boolean | null;
  readonly numberId?: string | null;
  /** A phone number as people write it. */
  readonly contact?: string | null;
  readonly before?: string | null;
}

/** What is said between a number of the client and one contact. */
@Injectable()
export class AddressConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly texts: TextsService,
    private readonly receipts: ReceiptsService,
    private readonly numbers: PhoneNumbers,
    private readonly media: MediaService,
  ) {}

  /** @throws Refusal 404 */
  async get(tenant: Tenant, channelId: string): Promise<ConversationRow> {
    const [conversation] = await this.signed(tenant, [found(await this.conversations.find(tenant, channelId))]);
    return conversation!;
  }

  /** In any order; channels that are no conversations are left out. */
  async findMany(tenant: Tenant, channelIds: readonly string[]): Promise<readonly ConversationRow[]> {
    return channelIds.length === 0 ? [] : this.signed(tenant, await this.conversations.findMany(tenant, channelIds));
  }

  /** In any order; messages of other channels are left out. */
  async findSaid(tenant: Tenant, messageIds: readonly string[]): Promise<readonly SaidRow[]> {
    return messageIds.length === 0
      ? []
      : this.media.sign(tenant, await this.conversations.findSaid(tenant, messageIds));
  }

  /** Last activity first. @throws Refusal 422 on `before`, or where the page is too deep */
  async list(
    tenant: Tenant,
    query: ConversationsQuery,
  ): Promise<Sliced<ConversationRow> & Pick<Conversations, 'hasNext'>> {
    const { archived = null, numberId = null, contact = null, before = null, limit, offset } = query;
    const phone = contact === null ? null : ((await this.numbers.find(tenant, contact)) ?? contact);
    const isTooDeep = offset >= MAX_DEPTH;
    const filter = { archived, addressId: numberId, phone, before };
    const page = await this.conversations.list(tenant, filter, isTooDeep ? { limit: 0, offset: 0 } : { limit, offset });
    if (!page.found) {
      throw invalid('before', 'Conversation does not exist.');
    }
    if (isTooDeep && page.total > offset) {
      throw new ReasonedRefusal('page_too_deep', `Pages end after ${MAX_DEPTH} conversations: go on with before`);
    }
    const items = await this.signed(tenant, page.items);
    return { total: page.total, items, hasNext: page.hasNext && !isTooDeep };
  }

  /** Every message, newest first. @throws Refusal 404 */
  async listMessages(tenant: Tenant, channelId: string, slice: Slice): Promise<Sliced<SaidRow>> {
    const { items, total } = found(await this.conversations.listMessages(tenant, channelId, slice));
    return { items: await this.media.sign(tenant, items), total };
  }

  /** A message to the contact, checked. @throws Refusal 404, or as TextsService.prepare() */
  async prepare(tenant: Tenant, channelId: string, content: TextContent): Promise<PreparedText> {
    const { number: from, phone: to } = await this.get(tenant, channelId);
    if (to === null) {
      throw new ReasonedRefusal('invalid_number', 'This conversation has no contact with a phone number');
    }
    return this.texts.prepare(tenant, { ...content, to, from, alone: true, channelId });
  }

  /** All of it is read, by the team: its number has read it. @throws Refusal 404 */
  async read(tenant: Tenant, channelId: string): Promise<ConversationRow> {
    const { addressId: customerId } = await this.get(tenant, channelId);
    await this.receipts.mark(tenant, 'read', channelId, { customerId }, null);
    await this.conversations.read(tenant, channelId);
    return this.get(tenant, channelId);
  }

  /** @throws Refusal 404 */
  async archive(tenant: Tenant, channelId: string, archived: boolean): Promise<ConversationRow> {
    await this.conversations.archive(tenant, channelId, archived);
    return this.get(tenant, channelId);
  }

  private async signed(tenant: Tenant, rows: readonly StoredConversation[]): Promise<ConversationRow[]> {
    const signed = await this.media.sign(
      tenant,
      rows.flatMap(({ lastMessage }) => lastMessage ?? []),
    );
    const byId = new Map(signed.map((message) => [message.id, message]));
    return rows.map(({ lastMessage, ...row }) => ({
      ...row,
      lastMessage: lastMessage && byId.get(lastMessage.id)!,
    }));
  }
}

function found<T>(conversation: T | null): T {
  if (conversation === null) {
    throw notFound('conversation');
  }
  return conversation;
}
