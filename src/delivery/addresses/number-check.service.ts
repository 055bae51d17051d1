import { Injectable } from '@nestjs/common';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { InvalidInput, Refusal } from '../../platform/common/errors/refusal.js';
import { mustBeOutsideTransactions } from '../../platform/common/outside-transactions.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CallbackUrls } from '../providers/callback-urls.js';
import { Connections } from '../providers/connections.js';
import { KINDS } from '../providers/provider-kinds.js';
import type { MessageProvider } from '../providers/provider.js';
import { ProvidersService } from '../providers/providers.service.js';
import { SERVICE } from '../providers/senders.js';
import { PHONE } from '../../platform/common/fields/fields.js';
import { MAX_ADDRESSES, type CheckedNumber, type OwnedNumbers } from './addresses.service.js';

/** Asks providers whose a number is. */
@Injectable()
export class NumberCheckService {
  constructor(
    private readonly providers: ProvidersService,
    private readonly connections: Connections,
    private readonly urls: CallbackUrls,
  ) {}

  /**
   * @param number in international format, or a messaging service
   * @throws Refusal 422 where it is not the account's, 503 where the provider does not answer
   */
  async check(tenant: Tenant, number: string): Promise<CheckedNumber> {
    mustBeOutsideTransactions();
    const row = await this.providers.get(tenant);
    if (SERVICE.test(number) && !KINDS[row.kind].hasServices) {
      throw new ReasonedRefusal('invalid_number', 'This provider has no messaging services');
    }
    const provider = await this.connections.of(tenant, row);
    const owned = await provider.ownsNumber(number).catch(noAnswer);
    if (owned === 'no') {
      throw new ReasonedRefusal('invalid_number', 'This number is not one of the account at the provider');
    }
    return { number, providerId: row.id, isVerified: owned === 'yes' };
  }

  /**
   * All numbers of the account, or those of one of its services; with `configure` they call us from now on.
   * @throws Refusal 422 where the provider can't say or there is no such service, 503 where it does not answer
   */
  async list(tenant: Tenant, serviceSid: string | null, configure: boolean): Promise<OwnedNumbers> {
    mustBeOutsideTransactions();
    const row = await this.providers.get(tenant);
    const provider = await this.connections.of(tenant, row);
    if (!provider.ownedNumbers) {
      const why = 'This provider does not say which numbers are yours. Add each of them.';
      throw new ReasonedRefusal('invalid_provider', why);
    }
    // One more than there may be, so that too many are not taken for all.
    const numbers = await provider.ownedNumbers(serviceSid, MAX_ADDRESSES + 1).catch(noAnswer);
    const byNumber = new Map(numbers.filter(({ number }) => PHONE.test(number)).map((one) => [one.number, one]));
    const owned = { providerId: row.id, service: serviceSid, numbers: [...byNumber.values()] };
    // Of too many none is taken over.
    if (configure && owned.numbers.length <= MAX_ADDRESSES) {
      await this.configure(provider, owned);
    }
    return owned;
  }

  /** What phones send is said to us; whoever heard it before does no more. */
  private async configure(provider: MessageProvider, { service, numbers }: OwnedNumbers): Promise<void> {
    if (!this.urls.areReachable) {
      const why = 'The configure field needs a server that providers can call: PUBLIC_URL is not set.';
      throw new InvalidInput({ configure: [why] });
    }
    const silent = numbers.filter(({ callsUs }) => !callsUs);
    await provider.callFor?.(service, silent).catch(noAnswer);
  }
}

function noAnswer(error: unknown): never {
  throw error instanceof Refusal
    ? error
    : new Refusal('unavailable', `The provider does not answer: ${(error as Error).message}`);
}
