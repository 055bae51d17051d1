import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { InboundService } from '../inbound/inbound.service.js';
import { ProvidersService } from './providers.service.js';

/** The phones of test clients. */
@Injectable()
export class SimulatedPhone {
  constructor(
    private readonly inbound: InboundService,
    private readonly providers: ProvidersService,
  ) {}

  /**
   * Sends as a phone would.
   * @param name what the provider calls the message: the same is taken in once
   * @returns the id of the message; null where it was there already
   * @throws Refusal 404 where `to` is none of the client's numbers, 422 where there is no simulator
   */
  async say(
    tenant: Tenant,
    text: { readonly from: string; readonly to: string; readonly body: string },
    name: string = uuidv7(),
  ): Promise<string | null> {
    const { id: providerId, kind } = await this.providers.get(tenant);
    if (kind !== 'simulator') {
      throw new ReasonedRefusal('invalid_provider', 'Only the simulator can simulate');
    }
    const { from, to, body } = text;
    const provider = `${kind}:${providerId}`;
    return this.inbound.receive(tenant, { providerId, provider, providerMessageId: name, from, to, body });
  }
}
