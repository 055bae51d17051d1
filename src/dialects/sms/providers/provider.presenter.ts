import { KINDS } from '../../../delivery/providers/provider-kinds.js';
import type { ProviderRow } from '../../../delivery/providers/providers.service.js';
import type { SetProvider } from '../../../delivery/providers/provider-setup.service.js';
import type { ProviderDto, ProviderThatWasSetDto } from './provider.dto.js';

/** @param inboundUrl null where this server has no public address */
export function presentProvider(
  { kind, public: shown, lastError, createdAt }: ProviderRow,
  inboundUrl: string | null,
): ProviderDto {
  const { callsBack } = KINDS[kind];
  return {
    kind,
    accountSid: textOf(shown.accountSid) ?? textOf(shown.systemId),
    last4: textOf(shown.last4),
    inboundUrl: callsBack ? inboundUrl : null,
    warnings: callsBack && inboundUrl === null ? ['public_url_missing'] : [],
    lastError,
    createdAt: createdAt.toISOString(),
  };
}

export function presentSetProvider(
  { provider, secret }: SetProvider,
  inboundUrl: string | null,
): ProviderThatWasSetDto {
  return { ...presentProvider(provider, inboundUrl), ...(secret === null ? {} : { secret }) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
