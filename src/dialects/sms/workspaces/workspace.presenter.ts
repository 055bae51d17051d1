import { formatId } from '../../../platform/common/ids/type-id.js';
import { presentNetwork } from '../../../platform/common/tenancy/ip-rules.js';
import { optOutRulesOf } from '../../../workspaces/opt-out-words.js';
import type { WorkspaceRow } from '../../../workspaces/workspaces.service.js';
import type { WorkspaceDto } from './workspace.dto.js';

export function presentWorkspace(row: WorkspaceRow): WorkspaceDto {
  const { id, name, livemode, publicKey, role, defaultCountry, timezone, smartEncoding, asksForRatings, domain } = row;
  return {
    ...{ id: formatId('client', id), name, livemode, publicKey, role },
    ...{ defaultCountry, timezone, smartEncoding, asksForRatings, domain },
    allowedSubdomains: row.allowedSubdomains,
    allowedIps: row.allowedIps.map(presentNetwork),
    optOut: optOutRulesOf(name, row.optOut),
    createdAt: row.createdAt.toISOString(),
  };
}
