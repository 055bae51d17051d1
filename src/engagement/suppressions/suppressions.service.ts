import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { known, type NumberedItems, type NumberSlice } from '../number-slice.js';
import type { SuppressionReason } from './suppression.entity.js';
import { SuppressionsRepository, type SuppressionRow } from './suppressions.repository.js';

export type { SuppressionRow };

/** E-mail addresses that get nothing unasked. */
@Injectable()
export class SuppressionsService {
  constructor(private readonly suppressions: SuppressionsRepository) {}

  /** The one there is, where there is one: the first reason stays. */
  async add(tenant: Tenant, email: string, reason: SuppressionReason, source: string): Promise<SuppressionRow> {
    for (;;) {
      const added = await this.suppressions.insert(tenant, { id: uuidv7(), email, reason, source });
      const found = added ?? (await this.suppressions.findOfEmail(tenant, email));
      if (found) {
        return found;
      }
      // Neither: it was lifted meanwhile.
    }
  }

  /** The first reason stays. */
  async addMany(tenant: Tenant, emails: readonly string[], reason: SuppressionReason, source: string): Promise<void> {
    const rows = emails.map((email) => ({ id: uuidv7(), email }));
    if (rows.length > 0) {
      await this.suppressions.insertMany(tenant, rows, reason, source);
    }
  }

  /** Whoever has these addresses may be written to again. */
  async liftMany(tenant: Tenant, emails: readonly string[]): Promise<void> {
    if (emails.length > 0) {
      await this.suppressions.liftMany(tenant, emails);
    }
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<SuppressionRow> {
    const found = await this.suppressions.find(tenant, ref);
    if (!found) {
      throw notFound('suppression');
    }
    return found;
  }

  findOfEmail(tenant: Tenant, email: string): Promise<SuppressionRow | null> {
    return this.suppressions.findOfEmail(tenant, email);
  }

  /** By their numbers. @throws Refusal 422 on `after` */
  async list(
    tenant: Tenant,
    slice: NumberSlice,
    { reason = null, email = null }: { readonly reason?: SuppressionReason | null; readonly email?: string | null },
  ): Promise<NumberedItems<SuppressionRow>> {
    const part = await known(slice, (ref) => this.suppressions.find(tenant, ref));
    return this.suppressions.list(tenant, part, reason, email);
  }

  /** @throws Refusal 404 */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    if (!(await this.suppressions.remove(tenant, ref))) {
      throw notFound('suppression');
    }
  }

  /** Whoever has this address may be written to again. */
  lift(tenant: Tenant, email: string): Promise<void> {
    return this.suppressions.lift(tenant, email);
  }
}
