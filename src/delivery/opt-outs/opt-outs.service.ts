import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { WorkspaceSettingsService } from '../../workspaces/workspace-settings.service.js';
import { OptOutsRepository, type NewOptOut, type OptOutRow } from './opt-outs.repository.js';

export type { OptOutRow };

export type OptOutOf = Omit<NewOptOut, 'id' | 'scopeId'> & { readonly addressId: string };

const PROVIDERS = 'The provider blocks this number until the person sends START';

/** Who must not be written to, by which number of the client. */
@Injectable()
export class OptOutsService {
  constructor(
    private readonly optOuts: OptOutsRepository,
    private readonly settings: WorkspaceSettingsService,
  ) {}

  /** Null where there is one already. */
  async begin(tenant: Tenant, { addressId, ...rest }: OptOutOf): Promise<OptOutRow | null> {
    // They hold the salt that the number is hashed with, too: without settings there is none.
    const { optOut } = await this.settings.of(tenant);
    const scopeId = optOut.scope === 'workspace' ? tenant.clientId : addressId;
    return this.optOuts.insert(tenant, { ...rest, id: uuidv7(), scopeId });
  }

  /** @throws Refusal 409 where there is one already */
  async add(tenant: Tenant, optOut: OptOutOf): Promise<OptOutRow> {
    const made = await this.begin(tenant, optOut);
    if (!made) {
      throw new Refusal('id_in_use', 'This number is opted out already');
    }
    return made;
  }

  /**
   * All that keep the address from writing to it; where opt-outs concern the workspace, those of all its numbers.
   * @param at when the person said so: whoever said STOP since then is opted out; absent: now
   * @returns whether there was one
   */
  async endOfNumber(tenant: Tenant, addressId: string, number: string, at?: Date): Promise<boolean> {
    const { optOut } = await this.settings.of(tenant);
    const ended = await this.optOuts.endOfNumber(tenant, optOut.scope === 'workspace' ? null : addressId, number, at);
    return ended.length > 0;
  }

  /** @throws Refusal 404, or 409 where the provider itself keeps it */
  async end(tenant: Tenant, id: string): Promise<void> {
    if (!(await this.optOuts.end(tenant, id))) {
      throw (await this.optOuts.find(tenant, id)) ? new Refusal('limit_reached', PROVIDERS) : notFound('opt_out');
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
