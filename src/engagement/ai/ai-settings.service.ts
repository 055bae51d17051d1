import { Inject, Injectable } from '@nestjs/common';
import { Config, type AiSettings } from '../../config.js';
import { InvalidInput } from '../../platform/common/errors/refusal.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { AiSettingsRepository, type NewSetting, type SettingRow } from './ai-settings.repository.js';
import type { Connection } from './provider.js';

/** What is absent stays. */
export type SettingChange = Partial<Omit<NewSetting, 'secret'>> & { readonly apiKey?: string | null };

/** Millionths of a unit of money for a million tokens. */
export interface Prices {
  readonly inputPrice: number;
  readonly outputPrice: number;
  readonly embeddingPrice: number;
}

/** By what a workspace writes and searches: its own provider, or the installation's. */
export interface Models extends Prices {
  readonly connection: Connection;
  readonly chatModel: string | null;
  readonly embeddingModel: string | null;
  /** Tokens a month; null: no limit. */
  readonly limit: number | null;
}

export type ProviderSource = 'workspace' | 'installation' | 'none';

/** As it is shown: all but the key, and of the installation's provider not where it is. */
export interface ShownSettings extends Prices {
  readonly source: ProviderSource;
  readonly baseUrl: string | null;
  readonly hasKey: boolean;
  readonly chatModel: string | null;
  readonly embeddingModel: string | null;
  readonly limit: number | null;
  readonly used: number;
  readonly updatedAt: Date | null;
}

const NONE: NewSetting = {
  ...{ baseUrl: null, secret: null, chatModel: null, embeddingModel: null },
  ...{ inputPrice: 0, outputPrice: 0, embeddingPrice: 0, monthlyTokenLimit: null },
};
/** Nobody but the operator says where it is. */
const OPERATORS_RULES = { http: true, loopback: true, inside: true };

/** Which provider and models a workspace has. */
@Injectable()
export class AiSettingsService {
  private readonly installation: AiSettings;

  constructor(
    private readonly settings: AiSettingsRepository,
    private readonly policy: OutboundPolicy,
    private readonly box: SecretBox,
    @Inject(Config) { ai }: Pick<Config, 'ai'>,
  ) {
    this.installation = ai;
  }

  /** Null where there is no provider. @throws Error where its key can't be opened */
  async find(tenant: Tenant): Promise<Models | null> {
    const row = await this.settings.find(tenant);
    if (row?.baseUrl == null) {
      return this.ofInstallation(row);
    }
    const apiKey = row.secret && (await this.open(tenant, row.secret));
    const connection = { baseUrl: row.baseUrl, apiKey, rules: this.policy.rulesFor(tenant) };
    return { ...row, connection, limit: row.monthlyTokenLimit };
  }

  /** The model that makes vectors for a workspace; null: none does. */
  async embeddingModelOf(tenant: Tenant): Promise<string | null> {
    const row = await this.settings.find(tenant);
    return (row?.baseUrl == null ? this.ofInstallation(row) : row)?.embeddingModel ?? null;
  }

  async get(tenant: Tenant): Promise<ShownSettings> {
    const [row, { used }] = [await this.settings.find(tenant), await this.settings.findUsed(tenant)];
    const updatedAt = row?.updatedAt ?? null;
    if (row?.baseUrl != null) {
      const hasKey = row.secret !== null;
      return { ...row, source: 'workspace', hasKey, limit: row.monthlyTokenLimit, used, updatedAt };
    }
    const models = this.ofInstallation(row);
    return models
      ? { ...models, source: 'installation', baseUrl: null, hasKey: models.connection.apiKey !== null, used, updatedAt }
      : { ...NONE, source: 'none', hasKey: false, limit: row?.monthlyTokenLimit ?? null, used, updatedAt };
  }

  /**
   * A key goes nowhere else than where it was given for.
   * @throws InvalidInput on a field; Refusal 503 where this installation keeps no secrets
   */
  async set(tenant: Tenant, { apiKey, ...change }: SettingChange): Promise<void> {
    if (change.baseUrl != null) {
      await this.policy.check(tenant, change.baseUrl, 'base_url');
    }
    const sealed = apiKey == null ? null : await this.box.seal(contextOf(tenant), { apiKey });
    await this.settings.set(
      tenant,
      (was) => {
        const is = { ...(was ?? NONE), ...change };
        const isMoved = was !== null && is.baseUrl !== was.baseUrl && is.baseUrl !== null;
        if (isMoved && was.secret !== null && apiKey === undefined) {
          throw new InvalidInput({ api_key: ['The api_key field is required where base_url changes.'] });
        }
        if (is.baseUrl !== null && is.chatModel === null && is.embeddingModel === null) {
          throw new InvalidInput({ chat_model: ['The chat_model field is required where there is a base_url.'] });
        }
        const secret = apiKey === undefined ? is.secret : sealed;
        return Promise.resolve({ ...is, secret: is.baseUrl === null ? null : secret });
      },
      (row) => (row.baseUrl === null ? this.ofInstallation(row) : row)?.embeddingModel ?? null,
    );
  }

  private ofInstallation(row: SettingRow | null): Models | null {
    const { baseUrl, apiKey = null, chatModel = null, embeddingModel = null, ...rest } = this.installation;
    if (baseUrl === undefined) {
      return null;
    }
    const limits = [rest.monthlyTokenLimit || null, row?.monthlyTokenLimit ?? null].filter((one) => one !== null);
    return {
      connection: { baseUrl, apiKey, rules: OPERATORS_RULES },
      ...{ chatModel, embeddingModel },
      ...{ inputPrice: rest.inputPrice, outputPrice: rest.outputPrice, embeddingPrice: rest.embeddingPrice },
      limit: limits.length === 0 ? null : Math.min(...limits),
    };
  }

  private async open(tenant: Tenant, secret: Buffer): Promise<string> {
    return ((await this.box.open(contextOf(tenant), secret)) as { readonly apiKey: string }).apiKey;
  }
}

/** What a key is bound to. */
export function contextOf({ clientId }: Pick<Tenant, 'clientId'>): string {
  return `AI provider of ${clientId}`;
}
