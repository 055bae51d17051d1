import type { LiveChange } from '../../../delivery/live/live.service.js';
import type { WorkspaceEvent } from '../../../notify/realtime/workspace-audiences.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { presentText } from '../messages/text-message.presenter.js';
import { presentOptOut } from '../opt-outs/opt-out.presenter.js';

export function presentChange(tenant: Tenant, change: LiveChange): WorkspaceEvent {
  const { id: eventId, type } = change;
  const id = formatId('event', eventId);
  return type === 'opt_out.updated'
    ? { id, type, data: presentOptOut(tenant, change.optOut) }
    : { id, type, data: presentText(change.text) };
}
