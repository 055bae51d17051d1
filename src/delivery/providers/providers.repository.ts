import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { ConnectionRow } from './carrier.js';
import type { MessagingProvider, ProviderKind } from './messaging-provider.entity.js';
import type { ProviderSettings } from './provider.js';
import {
  CATCH_UP_ALL,
  CLAIM_CATCH_UP,
  CREATE,
  FIND_ACTIVE,
  FIND_FOR_CALLBACK,
  LIST,
  LOCK,
  NOTE_ERROR,
  RETIRE,
  UPDATE,
  FIND_SEALED_BEFORE,
  SEAL_ANEW,
} from './providers.sql.js';

export type ProviderRow = ConnectionRow & Pick<MessagingProvider, 'lastError' | 'createdAt'>;
type CallbackRow = ConnectionRow & Pick<Tenant, 'livemode'>;

/** A provider of any client. */
export type ProviderOf = ConnectionRow & Tenant;

/** A secret as it is stored. */
export type SealedRow = Pick<MessagingProvider, 'clientId' | 'id'> & { readonly secret: Buffer };

export interface NewSettings {
  readonly id: string;
  readonly shown: ProviderSettings;
  readonly sealed: Buffer | null;
}

@Injectable()
export class ProvidersRepository extends TenantRepository {
  constructor(private readonly all: Database) {
    super(all);
  }

  async findActive(tenant: Tenant): Promise<ProviderRow | null> {
    return (await this.row<ProviderRow>(tenant, FIND_ACTIVE)) ?? null;
  }

  /** Of a client that nobody has admitted: whoever asks has yet to prove that it is its provider. */
  async findForCallback(clientId: string, id: string): Promise<CallbackRow | null> {
    return (await this.row<CallbackRow>({ clientId, livemode: false }, FIND_FOR_CALLBACK, id)) ?? null;
  }

  /** All there are, once no other may set one. */
  async lock(tenant: Tenant): Promise<ProviderRow[]> {
    await this.rows(tenant, LOCK);
    return this.rows<ProviderRow>(tenant, LIST);
  }

  /** All but this one. Answers whether one was active. */
  async retire(tenant: Tenant, exceptId: string | null): Promise<boolean> {
    return (await this.rows(tenant, RETIRE, exceptId)).length > 0;
  }

  /** Null where there is an active one already. */
  async insert(tenant: Tenant, kind: ProviderKind, { id, shown, sealed }: NewSettings): Promise<ProviderRow | null> {
    return (await this.row<ProviderRow>(tenant, CREATE, id, kind, JSON.stringify(shown), sealed)) ?? null;
  }

  async update(tenant: Tenant, { id, shown, sealed }: NewSettings): Promise<ProviderRow> {
    return (await this.row<ProviderRow>(tenant, UPDATE, id, JSON.stringify(shown), sealed))!;
  }

  async noteError(tenant: Tenant, id: string, error: string): Promise<void> {
    await this.row(tenant, NOTE_ERROR, id, error);
  }

  /** Of all clients. */
  async catchUpAll(): Promise<void> {
    await this.all.acrossTenants(CATCH_UP_ALL, []);
  }

  claimCatchUp(most: number): Promise<ProviderOf[]> {
    return this.all.acrossTenants<ProviderOf & Record<string, unknown>>(CLAIM_CATCH_UP, [most]);
  }

  /** Of all clients. */
  findSealedBefore(keyId: Buffer, after: Pick<SealedRow, 'clientId' | 'id'>, most: number): Promise<SealedRow[]> {
    const values = [keyId, after.clientId, after.id, most];
    return this.all.acrossTenants<SealedRow & Record<string, unknown>>(FIND_SEALED_BEFORE, values);
  }

  async sealAnew({ clientId, id, secret }: SealedRow, sealed: Buffer): Promise<void> {
    await this.all.runFor({ clientId }, SEAL_ANEW, [id, secret, sealed]);
  }
}
