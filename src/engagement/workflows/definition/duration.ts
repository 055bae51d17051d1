const PART = /^P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/;
const UNITS_MS = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

export const DURATION_PATTERN = PART.source;

/** Of an ISO 8601 duration in weeks, days, hours, minutes and seconds; null where it is none. */
export function durationMs(text: string): number | null {
  const parts = PART.exec(text)?.slice(1);
  if (!parts || parts.every((part) => part === undefined) || text.endsWith('T')) {
    return null;
  }
  return parts.reduce((sum, part, at) => sum + Number(part ?? 0) * UNITS_MS[at]!, 0);
}
