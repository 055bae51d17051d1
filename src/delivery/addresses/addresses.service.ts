import { Injectable } from '@nestjs/common';
import { CustomersService } from '../../customers/customers.service.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import { ShortMemory } from '../../platform/common/short-memory.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { ProvidersService } from '../providers/providers.service.js';
import { AddressesRepository, type AddressRow, type CheckedNumber } from './addresses.repository.js';

export type { AddressRow, CheckedNumber };

export const MAX_ADDRESSES = 1_000;

export interface AddressChange {
  readonly name?: string | null;
  readonly isDefault: boolean;
}

/** What a client speaks through. */
@Injectable()
export class AddressesService {
  /** Those that may speak, as each message asks. One that was released or replaced elsewhere speaks for seconds more. */
  private readonly speakers = new ShortMemory<AddressRow>();

  constructor(
    private readonly addresses: AddressesRepository,
    private readonly customers: CustomersService,
    private readonly providers: ProvidersService,
    private readonly database: Database,
  ) {
    providers.onChange.add(() => this.speakers.forget());
  }

  /**
   * One that the client had at another provider goes on with the conversations it has.
   * @throws Refusal 409 where the client has it, or has too many
   */
  async add(tenant: Tenant, checked: CheckedNumber, name: string | null): Promise<AddressRow> {
    const { number, providerId, isVerified } = checked;
    return this.database.transaction(tenant, async () => {
      await this.addresses.lock(tenant);
      const moved = await this.addresses.move(tenant, checked, name);
      if (moved) {
        return moved;
      }
      const { id } = await this.customers.createAddress(tenant, name ?? number);
      const row = { id, kind: 'number', address: number, providerId, name } as const;
      const made = await this.addresses.insert(tenant, { ...row, isVerified });
      if (!made) {
        throw new ReasonedRefusal('number_in_use', 'This workspace has this number already');
      }
      if ((await this.addresses.list(tenant)).length > MAX_ADDRESSES) {
        throw new Refusal('limit_reached', `A workspace has at most ${MAX_ADDRESSES} numbers`);
      }
      return made;
    });
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string): Promise<AddressRow> {
    return found(await this.addresses.find(tenant, id));
  }

  list(tenant: Tenant): Promise<AddressRow[]> {
    return this.addresses.list(tenant);
  }

  /** @throws Refusal 404 */
  async update(tenant: Tenant, id: string, change: AddressChange): Promise<AddressRow> {
    const changed = await this.database.transaction(tenant, async () => {
      await this.addresses.lock(tenant);
      return found(await this.addresses.update(tenant, id, change));
    });
    this.speakers.forget();
    return changed;
  }

  /** `work` verifies a number. One at a time: the first that is verified becomes the default. */
  async changing<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    const done = await this.database.transaction(tenant, async () => {
      await this.addresses.lock(tenant);
      return work();
    });
    this.speakers.forget();
    return done;
  }

  /** What is queued from it fails. @throws Refusal 404 */
  async release(tenant: Tenant, id: string): Promise<void> {
    if (!(await this.addresses.release(tenant, id))) {
      throw notFound('phone_number');
    }
    this.speakers.forget();
  }

  /** Whoever is to hear what came to `number`; null where it is none of the client's. */
  findByNumber(tenant: Tenant, number: string): Promise<AddressRow | null> {
    return this.addresses.findByAddress(tenant, number);
  }

  /** The one that speaks where nobody says which; null where there is none. */
  findDefault(tenant: Tenant): Promise<AddressRow | null> {
    return this.addresses.findByAddress(tenant, null);
  }

  /**
   * The one that may speak.
   * @param number null: the default
   * @throws Refusal 422 where it may not
   */
  speaker(tenant: Tenant, number: string | null): Promise<AddressRow> {
    return this.speakers.find(`${tenant.clientId} ${number ?? ''}`, () => this.findSpeaker(tenant, number));
  }

  private async findSpeaker(tenant: Tenant, number: string | null): Promise<AddressRow> {
    const [provider, address] = [await this.providers.get(tenant), await this.addresses.findByAddress(tenant, number)];
    if (address?.verifiedAt && address.providerId === provider.id) {
      return address;
    }
    throw number === null
      ? new ReasonedRefusal('provider_not_configured', 'The workspace has no verified number')
      : new ReasonedRefusal('invalid_from', 'This is not a verified number of the workspace');
  }
}

function found(address: AddressRow | null): AddressRow {
  if (!address) {
    throw notFound('phone_number');
  }
  return address;
}
