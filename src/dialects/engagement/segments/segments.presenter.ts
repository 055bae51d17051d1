import type { SegmentRow } from '../../../engagement/segments/segments.service.js';
import type { SegmentDto } from './segment.dto.js';

/** @param contactsCount null where it was not counted */
export function presentSegment(row: SegmentRow, contactsCount: number | null): SegmentDto {
  const { number, id, name, type, filter, createdAt } = row;
  const counted = { contacts_count: contactsCount };
  return { id: number, uuid: id, name, type, filter, ...counted, created_at: createdAt.toISOString() };
}
