import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import * as SQL from './contacts-bulk.sql.js';
import type { Contact } from './contact.entity.js';

export type HeldContact = Pick<Contact, 'email' | 'status' | 'customFields'> & { readonly id: string };

/** What all of them get; what is absent stays. */
export type BulkSet = Partial<Pick<Contact, 'status' | 'leadScore' | 'customFields'>>;

@Injectable()
export class ContactsBulkRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** Those that are there, until the commit. */
  async hold(tenant: Tenant, ids: readonly string[]): Promise<HeldContact[]> {
    await this.rows(tenant, SQL.HOLD, ids);
    return this.rows<HeldContact & Record<string, unknown>>(tenant, SQL.FIND, ids);
  }

  /** @returns those that changed */
  async update(tenant: Tenant, ids: readonly string[], set: BulkSet): Promise<ReadonlySet<string>> {
    const custom = set.customFields === undefined ? null : JSON.stringify(set.customFields);
    const values = [ids, set.status ?? null, set.leadScore ?? null, custom];
    // The copies first: the triggers of the customers then find nothing that is left to change.
    const changed = await this.rows<{ id: string }>(tenant, SQL.UPDATE, ...values);
    if (custom !== null) {
      await this.rows(tenant, SQL.UPDATE_CUSTOMERS, ids, custom);
    }
    return new Set(changed.map(({ id }) => id));
  }
}
