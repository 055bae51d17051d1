import { field } from './field.js';
import type { FieldOptions } from './fields.js';

/** ISO 8601 with a time zone; seconds may have a fraction. */
const FORM = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** A moment as ISO 8601 writes it; read as a Date. */
export function Moment(options: FieldOptions): PropertyDecorator {
  const { description, ...rest } = options;
  return field({
    ...rest,
    read: (value) => (isMoment(value) ? new Date(value) : value),
    check: (value) =>
      value instanceof Date ? null : { says: 'must be a time in ISO 8601 such as 2026-11-21T10:00:00.000Z.' },
    schema: {
      type: String,
      format: 'date-time',
      example: '2099-12-31T23:59:59.000Z',
      description,
      ...(options.optional ? { nullable: true } : {}),
    },
  });
}

function isMoment(value: unknown): value is string {
  const [, day] = typeof value === 'string' ? (FORM.exec(value) ?? []) : [];
  return day !== undefined && isDay(day) && !Number.isNaN(Date.parse(value as string));
}

/** JavaScript reads 30 February as 2 March. */
function isDay(day: string): boolean {
  const at = new Date(day);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
