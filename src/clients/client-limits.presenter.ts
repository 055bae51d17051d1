import { RATE_NAMES, type RateName } from '../platform/common/rate-limit/named-limits.js';
import type { ClientRates } from '../platform/common/rate-limit/rates-of-clients.js';
import type { ClientLimitsDto, SetClientLimitsDto } from './client-limits.dto.js';

export function presentLimits(rates: ClientRates): ClientLimitsDto {
  const all = RATE_NAMES.map((name) => [name, rates[name] ?? null]);
  return { object: 'client_limits', ...(Object.fromEntries(all) as Record<RateName, number | null>) };
}

/** Those that have a number. */
export function ratesIn(limits: SetClientLimitsDto): ClientRates {
  return Object.fromEntries(RATE_NAMES.flatMap((name) => (limits[name] == null ? [] : [[name, limits[name]]])));
}
