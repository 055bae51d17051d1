import { field } from '../../platform/common/fields/field.js';
import { checkText, type FieldOptions } from '../../platform/common/fields/fields.js';
import { tokenPattern } from '../../clients/key-format.js';

const MAX_NAME = 255;
const MAX_PASSWORD = 256;

/** What somebody or something is called: one line. */
export function Name(options: FieldOptions & { readonly example: string }): PropertyDecorator {
  const { example, description, ...rest } = options;
  return field({
    ...rest,
    check: (value) =>
      checkText(value, MAX_NAME) ??
      (/\p{Cc}/u.test(value as string) ? { says: 'must not contain line breaks or other control characters.' } : null),
    schema: { type: String, minLength: 1, maxLength: MAX_NAME, example, description },
  });
}

/** A password as it is typed. How good it is, the account it is for has to say. */
export function Password(options: FieldOptions): PropertyDecorator {
  const { description, ...rest } = options;
  return field({
    ...rest,
    check: (value) =>
      typeof value !== 'string'
        ? { says: 'must be a string.' }
        : value.length > MAX_PASSWORD && [...value].length > MAX_PASSWORD
          ? { says: `must not be greater than ${MAX_PASSWORD} characters.` }
          : null,
    schema: {
      type: String,
      format: 'password',
      minLength: 1,
      maxLength: MAX_PASSWORD,
      example: 'correct horse battery staple',
      description,
    },
  });
}

/** A token that came by mail, or by another way aside. What it looks like is not checked here: a wrong one is an unknown one. */
export function MailedToken({
  description = 'The token in the link that was mailed, behind `#token=`.',
} = {}): PropertyDecorator {
  return field({
    check: (value) => checkText(value, MAX_PASSWORD),
    schema: {
      type: String,
      minLength: 1,
      maxLength: MAX_PASSWORD,
      example: tokenPattern('umt').replace(/^\^(\w+_).*/, '$19kT2vXq7Lw0RzB4nCeYd8GhJ5mPs3AuF0aB1cD'),
      description,
    },
  });
}
