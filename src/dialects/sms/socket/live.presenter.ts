import type { LiveChange } from '../../../delivery/live/live.service.js';
import type { WorkspaceEvent } from '../../../notify/realtime/workspace-audiences.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { presentConversation, presentSaid } from '../conversations/conversation.presenter.js';
import { presentText } from '../messages/text-message.presenter.js';
import { presentOptOut } from '../opt-outs/opt-out.presenter.js';

export function presentChange(tenant: Tenant, change: LiveChange): WorkspaceEvent {
  const [id, { type }] = [formatId('event', change.id), change];
  switch (change.type) {
    case 'conversation.updated':
      return { id, type, data: presentConversation(change.conversation) };
    case 'opt_out.updated':
      return { id, type, data: presentOptOut(tenant, change.optOut) };
    default:
      return { id, type, data: presentMessage(change.said) };
  }
}

/** As the lists show it: of a text that was deleted they show how it travelled. */
function presentMessage(said: Extract<LiveChange, { readonly said: unknown }>['said']): object {
  const { medium, status } = said;
  return medium === null || status === null ? presentSaid(said) : presentText({ ...said, medium, status });
}
