import pg from 'pg';

const parseAny = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;

/** Up to the seconds. */
const USUAL = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d[.+]/;

/**
 * A moment as PostgreSQL prints it to a session in UTC, `2026-11-22 00:51:58.123456+00`: digits in fixed places, eleven times in
 * a page of ten. Whatever else it may print (another time zone, infinity, years of more or fewer digits) goes the general way.
 */
export function parseTimestamp(text: string): Date {
  if (!text.endsWith('+00') || !USUAL.test(text)) {
    return parseAny(text);
  }
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)];
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds(text)));
}

/** As many as are shown; PostgreSQL leaves out zeros at the end. */
function milliseconds(text: string): number {
  const shown = Math.min(text.length - '+00'.length - 20, 3);
  return shown > 0 ? digits(text, 20, shown) * 10 ** (3 - shown) : 0;
}

function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    value = value * 10 + text.charCodeAt(at) - 48;
  }
  return value;
}
