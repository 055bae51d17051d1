import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { ReceiptKind } from './receipt.entity.js';
import { DELIVER, LIST, LOCK_MEMBER, READ } from './receipts.sql.js';

/** Up to where a member has read, or received, a channel. */
export interface Mark {
  /** Whether the message that was named is one of the channel; where it is not, nothing moved. */
  readonly found: boolean;
  readonly position: number;
  readonly unreadCount: number;
}

/** The status of a message for one member; `id` is the customer's. */
export interface ReceiptRow {
  readonly id: string;
  readonly status: ReceiptKind | 'sent';
  readonly at: Date;
}

@Injectable()
export class ReceiptsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Null where the customer is not in the channel. */
  mark(
    tenant: Tenant,
    kind: ReceiptKind,
    { channelId, customerId, messageId }: { channelId: string; customerId: string; messageId: string | null },
  ): Promise<Mark | null> {
    return this.transaction(tenant, async () => {
      if (!(await this.row(tenant, LOCK_MEMBER, channelId, customerId))) {
        return null;
      }
      // It sees what the lock was waited for: a message deleted meanwhile counts no more.
      const mark = await this.row<Mark & Record<string, unknown>>(
        tenant,
        kind === 'read' ? READ : DELIVER,
        channelId,
        customerId,
        messageId,
      );
      return mark!;
    });
  }

  /** By customer. Null where there is no such message. */
  list(tenant: Tenant, messageId: string, query: PageQuery): Promise<Page<ReceiptRow> | null> {
    return this.findPage(tenant, LIST, query, messageId);
  }
}
