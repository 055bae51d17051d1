import type { SuppressionRow } from '../../../engagement/suppressions/suppressions.service.js';
import type { SuppressionDto } from './suppression.dto.js';

export function presentSuppression(row: SuppressionRow): SuppressionDto {
  const { number, id, email, reason, source, createdAt } = row;
  return { id: number, uuid: id, email, reason, source, created_at: createdAt.toISOString() };
}
