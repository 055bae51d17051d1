import type { DeskRow } from '../../../engagement/live-chat/desks.service.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { DeskDto } from './desk.dto.js';

export function presentDesk({ number, id, name, externalId, welcome, createdAt }: DeskRow): DeskDto {
  return {
    ...{ id: number, uuid: id, customer_id: formatId('customer', id), name, external_id: externalId, welcome },
    created_at: createdAt.toISOString(),
  };
}
