import { UnreadableCsv } from './read-csv.js';

/** What is set as a text. */
export const TEXT_COLUMNS = {
  first_name: { field: 'firstName', max: 255 },
  last_name: { field: 'lastName', max: 255 },
  phone: { field: 'phone', max: 50 },
  company: { field: 'company', max: 255 },
  job_title: { field: 'jobTitle', max: 255 },
  city: { field: 'city', max: 255 },
  country: { field: 'country', max: 100 },
} as const;
export type TextColumn = keyof typeof TEXT_COLUMNS;

/** What a column of a file holds: `custom.plan` is the custom field `plan`; null is passed over. */
export type ImportColumn = TextColumn | 'email' | 'timezone' | 'lead_score' | 'tags' | `custom.${string}` | null;

const KNOWN: ReadonlySet<string> = new Set([...Object.keys(TEXT_COLUMNS), 'email', 'timezone', 'lead_score', 'tags']);
/** What an export has besides, and no import sets. */
const PASSED_OVER: ReadonlySet<string> = new Set(['status', 'created_at']);
const CUSTOM = /^custom\.(.{1,64})$/isu;
const MAX_COLUMNS = 200;
/** Unknown ones that are named; who has more has seen enough. */
const MAX_NAMED = 20;

/**
 * @param unknown what becomes of columns that nobody knows: refused, or custom fields of that name
 * @throws UnreadableCsv that names the columns in the way
 */
export function columnsOf(headers: readonly string[], unknown: 'refuse' | 'custom'): ImportColumn[] {
  if (headers.length > MAX_COLUMNS || headers.every((header) => header.trim() === '')) {
    throw new UnreadableCsv('Could not read CSV headers.');
  }
  const columns = headers.map((header) => columnOf(header.trim()));
  const foreign = headers.filter((_, at) => columns[at] === undefined);
  if (unknown === 'refuse' && foreign.length > 0) {
    throw new UnreadableCsv(`Unknown columns: ${foreign.slice(0, MAX_NAMED).map(shown).join(', ')}.`);
  }
  const all = columns.map((column, at) => {
    return column === undefined ? (`custom.${nameOf(headers[at]!)}` as const) : column;
  });
  const twice = all.find((column, at) => column !== null && all.indexOf(column) !== at);
  if (twice) {
    throw new UnreadableCsv(`The column ${shown(twice)} is there twice.`);
  }
  return all;
}

/** Undefined where nobody knows it. */
function columnOf(header: string): ImportColumn | undefined {
  const custom = CUSTOM.exec(header);
  if (custom) {
    return `custom.${custom[1]!}`;
  }
  const name = nameOf(header);
  if (name === '' || PASSED_OVER.has(name)) {
    return null;
  }
  return KNOWN.has(name) ? (name as ImportColumn) : undefined;
}

function nameOf(header: string): string {
  return header.trim().toLowerCase().replaceAll(/\s+/gu, '_').slice(0, 64);
}

function shown(name: string): string {
  return name.slice(0, 64);
}
