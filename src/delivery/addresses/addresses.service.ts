import { Injectable } from '@nestjs/common';
import { CustomersService } from '../../customers/customers.service.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import { ShortMemory } from '../../platform/common/short-memory.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import type { OwnedNumber } from '../providers/provider.js';
import { ProvidersService } from '../providers/providers.service.js';
import { AddressesRepository, type AddressRow, type CheckedNumber } from './addresses.repository.js';

export type { AddressRow, CheckedNumber };

export const MAX_ADDRESSES = 1_000;

export interface AddressChange {
  readonly name?: string | null;
  readonly isDefault: boolean;
}

/** The numbers of an account, as its provider lists them. */
export interface OwnedNumbers {
  readonly providerId: string;
  readonly numbers: readonly OwnedNumber[];
  /** Whether it has no others. */
  readonly isWhole: boolean;
}

/** What an import changed. */
export interface ImportedNumbers {
  readonly added: readonly AddressRow[];
  readonly gone: readonly AddressRow[];
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
      refuseTooMany((await this.addresses.list(tenant)).length);
      return made;
    });
  }

  /**
   * Adds what is missing of them, and lets nothing speak any more that is none of them. A number that becomes the account's
   * again goes on. @throws Refusal 409 where there are too many
   */
  async import(tenant: Tenant, { providerId, numbers, isWhole }: OwnedNumbers): Promise<ImportedNumbers> {
    return this.changing(tenant, async () => {
      const all = numbers.map(({ number }) => number);
      const gone = isWhole ? await this.addresses.loseAllBut(tenant, providerId, all) : [];
      const there = new Map((await this.addresses.list(tenant)).map((one) => [one.address, one]));
      refuseTooMany(new Set([...there.keys(), ...all]).size);
      const added: AddressRow[] = [];
      for (const { number, capabilities } of numbers) {
        const known = there.get(number);
        if (!known) {
          const { id } = await this.customers.createAddress(tenant, number);
          const row = { id, kind: 'number', address: number, providerId, name: null, isVerified: true } as const;
          added.push((await this.addresses.insert(tenant, { ...row, capabilities }))!);
        } else if (known.providerId !== providerId) {
          added.push((await this.addresses.move(tenant, { number, providerId, isVerified: true }, null))!);
        } else if (!known.verifiedAt) {
          added.push((await this.addresses.verify(tenant, number))!);
        }
      }
      return { added, gone };
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

  /** `work` verifies numbers. One at a time: the first that is verified becomes the default. */
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

function refuseTooMany(count: number): void {
  if (count > MAX_ADDRESSES) {
    throw new Refusal('limit_reached', `A workspace has at most ${MAX_ADDRESSES} numbers`);
  }
}

function found(address: AddressRow | null): AddressRow {
  if (!address) {
    throw notFound('phone_number');
  }
  return address;
}
