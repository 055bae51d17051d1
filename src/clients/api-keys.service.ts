import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { now } from '../platform/common/clock.js';
import { InvalidInput, notFound, tooMany } from '../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import type { Slice, Sliced } from '../platform/database/numbered-list.js';
import { CallerCache } from './caller-cache.js';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeysRepository, type ApiKeyRow } from './api-keys.repository.js';
import { ClientsService } from './clients.service.js';
import { hashKey, makeKey } from './key-format.js';

export type { ApiKeyRow };

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date | null;
}

/** A new key with the one sight of its secret. */
export interface CreatedApiKey {
  readonly key: ApiKey;
  readonly secretKey: string;
}

/** The secret keys of a client, for the operator. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly clients: ClientsService,
    private readonly callers: CallerCache,
  ) {}

  /** @throws Refusal 404, or InvalidInput on `expires_at` */
  async create(clientId: string, { name, scopes, expiresAt = null }: NewApiKey): Promise<CreatedApiKey> {
    if (expiresAt !== null && expiresAt <= now()) {
      throw new InvalidInput({ expires_at: ['The expires_at field must be in the future.'] });
    }
    const { livemode } = await this.clients.getAny(clientId);
    const secretKey = makeKey('sk', livemode);
    const key = await this.keys.insert({
      clientId,
      id: uuidv7(),
      name,
      secretSha256: hashKey(secretKey),
      last4: secretKey.slice(-4),
      scopes: [...scopes],
      expiresAt,
    });
    return { key, secretKey };
  }

  /** The same, unless the client has so many that work. @throws Refusal 404, 409, or InvalidInput on `expires_at` */
  createWithin(clientId: string, input: NewApiKey, most: number): Promise<CreatedApiKey> {
    return this.keys.inTransaction(clientId, async () => {
      if ((await this.keys.countLive(clientId)) >= most) {
        throw tooMany('keys', most);
      }
      return this.create(clientId, input);
    });
  }

  /** Newest first, by page numbers. */
  listNumbered(clientId: string, slice: Slice): Promise<Sliced<ApiKeyRow>> {
    return this.keys.listNumbered(clientId, slice);
  }

  /** Newest first. @throws Refusal 404, or 422 on its cursor */
  async list(clientId: string, query: PageQuery): Promise<Page<ApiKeyRow>> {
    await this.clients.getAny(clientId);
    return this.keys.list(clientId, query);
  }

  /** Stops working within five seconds everywhere and here at once. @throws Refusal 404 */
  async revoke(clientId: string, id: string): Promise<ApiKey> {
    await this.keys.revoke(clientId, id, now());
    this.callers.forgetClient(clientId);
    const key = await this.keys.find(clientId, id);
    if (!key) {
      throw notFound('api_key');
    }
    return key;
  }
}
