import { SECOND_MS } from '../durations.js';

/** Milliseconds from now to what a `Retry-After` names, in seconds or as a date; null where it can't be read. */
export function readRetryAfter(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) {
    return Number(text) * SECOND_MS;
  }
  // Date.parse() takes nearly anything; a date of HTTP begins with the day and ends with GMT (RFC 9110, 5.6.7).
  const at = /^[A-Z][a-z]{2}, .+ GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(at - now.getTime(), 0);
}
