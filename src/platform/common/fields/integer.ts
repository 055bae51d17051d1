import { field } from './field.js';
import type { FieldOptions } from './fields.js';

/** A whole number. */
export function Integer(
  options: FieldOptions & { readonly min: number; readonly max: number; readonly example: number },
): PropertyDecorator {
  const { min, max, example, description, ...rest } = options;
  return field({
    ...rest,
    check: (value) =>
      Number.isInteger(value) && (value as number) >= min && (value as number) <= max
        ? null
        : { says: `must be a whole number from ${min} to ${max}.` },
    schema: {
      type: 'integer',
      minimum: min,
      maximum: max,
      example,
      description,
      ...(options.optional ? { nullable: true } : {}),
    },
  });
}
