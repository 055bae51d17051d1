import type { ContactDetails, ContactRow } from '../../../engagement/contacts/contacts.service.js';
import type { ContactDetailsDto, ContactDto } from './contact.dto.js';

export function presentContact(row: ContactRow): ContactDto {
  return {
    id: row.number,
    uuid: row.id,
    first_name: row.firstName,
    last_name: row.lastName,
    name: row.name,
    email: row.email,
    phone: row.phone,
    company: row.company,
    job_title: row.jobTitle,
    city: row.city,
    country: row.country,
    timezone: row.timezone,
    lead_score: row.leadScore,
    status: row.status,
    custom_fields: row.customFields,
    tags: row.tags.map(({ number, name, color }) => ({ id: number, name, color })),
    last_contacted_at: row.lastContactedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

export function presentContactDetails({ suppression, ...row }: ContactDetails): ContactDetailsDto {
  return {
    ...presentContact(row),
    conversations_count: row.conversationsCount,
    deals_count: 0,
    suppression: suppression && { reason: suppression.reason, at: suppression.createdAt.toISOString() },
  };
}
