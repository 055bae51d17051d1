import { Injectable } from '@nestjs/common';
import { CustomersService } from '../../customers/customers.service.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import { ShortMemory } from '../../platform/common/short-memory.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import type { OwnedNumber } from '../providers/provider.js';
import { ProvidersService } from '../providers/providers.service.js';
import { SERVICE } from '../providers/senders.js';
import type { AddressKind } from './address.entity.js';
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
  /** The messaging service whose numbers they are; null: all that the account has. */
  readonly service: string | null;
}

/** What the provider says is the account's; absent: it sends all there is. */
type Owned = Pick<OwnedNumber, 'number'> & Partial<OwnedNumber>;

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
      const row = { id, kind: kindOf(number), address: number, providerId, name };
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
   * again goes on. Those of a messaging service speak as that, which is added, too.
   * @throws Refusal 409 where there are too many
   */
  async import(tenant: Tenant, { providerId, numbers, service }: OwnedNumbers): Promise<ImportedNumbers> {
    return this.changing(tenant, async () => {
      const all = numbers.map(({ number }) => number);
      const gone = service === null ? await this.addresses.loseAllBut(tenant, providerId, all) : [];
      const there = new Map((await this.addresses.list(tenant)).map((one) => [one.address, one]));
      refuseTooMany(new Set([...there.keys(), ...all, ...(service === null ? [] : [service])]).size);
      const added: AddressRow[] = [];
      for (const one of [...numbers, ...(service === null ? [] : [{ number: service }])]) {
        const taken = await this.takeOver(tenant, providerId, one, there.get(one.number));
        added.push(...(taken ? [taken] : []));
      }
      if (service === null) {
        return { added, gone };
      }
      const { id: serviceId } = (await this.addresses.findByAddress(tenant, service))!;
      await this.addresses.mark(tenant, serviceId, all);
      return { added: added.map((one) => (one.id === serviceId ? one : { ...one, serviceId })), gone };
    });
  }

  /** It is the default from now on. @throws Refusal 409 where there are too many */
  async speakThrough(tenant: Tenant, providerId: string, service: string): Promise<void> {
    await this.changing(tenant, async () => {
      const known = (await this.addresses.findByAddress(tenant, service)) ?? undefined;
      const { id } = (await this.takeOver(tenant, providerId, { number: service }, known)) ?? known!;
      refuseTooMany((await this.addresses.list(tenant)).length);
      await this.addresses.update(tenant, id, { isDefault: true });
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

  /** Null where it is none of the client's. */
  findByNumber(tenant: Tenant, number: string): Promise<AddressRow | null> {
    return this.addresses.findByAddress(tenant, number);
  }

  /**
   * Whoever is to hear what came to `number` of a provider; null where it is none of that provider's.
   * @param service what it came through, as the provider says; null: nothing
   */
  async findHearer(
    tenant: Tenant,
    providerId: string,
    number: string,
    service: string | null,
  ): Promise<AddressRow | null> {
    const through = service === null ? null : await this.addresses.findByAddress(tenant, service);
    if (through?.providerId === providerId) {
      return through;
    }
    const address = await this.addresses.findByAddress(tenant, number);
    return address?.providerId === providerId ? this.serviceOf(tenant, address) : null;
  }

  /** The one that speaks where nobody says which; null where there is none. */
  findDefault(tenant: Tenant): Promise<AddressRow | null> {
    return this.addresses.findByAddress(tenant, null);
  }

  /**
   * The one that may speak: of a number in a messaging service, that.
   * @param number null: the default
   * @throws Refusal 422 where it may not
   */
  speaker(tenant: Tenant, number: string | null): Promise<AddressRow> {
    return this.speakers.find(`${tenant.clientId} ${number ?? ''}`, async () =>
      this.serviceOf(tenant, await this.findSpeaker(tenant, number)),
    );
  }

  /** The number itself, where it is to go on with a conversation of its own. @throws Refusal 422 where it may not speak */
  speakerAlone(tenant: Tenant, number: string): Promise<AddressRow> {
    return this.speakers.find(`alone ${tenant.clientId} ${number}`, () => this.findSpeaker(tenant, number));
  }

  /** Null where it was there already, and may speak. */
  private async takeOver(
    tenant: Tenant,
    providerId: string,
    { number, capabilities }: Owned,
    known: AddressRow | undefined,
  ): Promise<AddressRow | null> {
    if (!known) {
      const { id } = await this.customers.createAddress(tenant, number);
      const row = { id, kind: kindOf(number), address: number, providerId, name: null, isVerified: true };
      return this.addresses.insert(tenant, { ...row, capabilities });
    }
    if (known.providerId !== providerId) {
      return this.addresses.move(tenant, { number, providerId, isVerified: true }, null);
    }
    return known.verifiedAt ? null : this.addresses.verify(tenant, number);
  }

  /** What speaks and hears for it: itself, where it is in no service. */
  private async serviceOf(tenant: Tenant, address: AddressRow): Promise<AddressRow> {
    const service = address.serviceId === null ? null : await this.addresses.find(tenant, address.serviceId);
    return service?.verifiedAt && service.providerId === address.providerId ? service : address;
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

/** By how it is written. */
function kindOf(address: string): AddressKind {
  return SERVICE.test(address) ? 'service' : 'number';
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
