import { field } from '../../../platform/common/fields/field.js';
import { Text, type FieldOptions } from '../../../platform/common/fields/fields.js';

const MAX_SEARCH = 100;

/** `search`: words that all occur somewhere. */
export function Search(description: string): PropertyDecorator {
  return Text({
    max: MAX_SEARCH,
    optional: true,
    description: `${description} Each word has to occur, in any case and with any accents.`,
  });
}

/** Yes or no: `1`, `0`, `true`, `false`. */
export function QueryFlag(options: FieldOptions): PropertyDecorator {
  const { description, ...rest } = options;
  return field({
    optional: true,
    ...rest,
    read: (value) => (value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value),
    check: (value) => (typeof value === 'boolean' ? null : { says: 'must be true or false.' }),
    schema: { type: Boolean, description },
  });
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly otherwise?: number;
}

/** A whole number. */
export function QueryInteger(options: FieldOptions & Range): PropertyDecorator {
  const { min, max, otherwise, description, ...rest } = options;
  return field({
    optional: true,
    ...rest,
    read: (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
    check: (value) =>
      typeof value === 'number' && value >= min && value <= max
        ? null
        : { says: `must be a whole number from ${min} to ${max}.` },
    schema: {
      type: 'integer',
      minimum: min,
      maximum: max,
      ...(otherwise === undefined ? {} : { default: otherwise }),
      description,
    },
  });
}
