import type { Audience } from '../../../engagement/campaigns/campaign.entity.js';
import type { CampaignCounts, CampaignRow, CampaignSummary } from '../../../engagement/campaigns/campaigns.service.js';
import type { RecipientRow, VariantCounts } from '../../../engagement/campaigns/recipient-lists.service.js';
import type { CampaignAbTestDto } from './ab-test.dto.js';
import type { CampaignVariantCountsDto } from './campaign-statistics.dto.js';
import type { CampaignCountsDto, CampaignDto, CampaignRecipientDto, CampaignSummaryDto } from './campaign.dto.js';

export function presentCampaignSummary(row: CampaignSummary): CampaignSummaryDto {
  const { number, id, name, type, subject, previewText, audience, status, statusReason, counts } = row;
  return {
    ...{ id: number, uuid: id, name, type, subject, preview_text: previewText },
    ...{ audience_type: audience?.type ?? null, audience_id: segmentIn(audience), email_account_id: row.accountNumber },
    tracking: { opens: row.tracksOpens, clicks: row.tracksClicks },
    ...{ status, status_reason: statusReason, scheduled_at: shown(row.scheduledAt), started_at: shown(row.startedAt) },
    ...{ sent_at: shown(row.sentAt), ...presentCounts(counts), winner: row.winner },
    ...{ winner_due_at: shown(row.winnerDueAt), created_at: row.createdAt.toISOString() },
  };
}

export function presentCampaign(row: CampaignRow): CampaignDto {
  const { htmlBody, textBody, bodyJson, audience } = row;
  return {
    ...presentCampaignSummary(row),
    ab_test: abTestIn(row),
    ...{ html_body: htmlBody, body_html: htmlBody, text_body: textBody },
    body_json: bodyJson as Record<string, unknown> | null,
    tag_ids: audience?.type === 'tags' ? audience.tags : null,
    filter: audience?.type === 'filter' ? audience.filter : null,
    contact_ids: audience?.type === 'contacts' ? audience.contacts : null,
  };
}

export function presentCounts(counts: CampaignCounts): CampaignCountsDto {
  const { recipients, skipped, sent, failed, bounced, unknown, opened, clicked, unsubscribed, replied } = counts;
  const arrived = sent - bounced;
  return {
    ...{ recipients_count: recipients, skipped_count: skipped, sent_count: sent, failed_count: failed },
    ...{ bounced_count: bounced, unknown_count: unknown, opened_count: opened, clicked_count: clicked },
    ...{ machine_opens: counts.machine_opens, machine_clicks: counts.machine_clicks },
    ...{ unsubscribed_count: unsubscribed, replied_count: replied },
    ...{ open_rate: percent(opened, arrived), click_rate: percent(clicked, arrived) },
  };
}

export function presentRecipient(row: RecipientRow): CampaignRecipientDto {
  const { number, customerId, contactName, address, status, error } = row;
  return {
    id: number,
    contact: customerId === null ? null : { id: number, uuid: customerId, name: contactName ?? '' },
    ...{ email: address, status, sent_at: shown(row.sentAt), opened_at: shown(row.openedAt) },
    ...{ clicked_at: shown(row.clickedAt), bounced_at: shown(row.bouncedAt), variant: row.variant, error },
  };
}

export function presentVariant(counts: VariantCounts): CampaignVariantCountsDto {
  const { letter, share, recipients, sent, bounced, opened, clicked } = counts;
  const arrived = sent - bounced;
  return {
    ...{ letter, share, recipients_count: recipients, sent_count: sent, bounced_count: bounced, opened_count: opened },
    ...{ clicked_count: clicked, open_rate: percent(opened, arrived), click_rate: percent(clicked, arrived) },
  };
}

function abTestIn({ variants, winnerBy, winnerAfterMinutes }: CampaignRow): CampaignAbTestDto | null {
  return winnerBy === null || winnerAfterMinutes === null
    ? null
    : {
        variants: variants.map(({ letter, subject, htmlBody, textBody, share }) => ({
          ...{ letter, subject, html_body: htmlBody, text_body: textBody, share },
        })),
        ...{ winner_by: winnerBy, winner_after_minutes: winnerAfterMinutes },
      };
}

function segmentIn(audience: Audience | null): number | null {
  return audience?.type === 'segment' || audience?.type === 'list' ? audience.segment : null;
}

function percent(part: number, of: number): number {
  return of === 0 ? 0 : Math.round((part / of) * 10_000) / 100;
}

function shown(moment: Date | null): string | null {
  return moment?.toISOString() ?? null;
}
