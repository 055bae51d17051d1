import type { TagRow } from '../../../engagement/tags/tags.service.js';
import type { TagDto } from './tag.dto.js';

export function presentTag({ number, id, name, color, contactsCount, createdAt }: TagRow): TagDto {
  return { id: number, uuid: id, name, color, contacts_count: contactsCount, created_at: createdAt.toISOString() };
}
