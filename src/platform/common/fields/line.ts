import { field, type Problem } from './field.js';
import { checkText, type FieldOptions } from './fields.js';

const ONE_LINE: Problem = { says: 'must be one line.' };

/** A text that stands in a header of a mail, or in a line of SMTP. */
export function Line(options: FieldOptions & { readonly max: number; readonly example?: string }): PropertyDecorator {
  const { max, example, description, ...rest } = options;
  return field({
    ...rest,
    check: (value) => checkText(value, max) ?? (/[\p{Cc}\u2028\u2029]/u.test(value as string) ? ONE_LINE : null),
    schema: {
      ...{ type: String, minLength: 1, maxLength: max, description },
      ...(example === undefined ? {} : { example }),
      ...(options.optional ? { nullable: true } : {}),
    },
  });
}
