import { formatId } from '../../../platform/common/ids/type-id.js';
import { presentNetwork } from '../../../platform/common/tenancy/ip-rules.js';
import { REPLIES, STOP_WORDS } from '../../../workspaces/opt-out-words.js';
import type { WorkspaceRow } from '../../../workspaces/workspaces.service.js';
import type { OptOutRulesDto } from './opt-out.dto.js';
import type { WorkspaceDto } from './workspace.dto.js';

export function presentWorkspace(row: WorkspaceRow): WorkspaceDto {
  const { id, name, livemode, publicKey, role, defaultCountry, timezone, smartEncoding, domain } = row;
  return {
    ...{ id: formatId('client', id), name, livemode, publicKey, role },
    ...{ defaultCountry, timezone, smartEncoding, domain },
    allowedSubdomains: row.allowedSubdomains,
    allowedIps: row.allowedIps.map(presentNetwork),
    optOut: presentOptOut(row),
    createdAt: row.createdAt.toISOString(),
  };
}

function presentOptOut({ name, optOut: { scope = 'number', stop = [], replies } }: WorkspaceRow): OptOutRulesDto {
  return {
    scope,
    stop: [...new Set([...STOP_WORDS, ...stop])],
    replies: {
      stop: replies?.stop ?? REPLIES.stop,
      start: replies?.start ?? REPLIES.start,
      help: replies?.help ?? `${name}: ${REPLIES.help}`,
    },
  };
}
