import { Injectable } from '@nestjs/common';
import type { CustomerProfile } from '../../customers/customer.entity.js';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import * as SQL from './contact-merges.sql.js';
import type { ContactFields } from './contacts.repository.js';

/** One of two that become one. */
export interface MergingContact extends ContactFields {
  readonly id: string;
  readonly number: number;
  /** The customer's. */
  readonly name: string;
  readonly profile: CustomerProfile | null;
  /** The customer's, in international format. */
  readonly customerPhone: string | null;
}

/** By what somebody is not known any more. */
export interface FormerAddresses {
  readonly email: string | null;
  /** In international format. */
  readonly phone: string | null;
  readonly typedPhone: string | null;
}

type Held = 'held' | 'gone' | 'again' | 'too_much';

/** Each method is a step of a transaction that the service runs. */
@Injectable()
export class ContactMergesRepository extends TenantRepository {
  constructor(private readonly unit: Database) {
    super(unit);
  }

  /** Until the commit nobody writes as either, joins or leaves. Where they are not held, nothing is. */
  async hold(tenant: Tenant, stays: string, goes: string, most: number): Promise<Held> {
    const hold = async () =>
      (await this.row<{ outcome: Held }>(tenant, SQL.HOLD, stays, goes, most))?.outcome ?? 'gone';
    return this.unit.rollbackUnless(hold, (outcome) => outcome === 'held');
  }

  async get(tenant: Tenant, id: string): Promise<MergingContact> {
    return (await this.row<MergingContact & Record<string, unknown>>(tenant, SQL.FIND, [id]))!;
  }

  async merge(tenant: Tenant, stays: string, goes: string): Promise<void> {
    await this.row(tenant, SQL.MERGE, stays, goes);
  }

  async remember(
    tenant: Tenant,
    stays: string,
    { id, number }: Pick<MergingContact, 'id' | 'number'>,
    { email, phone, typedPhone }: FormerAddresses,
  ): Promise<void> {
    await this.row(tenant, SQL.REMEMBER, stays, id, number, email, phone, typedPhone);
  }

  /** What a contact that was merged within the last 30 days is part of. */
  async findMerged(tenant: Tenant, ref: ObjectRef): Promise<{ readonly id: string; readonly number: number } | null> {
    return (await this.row<{ id: string; number: number }>(tenant, SQL.FIND_MERGED, ...refValues(ref))) ?? null;
  }
}
