import { Injectable } from '@nestjs/common';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { mustBeOutsideTransactions } from '../../platform/common/outside-transactions.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Connections } from '../providers/connections.js';
import { ProvidersService } from '../providers/providers.service.js';
import type { CheckedNumber } from './addresses.service.js';

/** Asks providers whose a number is. */
@Injectable()
export class NumberCheckService {
  constructor(
    private readonly providers: ProvidersService,
    private readonly connections: Connections,
  ) {}

  /**
   * @param number in international format
   * @throws Refusal 422 where it is not the account's, 503 where the provider does not answer
   */
  async check(tenant: Tenant, number: string): Promise<CheckedNumber> {
    mustBeOutsideTransactions();
    const row = await this.providers.get(tenant);
    const provider = await this.connections.of(tenant, row);
    const owned = await provider.ownsNumber(number).catch((error: unknown) => {
      throw new Refusal('unavailable', `The provider does not answer: ${(error as Error).message}`);
    });
    if (owned === 'no') {
      throw new ReasonedRefusal('invalid_number', 'This number is not one of the account at the provider');
    }
    return { number, providerId: row.id, isVerified: owned === 'yes' };
  }
}
