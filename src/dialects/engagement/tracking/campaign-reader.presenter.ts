import type { ReaderRow } from '../../../engagement/tracking/tracking.service.js';
import type { CampaignReaderDto } from './campaign-reader.dto.js';

export function presentReader(reader: ReaderRow): CampaignReaderDto {
  const { id, campaign, campaignId, campaignName, contact, email } = reader;
  return {
    uuid: id,
    campaign: { id: campaign, uuid: campaignId, name: campaignName },
    ...{ contact_id: contact, email },
    sent_at: reader.sentAt?.toISOString() ?? null,
    opened_at: reader.openedAt?.toISOString() ?? null,
    clicked_at: reader.clickedAt?.toISOString() ?? null,
    unsubscribed_at: reader.unsubscribedAt?.toISOString() ?? null,
  };
}
