import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import * as SQL from './conversation-merges.sql.js';

type Held = 'held' | 'gone' | 'others' | 'stranger' | 'too_much';

/** Each method is a step of a transaction that the service runs. */
@Injectable()
export class ConversationMergesRepository extends TenantRepository {
  constructor(private readonly unit: Database) {
    super(unit);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** Until the commit nobody writes in either, reads, joins or leaves. Where they are not held, nothing is. */
  async hold(tenant: Tenant, stays: string, goes: string, most: number): Promise<Held> {
    const hold = async () =>
      (await this.row<{ outcome: Held }>(tenant, SQL.HOLD, stays, goes, most))?.outcome ?? 'gone';
    return this.unit.rollbackUnless(hold, (outcome) => outcome === 'held');
  }

  async merge(tenant: Tenant, stays: string, goes: string, userId: string | null): Promise<void> {
    await this.row(tenant, SQL.MERGE, stays, goes, userId);
  }

  /** What a conversation that was merged is part of. */
  async findMerged(tenant: Tenant, ref: ObjectRef): Promise<{ readonly id: string; readonly number: number } | null> {
    return (await this.row<{ id: string; number: number }>(tenant, SQL.FIND_MERGED, ...refValues(ref))) ?? null;
  }
}
