import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { addressTest } from '../common/tenancy/ip-rules.js';
import type { Site } from '../common/tenancy/origin.js';
import { ClientsRepository, type ClientByKeys } from './clients.repository.js';
import { hashKey, isWellFormed } from './key-format.js';

/** Milliseconds. A revoked key must stop within five seconds everywhere; the rest is for the look-up itself. */
const TTL = 4_000;
const MAX_ENTRIES = 10_000;

/** What a pair of keys opens, ready to be checked. */
export interface KnownKeys extends Site {
  readonly clientId: string;
  readonly livemode: boolean;
  readonly publicKey: string;
  readonly realtimeSecret: Buffer;
  readonly admitsAddress: (address: string | undefined) => boolean;
  /** Null where the secret key is not one of this client's. */
  readonly key: { readonly id: string; readonly scopes: readonly string[]; readonly expiresAt: Date | null } | null;
  /** When the use of this key was last written down. */
  lastUsedAt: Date | null;
}

/** Asking the database who a caller is costs a quarter of a request, so the answer is kept for a few seconds. */
@Injectable()
export class KeyCache {
  private readonly known = new LRUCache<string, KnownKeys, KeyPair>({
    max: MAX_ENTRIES,
    ttl: TTL,
    fetchMethod: (_, __, { context }) => this.look(context),
  });

  constructor(private readonly clients: ClientsRepository) {}

  /**
   * What the keys open, or the public one alone; null where it is no client's. What is not even well formed is nobody's,
   * without asking.
   */
  async find(publicKey: string, secretKey = ''): Promise<KnownKeys | null> {
    if (!isWellFormed('pk', publicKey)) {
      return null;
    }
    const secretSha256 = isWellFormed('sk', secretKey) ? hashKey(secretKey) : null;
    const name = publicKey + (secretSha256?.toString('latin1') ?? '');
    const hit = this.known.get(name);
    return hit ?? (await this.known.fetch(name, { context: { publicKey, secretSha256 } })) ?? null;
  }

  /** Forgets all that is known of a client. */
  forget(clientId: string): void {
    for (const [name, entry] of this.known.entries()) {
      if (entry.clientId === clientId) {
        this.known.delete(name);
      }
    }
  }

  private async look({ publicKey, secretSha256 }: KeyPair): Promise<KnownKeys | undefined> {
    const row = await this.clients.findByKeys(publicKey, secretSha256);
    return row ? knownKeys(row) : undefined;
  }
}

interface KeyPair {
  readonly publicKey: string;
  readonly secretSha256: Buffer | null;
}

function knownKeys(row: ClientByKeys): KnownKeys {
  const {
    clientId,
    livemode,
    domain,
    allowedSubdomains,
    publicKey,
    realtimeSecret,
    keyId,
    scopes,
    expiresAt,
    lastUsedAt,
  } = row;
  return {
    clientId,
    livemode,
    domain,
    allowedSubdomains,
    publicKey,
    realtimeSecret,
    admitsAddress: addressTest(row.allowedIps),
    key: keyId === null ? null : { id: keyId, scopes, expiresAt },
    lastUsedAt,
  };
}
