import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** What a spreadsheet takes for a formula, whatever quotes stand before it: they would be taken off again. */
const FORMULA = /^'*[=+\-@\t\r]/;
const QUOTED_FORMULA = /^'+[=+\-@\t\r]/;
/** Nothing that is computed: no letter, no quote. */
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const PHONE = /^\+\d[\d ()./-]*$/;

/** In one cell: a line of its own, whose parts are apart by `;`. No part has a NUL, so a line never ends. */
const IN_CELL = { delimiter: ';', record_delimiter: '\u0000' } as const;

/** A cell that no spreadsheet computes: where it might, a `'` stands before it. */
export function guarded(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) && !PHONE.test(cell) ? `'${cell}` : cell;
}

/** What such a cell was before. */
export function unguarded(cell: string): string {
  return QUOTED_FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** Names in one cell: `VIP;"a;b"`. */
export function joined(names: readonly string[]): string {
  return names.length === 0 ? '' : stringify([names], { ...IN_CELL, eof: false, quoted_match: /^\s|\s$/u });
}

/** The names in such a cell, each once; null where its quotes can't be read. */
export function parted(cell: string): string[] | null {
  try {
    const [names = []] = parse(cell, { ...IN_CELL, trim: true, relax_quotes: true });
    return [...new Set(names.filter((name) => name !== ''))];
  } catch {
    return null;
  }
}
