import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import { Database } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import { ApiKey } from './api-key.entity.js';
import { LIST } from './api-keys.sql.js';

/** What is shown of a key. */
export type ApiKeyRow = Omit<ApiKey, 'secretSha256' | 'client'>;

/** Always of one client. */
@Injectable()
export class ApiKeysRepository extends TenantRepository {
  constructor(
    database: Database,
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
  ) {
    super(database);
  }

  async insert(key: Omit<ApiKey, 'createdAt' | 'client' | 'revokedAt' | 'lastUsedAt'>): Promise<ApiKey> {
    const row = this.keys.create({ ...key, revokedAt: null, lastUsedAt: null });
    await this.keys.insert(row);
    return row;
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

  /** @throws Refusal 422 on its cursor */
  list(clientId: string, query: PageQuery): Promise<Page<ApiKeyRow>> {
    return this.page({ clientId }, LIST, query);
  }
}
