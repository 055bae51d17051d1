import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { Grouping } from './grouping.js';
import { BY_DAY, BY_NUMBER, BY_STATUS } from './stats.sql.js';

const STATEMENTS = { day: BY_DAY, number: BY_NUMBER, status: BY_STATUS };

/** What became of some messages. */
export interface Figures {
  readonly messages: number;
  readonly sent: number;
  readonly delivered: number;
  readonly undelivered: number;
  readonly failed: number;
  readonly received: number;
  readonly segments: number;
  /** By currency, exact; '' where none was told. */
  readonly price: Readonly<Record<string, string>>;
}

export interface StatsRow extends Figures {
  /** The day, the address's id or the status; null: of all of them. */
  readonly key: string | null;
  readonly isTotal: boolean;
  /** Of the address. */
  readonly number: string | null;
}

@Injectable()
export class StatsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** That of all first, where there is anything at all. */
  list(tenant: Tenant, grouping: Grouping, from: string, to: string): Promise<StatsRow[]> {
    return this.rows<StatsRow & Record<string, unknown>>(tenant, STATEMENTS[grouping], from, to);
  }
}
