import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { Address, AddressKind, Capability } from './address.entity.js';
import {
  CREATE,
  FIND,
  FIND_BY_ADDRESS,
  LIST,
  LOCK,
  LOSE,
  MARK,
  MOVE,
  RELEASE,
  UPDATE,
  VERIFY,
} from './addresses.sql.js';

/** `id` is the customer's. The service is one that was not released. */
export type AddressRow = Pick<
  Address,
  'address' | 'serviceId' | 'name' | 'capabilities' | 'isDefault' | 'verifiedAt' | 'createdAt'
> & { readonly id: string; readonly kind: AddressKind; readonly providerId: string };
/** A number in international format, or a messaging service, at the client's provider. */
export interface CheckedNumber {
  readonly number: string;
  readonly providerId: string;
  /** Whether the provider says that it is the account's. */
  readonly isVerified: boolean;
}
type NewRow = Pick<AddressRow, 'id' | 'kind' | 'address' | 'providerId' | 'name'> & {
  readonly isVerified: boolean;
  /** Absent: all there are. */
  readonly capabilities?: readonly Capability[];
};

@Injectable()
export class AddressesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async lock(tenant: Tenant): Promise<void> {
    await this.row(tenant, LOCK);
  }

  /** Null where the client has it already. */
  async insert(tenant: Tenant, row: NewRow): Promise<AddressRow | null> {
    const { id, kind, providerId, address, name, isVerified, capabilities = null } = row;
    const values = [id, kind, providerId, address, name, isVerified, capabilities];
    return (await this.row<AddressRow>(tenant, CREATE, ...values)) ?? null;
  }

  /** Null where the client has it at no other provider. */
  async move(
    tenant: Tenant,
    { number, providerId, isVerified }: CheckedNumber,
    name: string | null,
  ): Promise<AddressRow | null> {
    return (await this.row<AddressRow>(tenant, MOVE, number, providerId, name, isVerified)) ?? null;
  }

  /** Null where the client has it not. */
  async verify(tenant: Tenant, number: string): Promise<AddressRow | null> {
    return (await this.row<AddressRow>(tenant, VERIFY, number)) ?? null;
  }

  /** Those that were verified. */
  loseAllBut(tenant: Tenant, providerId: string, numbers: readonly string[]): Promise<AddressRow[]> {
    return this.rows<AddressRow>(tenant, LOSE, providerId, numbers);
  }

  /** Which numbers of its provider the service has. */
  async mark(tenant: Tenant, serviceId: string, numbers: readonly string[]): Promise<void> {
    await this.row(tenant, MARK, serviceId, numbers);
  }

  async find(tenant: Tenant, id: string): Promise<AddressRow | null> {
    return (await this.row<AddressRow>(tenant, FIND, id)) ?? null;
  }

  /** @param address null: the default */
  async findByAddress(tenant: Tenant, address: string | null): Promise<AddressRow | null> {
    return (await this.row<AddressRow>(tenant, FIND_BY_ADDRESS, address)) ?? null;
  }

  list(tenant: Tenant): Promise<AddressRow[]> {
    return this.rows<AddressRow>(tenant, LIST);
  }

  async update(
    tenant: Tenant,
    id: string,
    { name, isDefault }: { readonly name?: string | null; readonly isDefault: boolean },
  ): Promise<AddressRow | null> {
    const row = await this.row<AddressRow>(tenant, UPDATE, id, name ?? null, name !== undefined, isDefault);
    return row ?? null;
  }

  async release(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.row(tenant, RELEASE, id)) !== undefined;
  }
}
