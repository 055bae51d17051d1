import { Injectable } from '@nestjs/common';
import { now } from '../../platform/common/clock.js';
import { invalid } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { Grouping } from './grouping.js';
import { StatsRepository, type Figures, type StatsRow } from './stats.repository.js';

export type { Figures, StatsRow };

const DAY_MS = 24 * 60 * 60 * 1_000;
export const MAX_DAYS = 400;
const DEFAULT_DAYS = 30;
const NOTHING: Figures = {
  ...{ messages: 0, sent: 0, delivered: 0, undelivered: 0, failed: 0, received: 0, segments: 0, price: {} },
};

export interface StatsQuery {
  readonly groupBy: Grouping;
  /** Days in UTC, both included. */
  readonly from?: string | null;
  readonly to?: string | null;
}

export interface Stats {
  readonly from: string;
  readonly to: string;
  readonly groups: readonly StatsRow[];
  readonly total: Figures;
}

/** How many messages there were, and what became of them. */
@Injectable()
export class StatsService {
  constructor(private readonly stats: StatsRepository) {}

  /** @throws Refusal 422 where the days are too many, or in the wrong order */
  async of(tenant: Tenant, query: StatsQuery): Promise<Stats> {
    const to = query.to ?? dayOf(now().getTime());
    const from = query.from ?? dayOf(Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS);
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1) {
      throw invalid('to', 'The to field must not be before from.');
    }
    if (days > MAX_DAYS) {
      throw invalid('from', `The from field must be at most ${MAX_DAYS - 1} days before to.`);
    }
    const [total = NOTHING, ...groups] = await this.stats.list(tenant, query.groupBy, from, to);
    return { from, to, total, groups };
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
