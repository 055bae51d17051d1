import { checkText } from '../../../platform/common/fields/fields.js';
import { field, type Problem } from '../../../platform/common/fields/field.js';
import { isObject } from '../../../platform/common/fields/json-value.js';
import { VARIABLE_NAME } from '../../../delivery/templates/variables.js';

const MAX_VARIABLES = 50;
const MAX_VALUE = 1_600;
const NAME = new RegExp(`^${VARIABLE_NAME}$`);

/** What the variables of a template are filled with, by their names. */
export function Variables(): PropertyDecorator {
  return field({
    optional: true,
    check: checkVariables,
    schema: {
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1, maxLength: MAX_VALUE },
      maxProperties: MAX_VARIABLES,
      nullable: true,
      example: { order: '4711' },
      description:
        'What to fill the variables of the template with: text by name, at most 50. `phone` is the number it goes to and `name` the name of the contact, if not given.',
    },
  });
}

function checkVariables(value: unknown): Problem {
  if (!isObject(value)) {
    return { says: 'must be an object.' };
  }
  const entries = Object.entries(value);
  if (entries.length > MAX_VARIABLES) {
    return { says: `must not have more than ${MAX_VARIABLES} names.` };
  }
  if (!entries.every(([name]) => NAME.test(name))) {
    return { says: 'must have names of letters, digits and underscores, each of at most 64.' };
  }
  for (const [name, text] of entries) {
    const problem = checkText(text, MAX_VALUE);
    if (problem) {
      return { at: name, ...problem };
    }
  }
  return null;
}
