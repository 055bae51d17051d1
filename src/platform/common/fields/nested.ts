import { getSchemaPath } from '@nestjs/swagger';
import { InvalidInput } from '../errors/refusal.js';
import { isUuid, parseId, type IdKind } from '../ids/type-id.js';
import { field, type Problem } from './field.js';
import { checkList } from './check-list.js';
import type { FieldOptions } from './fields.js';
import { isObject } from './json-value.js';
import { readInput } from './read-input.js';

type Dto = new () => object;
interface NestedOptions extends FieldOptions {
  readonly example?: unknown;
}

/** What was given in the place of a nested object, and is none. */
class Unreadable {
  constructor(readonly problem: Problem) {}
}

/** An object with fields of its own. */
export function Nested(dto: Dto, options: NestedOptions): PropertyDecorator {
  return field({
    ...options,
    read: (value) => (value === undefined || value === null ? value : readNested(dto, value)),
    check: problemOf,
    schema: { type: dto, ...shown(options) },
  });
}

/** `min` to `max` of them. */
export function NestedList(
  dto: Dto,
  options: NestedOptions & { readonly min: number; readonly max: number },
): PropertyDecorator {
  const { min, max } = options;
  return field({
    ...options,
    read: (value) => (Array.isArray(value) && value.length <= max ? value.map((item) => readNested(dto, item)) : value),
    check: (value) => checkList(value, { min, max }, problemOf),
    schema: { type: [dto], minItems: min, maxItems: max, ...shown(options) },
  });
}

/** Up to `max` of them, each by an id of this kind, which is read as the UUID. */
export function NestedById(
  kind: IdKind,
  dto: Dto,
  options: NestedOptions & { readonly max: number },
): PropertyDecorator {
  const { max } = options;
  return field({
    ...options,
    read: (value) => (isObject(value) && Object.keys(value).length <= max ? readById(kind, dto, value) : value),
    check: (value) => checkById(value, max),
    schema: {
      type: 'object',
      additionalProperties: { $ref: getSchemaPath(dto) },
      ...shown(options),
    },
  });
}

function readById(kind: IdKind, dto: Dto, value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([id, inner]) => [parseId(kind, id) ?? id, readNested(dto, inner)]),
  );
}

function checkById(value: unknown, max: number): Problem {
  if (!isObject(value)) {
    return { says: 'must be an object.' };
  }
  if (Object.keys(value).length > max) {
    return { says: `must not have more than ${max} keys.` };
  }
  for (const [id, inner] of Object.entries(value)) {
    const problem = isUuid(id) ? problemOf(inner) : { says: 'is not known.' };
    if (problem) {
      return within(id, problem);
    }
  }
  return null;
}

/** The DTO, or what is wrong with the first of its fields that is. */
function readNested(dto: Dto, value: unknown): object {
  if (!isObject(value)) {
    return new Unreadable({ says: 'must be an object.' });
  }
  try {
    return readInput(dto, value);
  } catch (error) {
    if (!(error instanceof InvalidInput)) {
      throw error;
    }
    const [path, [sentence]] = Object.entries(error.details.errors!)[0] as [string, [string]];
    return new Unreadable(within(path, { says: sentence.slice(`The ${path} field `.length) }));
  }
}

function problemOf(value: unknown): Problem {
  return value instanceof Unreadable ? value.problem : null;
}

/** A path is one line, whatever name somebody made up. */
function within(path: string, { at, says }: NonNullable<Problem>): Problem {
  return { at: [path, ...(at === undefined ? [] : [at])].join('.').replaceAll('\n', ' '), says };
}

function shown({ description, example, optional }: NestedOptions): { readonly description: string } {
  return {
    description,
    ...(example === undefined ? {} : { example }),
    ...(optional ? { nullable: true } : {}),
  };
}
