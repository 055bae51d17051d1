import type { Days, Overview, TeamMemberStats } from '../../../engagement/analytics/analytics.service.js';
import type { AnalyticsOverviewDto, TeamMemberStatsDto } from './analytics.dto.js';

export function presentOverview(of: Overview & { readonly days: Days }): AnalyticsOverviewDto {
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
    ai: { replies_generated: 0, tokens_used: 0 },
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
