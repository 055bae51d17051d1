import type { Days, ModelStats, Overview, TeamMemberStats } from '../../../engagement/analytics/analytics.service.js';
import type { AiAnalyticsDto, AiStatsDto, AnalyticsOverviewDto, TeamMemberStatsDto } from './analytics.dto.js';

export function presentOverview(
  of: Overview & { readonly days: Days; readonly models: readonly ModelStats[] },
): AnalyticsOverviewDto {
  return {
    period: of.days,
    conversations: {
      total: of.begun,
      open: of.open,
      closed: of.closed,
      avg_resolution_hours: of.resolutionHours,
      avg_first_response_minutes: of.firstResponseMinutes,
      satisfaction_score: of.satisfaction,
    },
    contacts: { total: of.contacts, new_this_period: of.newContacts },
    campaigns: { sent: of.mails, avg_open_rate: of.openRate, avg_click_rate: of.clickRate },
    ai: sumsOf(of.models),
  };
}

export function presentTeamMember(of: TeamMemberStats): TeamMemberStatsDto {
  return {
    user_id: of.number,
    name: of.name,
    conversations_handled: of.handled,
    replies: of.replies,
    avg_response_minutes: of.responseMinutes,
    satisfaction_score: of.satisfaction,
  };
}

export function presentAi(of: readonly ModelStats[]): AiAnalyticsDto {
  const calls = sum(of, ({ calls: one }) => one);
  return {
    ...sumsOf(of),
    replies_used: sum(of, ({ used }) => used),
    sentiment_analyses: sum(of, ({ sentiments }) => sentiments),
    tokens_in: sum(of, ({ tokensIn }) => tokensIn),
    tokens_out: sum(of, ({ tokensOut }) => tokensOut),
    cost: sum(of, ({ cost }) => cost),
    avg_response_ms: calls === 0 ? null : Math.round((sum(of, ({ milliseconds }) => milliseconds) / calls) * 100) / 100,
    by_model: of.map(({ model, calls: asked, failed, tokensIn, tokensOut, cost }) => {
      return { model, calls: asked, failed, tokens_in: tokensIn, tokens_out: tokensOut, cost };
    }),
  };
}

function sumsOf(models: readonly ModelStats[]): AiStatsDto {
  return {
    replies_generated: sum(models, ({ replies }) => replies),
    tokens_used: sum(models, ({ tokensIn, tokensOut }) => tokensIn + tokensOut),
  };
}

function sum(models: readonly ModelStats[], of: (model: ModelStats) => number): number {
  return models.reduce((all, one) => all + of(one), 0);
}
