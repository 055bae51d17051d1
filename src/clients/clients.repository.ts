import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import type { OriginPolicy } from '../platform/common/tenancy/origin.js';
import { Database } from '../platform/database/database.js';
import { readPage, type PageRow } from '../platform/database/page-rows.js';
import type { ApiKey } from './api-key.entity.js';
import { Client } from './client.entity.js';
import { CREATE_CLIENT, FIND, FIND_BY_KEYS, FIND_BY_SECRET, LIST } from './clients.sql.js';
import { COUNTERS } from './counter.entity.js';

/** A client as its keys find it; the key's part is null where the secret key is not one of theirs. */
export interface ClientByKeys {
  readonly clientId: string;
  readonly livemode: boolean;
  readonly domain: string;
  readonly allowedSubdomains: readonly string[];
  readonly allowedIps: readonly string[];
  readonly rateLimit: number | null;
  readonly totalRateLimit: number | null;
  readonly originPolicy: OriginPolicy;
  readonly publicKey: string;
  readonly realtimeSecret: Buffer;
  readonly keyId: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

type FirstKey = Pick<ApiKey, 'id' | 'name' | 'secretSha256' | 'last4' | 'scopes'>;

/** Without a tenant, because here the tenant is what is looked for, made or administered. */
@Injectable()
export class ClientsRepository {
  constructor(
    private readonly database: Database,
    @InjectRepository(Client) private readonly clients: Repository<Client>,
  ) {}

  async findByKeys(publicKey: string, secretSha256: Buffer | null): Promise<ClientByKeys | null> {
    const [row] = await this.database.acrossTenants<ClientByKeys & Record<string, unknown>>(FIND_BY_KEYS, [
      publicKey,
      secretSha256,
    ]);
    return row ?? null;
  }

  async findBySecret(secretSha256: Buffer): Promise<ClientByKeys | null> {
    const [row] = await this.database.acrossTenants<ClientByKeys & Record<string, unknown>>(FIND_BY_SECRET, [
      secretSha256,
    ]);
    return row ?? null;
  }

  async insert(
    client: Omit<Client, 'number' | 'createdAt' | 'disabledAt' | 'rates' | 'storageUsed'>,
    key: FirstKey | null,
  ): Promise<Client> {
    const { id, name, domain, allowedSubdomains, allowedIps, publicKey, livemode } = client;
    const [row] = await this.database.acrossTenants<Pick<Client, 'number' | 'createdAt'>>(CREATE_CLIENT, [
      ...[id, name, domain, allowedSubdomains, allowedIps, publicKey, livemode, COUNTERS],
      ...[key?.id, key?.name, key?.secretSha256, key?.last4, key?.scopes, client.realtimeSecret, client.rateLimit],
      ...[client.totalRateLimit, client.originPolicy, client.storageLimit],
    ]);
    return { ...client, ...row!, rates: {}, storageUsed: 0, disabledAt: null };
  }

  async find(id: string): Promise<Client | null> {
    return (await this.database.runFor<Client & Record<string, unknown>>({ clientId: id }, FIND, []))[0] ?? null;
  }

  async update(id: string, change: Partial<Client>): Promise<void> {
    await this.clients.update({ id }, change);
  }

  /** @throws Refusal 422 on its cursor */
  async list(query: PageQuery): Promise<Page<Client>> {
    const page = await readPage<Client>(LIST, query, (statement, limit, cursor) =>
      this.database.acrossTenants<PageRow<Client> & Record<string, unknown>>(statement, [null, limit, cursor]),
    );
    return page!;
  }
}
