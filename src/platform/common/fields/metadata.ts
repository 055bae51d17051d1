import { field, type Problem } from './field.js';
import { depthOf, isObject, unstorablePart } from './json-value.js';

const METADATA = { keys: 50, bytes: 16 * 1024, depth: 5 } as const;

const SAYS = 'Your own data for this object, returned as you sent it; null removes it.';

/** Whatever the tenant wants to keep with a row: a JSON object, returned equal to what was sent; null is none. */
export function Metadata(says = SAYS, bytes: number = METADATA.bytes): PropertyDecorator {
  return field({
    optional: true,
    check: (value) => checkMetadata(value, bytes),
    schema: {
      type: 'object',
      additionalProperties: true,
      maxProperties: METADATA.keys,
      nullable: true,
      example: { priority: 'high' },
      description: `${says} At most ${METADATA.keys} keys, ${bytes / 1024} KB as JSON and ${METADATA.depth} levels of nesting.`,
    },
  });
}

export function checkMetadata(value: unknown, bytes: number = METADATA.bytes): Problem {
  if (!isObject(value)) {
    return { says: 'must be an object.' };
  }
  if (Object.keys(value).length > METADATA.keys) {
    return { says: `must not have more than ${METADATA.keys} keys.` };
  }
  if (depthOf(value, METADATA.depth) > METADATA.depth) {
    return { says: `must not be nested deeper than ${METADATA.depth}.` };
  }
  const unstorable = unstorablePart(value);
  if (unstorable) {
    return { says: `contains ${unstorable}.` };
  }
  return Buffer.byteLength(JSON.stringify(value)) > bytes
    ? { says: `must not be greater than ${bytes / 1024} KB.` }
    : null;
}
