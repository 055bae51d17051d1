import { checkList } from './check-list.js';
import { field } from './field.js';
import { emailIn, type FieldOptions } from './fields.js';

/** `min` (0 if left out) to `max` e-mail addresses, each brought to the one spelling that it has. */
export function EmailList(options: FieldOptions & { readonly min?: number; readonly max: number }): PropertyDecorator {
  const { min = 0, max, description, ...rest } = options;
  return field({
    ...rest,
    read: (value) =>
      Array.isArray(value) && value.length <= max ? value.map((one: unknown) => emailIn(one) ?? one) : value,
    check: (value) =>
      checkList(value, { min, max }, (one) =>
        emailIn(one) === null ? { says: 'must be a valid email address.' } : null,
      ),
    schema: {
      type: 'array',
      items: { type: 'string', format: 'email', maxLength: 255 },
      ...(min === 0 ? {} : { minItems: min }),
      maxItems: max,
      example: ['ben@example.com'],
      description,
    },
  });
}
