import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import { Database } from '../platform/database/database.js';
import { slicedOf, type NumberedRow, type Slice, type Sliced } from '../platform/database/numbered-list.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import { ApiKey } from './api-key.entity.js';
import { COUNT_LIVE, CREATE_KEY, LIST, LIST_NUMBERED } from './api-keys.sql.js';
import { LOCK_CLIENT } from './client-lock.sql.js';

/** What is shown of a key. */
export type ApiKeyRow = Omit<ApiKey, 'secretSha256' | 'client'>;

/** Always of one client. */
@Injectable()
export class ApiKeysRepository extends TenantRepository {
  constructor(
    private readonly anywhere: Database,
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
  ) {
    super(anywhere);
  }

  async insert(key: Omit<ApiKey, 'createdAt' | 'client' | 'revokedAt' | 'lastUsedAt'>): Promise<ApiKey> {
    const { clientId, id, name, secretSha256, last4, scopes, expiresAt } = key;
    const values = [id, name, secretSha256, last4, scopes, expiresAt];
    const [row] = await this.rows<{ createdAt: Date }>({ clientId }, CREATE_KEY, ...values);
    return { ...key, createdAt: row!.createdAt, revokedAt: null, lastUsedAt: null };
  }

  find(clientId: string, id: string): Promise<ApiKey | null> {
    return this.keys.findOneBy({ clientId, id });
  }

  async revoke(clientId: string, id: string, at: Date): Promise<void> {
    await this.keys.update({ clientId, id, revokedAt: IsNull() }, { revokedAt: at });
  }

  async markUsed(clientId: string, id: string, at: Date): Promise<void> {
    await this.keys.update({ clientId, id }, { lastUsedAt: at });
  }

  /** Until the end of the transaction nobody else adds to them. */
  async countLive(clientId: string): Promise<number> {
    await this.rows({ clientId }, LOCK_CLIENT);
    return (await this.rows<{ live: number }>({ clientId }, COUNT_LIVE))[0]!.live;
  }

  async listNumbered(clientId: string, { limit, offset }: Slice): Promise<Sliced<ApiKeyRow>> {
    const rows = await this.rows<NumberedRow<ApiKeyRow> & Record<string, unknown>>(
      { clientId },
      LIST_NUMBERED,
      limit,
      offset,
    );
    return slicedOf(rows);
  }

  inTransaction<T>(clientId: string, work: () => Promise<T>): Promise<T> {
    return this.anywhere.transaction({ clientId }, work);
  }

  /** @throws Refusal 422 on its cursor */
  list(clientId: string, query: PageQuery): Promise<Page<ApiKeyRow>> {
    return this.page({ clientId }, LIST, query);
  }
}
