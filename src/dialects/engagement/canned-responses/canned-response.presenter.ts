import type { CannedRow } from '../../../engagement/canned-responses/canned-responses.service.js';
import type { CannedResponseDto } from './canned-response.dto.js';

export function presentCannedResponse(row: CannedRow): CannedResponseDto {
  const { id, number, title, content, shortcut, scope, category, usageCount, createdAt } = row;
  return {
    ...{ id: number, uuid: id, title, content, body: content },
    shortcut: shortcut === null ? null : `/${shortcut}`,
    ...{ scope, category, usage_count: usageCount, created_at: createdAt.toISOString() },
  };
}
