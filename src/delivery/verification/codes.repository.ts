import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { ConnectionRow } from '../providers/carrier.js';
import { ASK, ATTEST, KEEP, TRY } from './codes.sql.js';

/** A number that a code goes to, and its provider. */
export type CodeAddress = ConnectionRow & { readonly address: string };

@Injectable()
export class CodesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Whether it needs one. */
  async ask(tenant: Tenant, addressId: string): Promise<boolean> {
    return (await this.row(tenant, ASK, addressId)) !== undefined;
  }

  /** Null where it needs none. */
  async keep(tenant: Tenant, addressId: string, sha256: Buffer): Promise<CodeAddress | null> {
    return (await this.row<CodeAddress & Record<string, unknown>>(tenant, KEEP, addressId, sha256)) ?? null;
  }

  async try(tenant: Tenant, addressId: string, sha256: Buffer): Promise<boolean> {
    return (await this.row<{ isRight: boolean }>(tenant, TRY, addressId, sha256))?.isRight ?? false;
  }

  async attest(tenant: Tenant, addressId: string): Promise<boolean> {
    return (await this.row(tenant, ATTEST, addressId)) !== undefined;
  }
}
