import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { Delivery, Direction } from '../deliveries/delivery.entity.js';
import type { FilePart } from '../media/media.repository.js';
import type { DeliveryStatus } from '../deliveries/delivery-status.js';
import { FIND, FIND_THREAD, listNarrowed, NARROWINGS, SIGN } from './texts.sql.js';

/** A text message with how it travelled. */
export type StoredText = Pick<
  Delivery,
  | 'id'
  | 'direction'
  | 'medium'
  | 'status'
  | 'channelId'
  | 'segments'
  | 'encoding'
  | 'price'
  | 'currency'
  | 'errorCode'
  | 'errorText'
  | 'provider'
  | 'providerMessageId'
  | 'attempts'
  | 'keyId'
  | 'createdAt'
  | 'scheduledAt'
  | 'sentAt'
  | 'updatedAt'
> & {
  readonly from: string | null;
  readonly to: string | null;
  readonly deliveredAt: Date | null;
  /** Null where it was deleted. */
  readonly body: string | null;
  /** Whether the workspace has it on: then the text is sent in other characters. */
  readonly smartEncoding: boolean;
  readonly files: readonly FilePart[];
  /** Who spoke as the number, where it was a user. */
  readonly userId: string | null;
};

export interface Thread {
  readonly personId: string | null;
  readonly channelId: string | null;
  readonly isOptedOut: boolean;
}

export interface TextFilter {
  readonly direction?: Direction | null;
  readonly status?: DeliveryStatus | null;
  readonly addressId: string | null;
  /** From then on. */
  readonly createdAfter?: Date | null;
  readonly createdBefore?: Date | null;
}

/** Which rows of a list. */
export interface Slice {
  readonly limit: number;
  readonly offset: number;
}

export interface Texts {
  readonly items: readonly StoredText[];
  readonly total: number;
}

@Injectable()
export class TextsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async findThread(tenant: Tenant, addressId: string, number: string): Promise<Thread> {
    return (await this.row<Thread & Record<string, unknown>>(tenant, FIND_THREAD, addressId, number))!;
  }

  async find(tenant: Tenant, id: string): Promise<StoredText | null> {
    return (await this.row<StoredText>(tenant, FIND, id)) ?? null;
  }

  async list(tenant: Tenant, filter: TextFilter, { limit, offset }: Slice): Promise<Texts> {
    const { createdAfter = null, createdBefore = null } = filter;
    const by = NARROWINGS.filter((one) => (filter[one] ?? null) !== null);
    const values = [limit, offset, createdAfter, createdBefore, ...by.map((one) => filter[one])];
    const rows = await this.rows<StoredText & { readonly total: number }>(tenant, listNarrowed(by), ...values);
    return { total: rows[0]!.total, items: rows.filter(({ id }) => id !== null) };
  }

  async sign(tenant: Tenant, messageId: string, userId: string): Promise<void> {
    await this.row(tenant, SIGN, messageId, userId);
  }
}
