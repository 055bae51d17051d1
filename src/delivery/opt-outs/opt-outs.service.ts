import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { WorkspaceSettingsService } from '../../workspaces/workspace-settings.service.js';
import { OptOutsRepository, type NewOptOut, type OptOutRow } from './opt-outs.repository.js';

export type { OptOutRow };

export type OptOutOf = Omit<NewOptOut, 'id' | 'scopeId'> & { readonly addressId: string };

/** Who must not be written to, by which number of the client. */
@Injectable()
export class OptOutsService {
  constructor(
    private readonly optOuts: OptOutsRepository,
    private readonly settings: WorkspaceSettingsService,
  ) {}

  /** Null where there is one already. */
  async begin(tenant: Tenant, { addressId, ...rest }: OptOutOf): Promise<OptOutRow | null> {
    // They hold the salt that the number is hashed with.
    await this.settings.of(tenant);
    return this.optOuts.insert(tenant, { ...rest, id: uuidv7(), scopeId: addressId });
  }

  /** @throws Refusal 409 where there is one already */
  async add(tenant: Tenant, optOut: OptOutOf): Promise<OptOutRow> {
    const made = await this.begin(tenant, optOut);
    if (!made) {
      throw new Refusal('id_in_use', 'This number is opted out already');
    }
    return made;
  }

  /** Whether there was one. */
  async endOfNumber(tenant: Tenant, addressId: string, number: string): Promise<boolean> {
    return (await this.optOuts.endOfNumber(tenant, addressId, number)) !== null;
  }

  /** @throws Refusal 404 */
  async end(tenant: Tenant, id: string): Promise<void> {
    if (!(await this.optOuts.end(tenant, id))) {
      throw notFound('opt_out');
    }
  }

  /** Those that have not ended, newest first. */
  list(
    tenant: Tenant,
    slice: { readonly limit: number; readonly offset: number },
  ): ReturnType<OptOutsRepository['list']> {
    return this.optOuts.list(tenant, slice);
  }

  /** In any order; ids of nothing are left out. */
  async findMany(tenant: Tenant, ids: readonly string[]): Promise<readonly OptOutRow[]> {
    return ids.length === 0 ? [] : this.optOuts.findMany(tenant, ids);
  }

  async isOptedOut(tenant: Tenant, addressId: string, number: string): Promise<boolean> {
    return (await this.optOuts.findOfNumber(tenant, addressId, number)) !== null;
  }
}
