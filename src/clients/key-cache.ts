import { Injectable } from '@nestjs/common';
import type { AsStranger } from '../platform/common/rate-limit/as-stranger.js';
import type { OriginPolicy } from '../platform/common/tenancy/origin.js';
import { addressTest } from '../platform/common/tenancy/ip-rules.js';
import { CallerCache, type Caller } from './caller-cache.js';
import { ClientsRepository, type ClientByKeys } from './clients.repository.js';
import { hashKey, isWellFormed } from './key-format.js';

/** What a pair of keys opens, ready to be checked. */
export interface KnownKeys extends Caller {
  readonly publicKey: string;
  readonly realtimeSecret: Buffer;
  readonly originPolicy: OriginPolicy;
  readonly admitsAddress: (address: string | undefined) => boolean;
  /** Null where the secret key is not one of this client's. */
  readonly key: { readonly id: string; readonly scopes: readonly string[]; readonly expiresAt: Date | null } | null;
  /** When the use of this key was last written down. */
  lastUsedAt: Date | null;
}

@Injectable()
export class KeyCache {
  constructor(
    private readonly callers: CallerCache,
    private readonly clients: ClientsRepository,
  ) {}

  /**
   * What the keys open, or the public one alone (no secret one); null where it is no client's. What is not even well formed is nobody's,
   * without asking.
   */
  async find(publicKey: string, secretKey: string, asStranger: AsStranger): Promise<KnownKeys | null> {
    // What is not well formed was admitted under no name.
    return (
      this.callers.known<KnownKeys>(nameOf(publicKey, hashKey(secretKey))) ?? this.ask(publicKey, secretKey, asStranger)
    );
  }

  /** What a secret key opens that comes alone; null where it is nobody's. */
  async findBySecret(secretKey: string, asStranger: AsStranger): Promise<KnownKeys | null> {
    if (!isWellFormed('sk', secretKey)) {
      return null;
    }
    const secretSha256 = hashKey(secretKey);
    const look = async (): Promise<KnownKeys | null> => {
      const row = await this.clients.findBySecret(secretSha256);
      return row && knownKeys(row);
    };
    return this.callers.find(`sk ${secretSha256.toString('latin1')}`, look, { asStranger });
  }

  private async ask(publicKey: string, secretKey: string, asStranger: AsStranger): Promise<KnownKeys | null> {
    if (!isWellFormed('pk', publicKey)) {
      return null;
    }
    const secretSha256 = isWellFormed('sk', secretKey) ? hashKey(secretKey) : null;
    const look = async (): Promise<KnownKeys | null> => {
      const row = await this.clients.findByKeys(publicKey, secretSha256);
      return row && knownKeys(row);
    };
    return this.callers.find(nameOf(publicKey, secretSha256), look, {
      asStranger,
      isWelcome: ({ key }) => key !== null || secretSha256 === null,
    });
  }
}

function nameOf(publicKey: string, secretSha256: Buffer | null): string {
  return publicKey + (secretSha256?.toString('latin1') ?? '');
}

function knownKeys({ keyId, scopes, expiresAt, allowedIps, ...row }: ClientByKeys): KnownKeys {
  return {
    ...row,
    admitsAddress: addressTest(allowedIps),
    key: keyId === null ? null : { id: keyId, scopes, expiresAt },
  };
}
