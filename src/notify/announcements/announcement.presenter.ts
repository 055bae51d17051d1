import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { presentPart } from '../../messages/message.presenter.js';
import type { AnnouncementDto } from './announcement.dto.js';
import type { CountedAnnouncement } from './announcements.repository.js';

export function presentAnnouncement(tenant: Tenant, announcement: CountedAnnouncement): AnnouncementDto {
  const { id, senderName, parts, recipientCount, deliveredCount, readCount, createdAt } = announcement;
  return {
    object: 'announcement',
    id: formatId('announcement', id),
    sender_name: senderName,
    parts: parts.map(presentPart),
    recipient_count: recipientCount,
    delivered_count: deliveredCount,
    read_count: readCount,
    created: unixSeconds(createdAt),
    livemode: tenant.livemode,
  };
}
