import { field } from './field.js';
import type { FieldOptions } from './fields.js';

const FORM = /^\d{4}-\d\d-\d\d$/;

/** A day in UTC, or null. */
export function Day({ description, ...rest }: FieldOptions): PropertyDecorator {
  return field({
    ...rest,
    optional: true,
    check: (value) => (isDay(value) ? null : { says: 'must be a day such as 2026-11-21.' }),
    schema: { type: String, format: 'date', description },
  });
}

/** Dates that there are not, such as the 30th of February, would be read as others. */
function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !FORM.test(value)) {
    return false;
  }
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
