import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { Page, type PageQuery } from '../platform/common/pagination/page.js';
import { ApiKey } from './api-key.entity.js';

/** Always of one client. */
@Injectable()
export class ApiKeysRepository {
  constructor(@InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>) {}

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

  /** Newest first, revoked ones too. */
  async list(clientId: string, { limit, startingAfter }: PageQuery): Promise<Page<ApiKey>> {
    const query = this.keys
      .createQueryBuilder('key')
      .andWhere('key.clientId = :clientId', { clientId })
      .orderBy('key.createdAt', 'DESC')
      .addOrderBy('key.id', 'DESC')
      .limit(limit + 1);
    if (startingAfter !== undefined) {
      query.andWhere(
        `(key.createdAt, key.id) < (
          SELECT cursor.created_at, cursor.id FROM api_keys cursor WHERE cursor.client_id = :clientId AND cursor.id = :startingAfter)`,
        { startingAfter },
      );
    }
    const [rows, total] = await Promise.all([query.getMany(), this.keys.countBy({ clientId })]);
    return Page.of(rows, limit, total);
  }
}
