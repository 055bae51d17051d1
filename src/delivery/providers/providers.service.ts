import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ProvidersRepository, type ProviderRow } from './providers.repository.js';

export type { ProviderRow };

/** Who carries a client's messages. */
@Injectable()
export class ProvidersService {
  constructor(private readonly providers: ProvidersRepository) {}

  /** A test client has the simulator from the start. Null: a live one that has set none. */
  async find(tenant: Tenant): Promise<ProviderRow | null> {
    const there = await this.providers.findActive(tenant);
    if (there || tenant.livemode) {
      return there;
    }
    // Where another makes it at once, that one is found.
    const made = await this.providers.insert(tenant, uuidv7(), 'simulator');
    return made ?? this.providers.findActive(tenant);
  }

  /** @throws Refusal 422 where there is none */
  async get(tenant: Tenant): Promise<ProviderRow> {
    const provider = await this.find(tenant);
    if (!provider) {
      throw new ReasonedRefusal('provider_not_configured', 'No provider is set');
    }
    return provider;
  }

  /** @throws Refusal 422 where there is no such provider, or a client of this kind may not have it */
  async set(tenant: Tenant, kind: string): Promise<ProviderRow> {
    if (kind !== 'simulator') {
      throw new ReasonedRefusal('invalid_provider', 'There is no such provider');
    }
    if (tenant.livemode) {
      throw new ReasonedRefusal('invalid_provider', 'The simulator is for test workspaces');
    }
    return this.get(tenant);
  }
}
