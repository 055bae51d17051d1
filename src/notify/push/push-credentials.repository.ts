import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { Provider } from './device.entity.js';
import type { PushCredential } from './push-credential.entity.js';
import { FIND, KEEP, REMOVE } from './push-credentials.sql.js';

/** What is shown of credentials: that there are some. */
export type CredentialRow = Pick<PushCredential, 'provider' | 'updatedAt'>;

@Injectable()
export class PushCredentialsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async keep(tenant: Tenant, provider: Provider, sealed: Buffer): Promise<CredentialRow> {
    return (await this.row<CredentialRow>(tenant, KEEP, provider, sealed))!;
  }

  async find(tenant: Tenant, provider: Provider): Promise<CredentialRow | null> {
    return (await this.row<CredentialRow>(tenant, FIND, provider)) ?? null;
  }

  async remove(tenant: Tenant, provider: Provider): Promise<boolean> {
    return (await this.row(tenant, REMOVE, provider)) !== undefined;
  }
}
