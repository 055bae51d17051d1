import { WrittenAnswer } from '../../platform/common/http/status-result.js';
import type { InOne } from '../../platform/common/idempotency/staged.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { MessageDto } from '../message.dto.js';
import { presentMessage } from '../message.presenter.js';
import { readRow, type MessageRow, type WrittenRow } from '../messages.repository.js';

/** Of what sends a message, and keeps its row. */
export function inOne<Ready>(
  tenant: Tenant,
  send: (...given: Parameters<InOne<Ready, MessageDto>['work']>) => Promise<MessageRow | WrittenAnswer>,
): InOne<Ready, MessageDto> {
  return {
    work: async (...given) => {
      const sent = await send(...given);
      return sent instanceof WrittenAnswer ? sent : presentMessage(tenant, sent);
    },
    replay: (row) => presentMessage(tenant, readRow(row as WrittenRow)),
  };
}
