import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { invalid, notFound } from '../../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import { assertActsAs } from '../../platform/common/tenancy/assert-acts-as.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { MessagesService } from '../messages.service.js';
import type { ReceiptKind } from './receipt.entity.js';
import { ReceiptsRepository, type Mark, type ReceiptRow } from './receipts.repository.js';

export interface NewMark {
  readonly customerId: string;
  /** Up to where; the last message where it is not given. */
  readonly messageId?: string | null;
}

@Injectable()
export class ReceiptsService {
  constructor(
    private readonly receipts: ReceiptsRepository,
    private readonly messages: MessagesService,
    private readonly channels: ChannelsService,
  ) {}

  /**
   * Says that a member read a channel, or got it, up to a message. Never moves back.
   * @param viewer the customer who asks, where it is one: it marks for itself, in its own channels
   * @throws Refusal 404, or 422 on `customer_uuid` or `message_uuid`; to a customer 403
   */
  async mark(
    tenant: Tenant,
    kind: ReceiptKind,
    channelId: string,
    { customerId, messageId = null }: NewMark,
    viewer: string | null,
  ): Promise<Mark> {
    assertActsAs(viewer, customerId);
    const mark = await this.receipts.mark(tenant, kind, { channelId, customerId, messageId });
    if (!mark) {
      if (viewer !== null || !(await this.channels.exists(tenant, channelId))) {
        throw notFound('channel');
      }
      throw invalid('customer_uuid', 'Customer is not a participant in this channel.');
    }
    if (!mark.found) {
      throw invalid('message_uuid', 'Message does not exist in this channel.');
    }
    return mark;
  }

  /** How far a message has come with each it was said to. @throws Refusal 404, or 422 on `starting_after` */
  async list(tenant: Tenant, messageId: string, query: PageQuery, viewer: string | null): Promise<Page<ReceiptRow>> {
    if (viewer !== null) {
      await this.messages.get(tenant, messageId, viewer);
    }
    const page = await this.receipts.list(tenant, messageId, query);
    if (!page) {
      throw notFound('message');
    }
    return page;
  }
}
