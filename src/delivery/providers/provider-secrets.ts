import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { now } from '../../platform/common/clock.js';
import { DAY_MS } from '../../platform/common/durations.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import type { ProviderSettings } from './provider.js';

/** What is sealed of a provider: its secret, and for a day the one before, by which what is on its way is signed. */
export interface KeptSecret {
  readonly current: ProviderSettings;
  readonly previous?: ProviderSettings;
  /** In ISO 8601. */
  readonly previousUntil?: string;
}

type Owner = Pick<Tenant, 'clientId'>;

/** The secrets of providers. */
@Injectable()
export class ProviderSecrets {
  constructor(private readonly box: SecretBox) {}

  /** @throws Refusal 503 where this installation keeps no secrets */
  seal(owner: Owner, providerId: string, secret: KeptSecret): Promise<Buffer> {
    return this.box.seal(contextOf(owner, providerId), secret);
  }

  /** @throws Error where it can't be opened */
  async open(
    owner: Owner,
    { id, secret }: { readonly id: string; readonly secret: Buffer | null },
  ): Promise<KeptSecret> {
    return secret === null ? { current: {} } : ((await this.box.open(contextOf(owner, id), secret)) as KeptSecret);
  }
}

/** The context that a sealed secret is bound to. */
export function contextOf({ clientId }: Owner, providerId: string): string {
  return `messaging provider ${providerId} of ${clientId}`;
}

/** A new secret in the place of those there were; null where there was none. */
export function replaced(before: KeptSecret | null, current: ProviderSettings): KeptSecret {
  if (before === null) {
    return { current };
  }
  if (isDeepStrictEqual(before.current, current)) {
    return before;
  }
  return { current, previous: before.current, previousUntil: new Date(now().getTime() + DAY_MS).toISOString() };
}

/** Those that a callback may be signed with. */
export function signers({ current, previous, previousUntil }: KeptSecret): readonly ProviderSettings[] {
  return previous && previousUntil !== undefined && new Date(previousUntil) > now() ? [current, previous] : [current];
}
