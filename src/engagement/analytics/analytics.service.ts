import { Injectable } from '@nestjs/common';
import { now } from '../../platform/common/clock.js';
import { invalid } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import {
  AnalyticsRepository,
  type DayCount,
  type ModelStats,
  type Overview,
  type TeamMemberStats,
} from './analytics.repository.js';

export type { DayCount, ModelStats, Overview, TeamMemberStats };

const DAY_MS = 24 * 60 * 60 * 1_000;
export const MAX_DAYS = 366;
const PERIOD_DAYS = { '7d': 7, '30d': 30, '90d': 90 } as const;
export type Period = keyof typeof PERIOD_DAYS;
export const PERIODS = Object.keys(PERIOD_DAYS) as Period[];
/** What is told day by day. */
export const DAILY_METRICS = ['conversations', 'closed', 'replies', 'contacts'] as const;
export type DailyMetric = (typeof DAILY_METRICS)[number];

/** Days in UTC, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Either a period that ends today, or its days. */
export interface AskedPeriod {
  readonly period?: Period | null;
  readonly from?: string | null;
  readonly to?: string | null;
}

/** How much happened in a workspace, of the sums of its days: as fast however much that is. */
@Injectable()
export class AnalyticsService {
  constructor(private readonly stats: AnalyticsRepository) {}

  /** @throws Refusal 422 where the days are too many, or in the wrong order */
  async overview(
    tenant: Tenant,
    asked: AskedPeriod,
  ): Promise<Overview & { readonly days: Days; readonly models: readonly ModelStats[] }> {
    const days = daysOf(asked);
    const { from, to } = days;
    return {
      ...(await this.stats.overview(tenant, from, to)),
      ...{ days, models: await this.stats.listModels(tenant, from, to) },
    };
  }

  /** What each model did. @throws Refusal 422 as the overview */
  ai(tenant: Tenant, asked: AskedPeriod): Promise<ModelStats[]> {
    const { from, to } = daysOf(asked);
    return this.stats.listModels(tenant, from, to);
  }

  /** Who closed most first. @throws Refusal 422 as the overview */
  team(tenant: Tenant, asked: AskedPeriod): Promise<TeamMemberStats[]> {
    const { from, to } = daysOf(asked);
    return this.stats.listTeam(tenant, from, to);
  }

  /** Each day, those of which nothing is told too. @throws Refusal 422 as the overview */
  daily(tenant: Tenant, metric: DailyMetric, asked: AskedPeriod): Promise<DayCount[]> {
    const { from, to } = daysOf(asked);
    return this.stats.listDays(tenant, metric, from, to);
  }
}

function daysOf({ period, from: first, to: last }: AskedPeriod): Days {
  const to = last ?? dayOf(now().getTime());
  const from = first ?? dayOf(Date.parse(to) - (PERIOD_DAYS[period ?? '30d'] - 1) * DAY_MS);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) {
    throw invalid('to', 'The to field must not be before from.');
  }
  if (days > MAX_DAYS) {
    throw invalid('from', `The from field must be at most ${MAX_DAYS - 1} days before to.`);
  }
  return { from, to };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
