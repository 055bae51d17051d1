const REGIONS = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Codes that Intl knows and that are no countries: the world's parts, and "unknown". */
const NO_COUNTRIES: ReadonlySet<string> = new Set(['EU', 'EZ', 'UN', 'XA', 'XB', 'ZZ', 'QO']);

/** Whether these are the two letters of a country. */
export function isCountry(value: unknown): value is string {
  return (
    typeof value === 'string' && /^[A-Z]{2}$/.test(value) && !NO_COUNTRIES.has(value) && REGIONS.of(value) !== undefined
  );
}

let zones: ReadonlySet<string> | undefined;

/** IANA's names of time zones. */
export function timeZones(): ReadonlySet<string> {
  zones ??= new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);
  return zones;
}
