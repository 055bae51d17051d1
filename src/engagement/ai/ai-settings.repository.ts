import { Injectable } from '@nestjs/common';
import { LOCK_CLIENT } from '../../clients/client-lock.sql.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { AiSetting } from './ai-setting.entity.js';
import * as SQL from './ai-settings.sql.js';
import type { AiUse } from './ai-usage.entity.js';

export type SettingRow = Omit<AiSetting, 'clientId' | 'client' | 'limitTold'>;
export type NewSetting = Omit<SettingRow, 'updatedAt'>;

/** Of this month. */
export interface Used {
  readonly used: number;
  readonly secondsLeft: number;
}

/** A call of a model, and what it cost. */
export interface Call {
  readonly userId: string;
  readonly kind: AiUse;
  readonly model: string;
  readonly isFailed: boolean;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cost: number;
  readonly milliseconds: number;
}
/** Where a call is counted, and the tokens of its month with those of it. */
export interface Counted {
  readonly day: string;
  readonly used: number;
}

@Injectable()
export class AiSettingsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async find(tenant: Tenant): Promise<SettingRow | null> {
    return (await this.row<SettingRow & Record<string, unknown>>(tenant, SQL.FIND)) ?? null;
  }

  async findUsed(tenant: Tenant): Promise<Used> {
    return (await this.row<Used & Record<string, unknown>>(tenant, SQL.FIND_USED))!;
  }

  /** What `change` makes of those there are. Whoever makes a document meanwhile waits, or is seen. */
  set(
    tenant: Tenant,
    change: (was: SettingRow | null) => Promise<NewSetting>,
    embeddingModelOf: (row: SettingRow) => string | null,
  ): Promise<SettingRow> {
    return this.transaction(tenant, async () => {
      await this.row(tenant, LOCK_CLIENT);
      const is = await change(await this.find(tenant));
      const { baseUrl, secret, chatModel, embeddingModel, inputPrice, outputPrice, embeddingPrice } = is;
      const prices = [inputPrice, outputPrice, embeddingPrice];
      const values = [baseUrl, secret, chatModel, embeddingModel, ...prices, is.monthlyTokenLimit];
      const row = (await this.row<SettingRow & Record<string, unknown>>(tenant, SQL.SET, ...values))!;
      const model = embeddingModelOf(row);
      if (model !== null) {
        await this.row(tenant, SQL.EMBED_ANEW, model);
      }
      return row;
    });
  }

  async count(tenant: Tenant, call: Call): Promise<Counted> {
    const { userId, kind, model, isFailed, tokensIn, tokensOut, cost, milliseconds } = call;
    const values = [userId, kind, model, Number(isFailed), tokensIn, tokensOut, cost, milliseconds];
    return (await this.row<Counted & Record<string, unknown>>(tenant, SQL.COUNT, ...values))!;
  }

  async tellLimit(tenant: Tenant, used: number, limit: number): Promise<void> {
    await this.row(tenant, SQL.TELL_LIMIT, used, limit);
  }
}
