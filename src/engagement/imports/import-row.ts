import { checkText, emailIn } from '../../platform/common/fields/fields.js';
import { parted, unguarded } from '../contacts/csv-cells.js';
import type { ContactFields } from '../contacts/contacts.repository.js';
import { isTimeZone } from '../contacts/time-zone.js';
import { TEXT_COLUMNS, type ImportColumn, type TextColumn } from './import-columns.js';

/** What a row of a file says of a contact. What is absent stays. */
export interface ImportRow {
  /** Its place in the file; the headers are 1. */
  readonly row: number;
  readonly email: string;
  readonly fields: Partial<Omit<ContactFields, 'email' | 'status' | 'customFields'>>;
  readonly custom: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

const MAX_SCORE = 100;
const MAX_TAG = 50;
const MAX_TAGS = 100;
const MAX_CUSTOM = 2_000;
const MAX_SHOWN = 100;

/** A row, or what is wrong with it. */
export function readRow(
  record: readonly string[],
  columns: readonly ImportColumn[],
  row: number,
): ImportRow | { readonly problem: string } {
  if (record.length !== columns.length) {
    return { problem: 'column count mismatch' };
  }
  const cells = new Map(
    columns.flatMap((column, at) => {
      const cell = unguarded(record[at]!);
      return column === null || cell.trim() === '' ? [] : [[column, cell] as const];
    }),
  );
  const written = cells.get('email');
  if (written === undefined) {
    return { problem: 'missing email' };
  }
  const email = emailIn(written);
  if (email === null) {
    return { problem: `invalid email '${written.slice(0, MAX_SHOWN)}'` };
  }
  const fields: Record<string, string | number> = {};
  const custom: Record<string, string> = Object.create(null) as Record<string, string>;
  let tags: readonly string[] = [];
  for (const [column, cell] of cells) {
    if (column.startsWith('custom.')) {
      custom[column.slice('custom.'.length)] = cell;
    } else if (column in TEXT_COLUMNS) {
      fields[TEXT_COLUMNS[column as TextColumn].field] = cell;
    } else if (column === 'timezone') {
      fields.timezone = cell.trim();
    } else if (column === 'lead_score') {
      fields.leadScore = Number(cell);
    } else if (column === 'tags') {
      tags = parted(cell) ?? [''];
    }
    const wrong = wrongIn(column, cell, tags);
    if (wrong !== null) {
      return { problem: `invalid ${column}: it ${wrong}` };
    }
  }
  return { row, email, fields, custom, tags };
}

function wrongIn(column: NonNullable<ImportColumn>, cell: string, tags: readonly string[]): string | null {
  if (column in TEXT_COLUMNS) {
    return says(checkText(cell, TEXT_COLUMNS[column as TextColumn].max));
  }
  switch (column) {
    case 'email':
      return null;
    case 'timezone':
      return isTimeZone(cell.trim()) ? null : 'must be a time zone such as Europe/Berlin.';
    case 'lead_score':
      return /^\d{1,3}$/.test(cell.trim()) && Number(cell) <= MAX_SCORE
        ? null
        : `must be a whole number from 0 to ${MAX_SCORE}.`;
    case 'tags':
      return tags.length <= MAX_TAGS && tags.every((tag) => checkText(tag, MAX_TAG) === null)
        ? null
        : `must be at most ${MAX_TAGS} names of at most ${MAX_TAG} characters.`;
    default:
      return says(checkText(cell, MAX_CUSTOM));
  }
}

function says(problem: ReturnType<typeof checkText>): string | null {
  return problem?.says ?? null;
}
