import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import type { ConnectionRow } from './carrier.js';
import type { ProviderKind } from './messaging-provider.entity.js';
import { KINDS } from './provider-kinds.js';
import { ProviderSecrets, replaced } from './provider-secrets.js';
import type { ProviderSettings } from './provider.js';
import { ProvidersRepository, type ProviderOf, type ProviderRow } from './providers.repository.js';

export type { ProviderOf, ProviderRow };

/** Characters of an error that are shown. */
const MAX_ERROR = 500;

/** Who carries a client's messages. */
@Injectable()
export class ProvidersService {
  /** Called in this process when a client has another than before. */
  readonly onChange = new Set<() => void>();

  constructor(
    private readonly providers: ProvidersRepository,
    private readonly secrets: ProviderSecrets,
    private readonly database: Database,
  ) {}

  /** A test client has the simulator from the start. Null: a live one that has set none. */
  async find(tenant: Tenant): Promise<ProviderRow | null> {
    const there = await this.providers.findActive(tenant);
    return there || tenant.livemode ? there : this.activate(tenant, 'simulator', {}, {});
  }

  /** @throws Refusal 422 where there is none */
  async get(tenant: Tenant): Promise<ProviderRow> {
    const provider = await this.find(tenant);
    if (!provider) {
      throw new ReasonedRefusal('provider_not_configured', 'No provider is set');
    }
    return provider;
  }

  /**
   * In the place of the one there was. An account that carried messages before is the same provider again, with the numbers
   * and the URLs it had.
   * @throws Refusal 503 where this installation keeps no secrets
   */
  async activate(
    tenant: Tenant,
    kind: ProviderKind,
    shown: ProviderSettings,
    secret: ProviderSettings,
  ): Promise<ProviderRow> {
    for (;;) {
      const row = await this.database.transaction(tenant, async () => {
        const all = await this.providers.lock(tenant);
        const known = all.find(
          (one) => one.kind === kind && isDeepStrictEqual(accountOf(one), accountOf({ kind, public: shown })),
        );
        const id = known?.id ?? uuidv7();
        // What was sealed with a key that is gone signs nothing any more.
        const before = known ? await this.secrets.open(tenant, known).catch(() => null) : null;
        const isSecret = Object.keys(secret).length > 0;
        const sealed = isSecret ? await this.secrets.seal(tenant, id, replaced(before, secret)) : null;
        await this.providers.retire(tenant, id);
        return known
          ? this.providers.update(tenant, { id, shown, sealed })
          : this.providers.insert(tenant, kind, { id, shown, sealed });
      });
      // Null: another set the very first one at the same time, which is there to be locked now.
      if (row) {
        this.changed();
        return row;
      }
    }
  }

  /** Nothing carries the client's messages any more; a test client has the simulator. @throws Refusal 404 */
  async remove(tenant: Tenant): Promise<void> {
    if (!(await this.providers.retire(tenant, null))) {
      throw notFound('messaging_provider');
    }
    this.changed();
  }

  /** @param error a sentence without anything secret */
  noteError(tenant: Tenant, id: string, error: string): Promise<void> {
    return this.providers.noteError(tenant, id, error.slice(0, MAX_ERROR));
  }

  /** All are asked soon for what phones sent. */
  catchUpAll(): Promise<void> {
    return this.providers.catchUpAll();
  }

  /** Up to `most` that this process is to ask now, each once an hour. */
  claimCatchUp(most: number): Promise<ProviderOf[]> {
    return this.providers.claimCatchUp(most);
  }

  private changed(): void {
    this.onChange.forEach((listener) => listener());
  }
}

/** The settings that say whose account it is. */
function accountOf({ kind, public: shown }: Pick<ConnectionRow, 'kind' | 'public'>): unknown[] {
  return KINDS[kind].account.map((name) => shown[name]);
}
