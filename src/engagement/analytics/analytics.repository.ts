import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import * as SQL from './analytics.sql.js';

/** Averages are null of nothing. */
export interface Overview {
  readonly begun: number;
  readonly open: number;
  readonly closed: number;
  readonly resolutionHours: number | null;
  readonly firstResponseMinutes: number | null;
  readonly satisfaction: number | null;
  readonly contacts: number;
  readonly newContacts: number;
  /** Of campaigns, that were sent. */
  readonly mails: number;
  /** Of a hundred of them that did not come back. */
  readonly openRate: number | null;
  readonly clickRate: number | null;
}

export interface TeamMemberStats {
  readonly number: number;
  readonly name: string;
  readonly handled: number;
  readonly replies: number;
  readonly responseMinutes: number | null;
  readonly satisfaction: number | null;
}

/** What a model did. */
export interface ModelStats {
  readonly model: string;
  readonly calls: number;
  readonly failed: number;
  readonly replies: number;
  /** Replies that were sent. */
  readonly used: number;
  readonly sentiments: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Millionths of a unit of money. */
  readonly cost: number;
  readonly milliseconds: number;
}

export interface DayCount {
  readonly date: string;
  readonly value: number;
}

type Row<T> = T & Record<string, unknown>;

@Injectable()
export class AnalyticsRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async overview(tenant: Tenant, from: string, to: string): Promise<Overview> {
    return (await this.row<Row<Overview>>(tenant, SQL.OVERVIEW, from, to))!;
  }

  listTeam(tenant: Tenant, from: string, to: string): Promise<TeamMemberStats[]> {
    return this.rows<Row<TeamMemberStats>>(tenant, SQL.TEAM, from, to);
  }

  listDays(tenant: Tenant, metric: string, from: string, to: string): Promise<DayCount[]> {
    return this.rows<Row<DayCount>>(tenant, SQL.DAILY, metric, from, to);
  }

  listModels(tenant: Tenant, from: string, to: string): Promise<ModelStats[]> {
    return this.rows<Row<ModelStats>>(tenant, SQL.AI, from, to);
  }
}
