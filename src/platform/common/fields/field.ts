import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy, type ValidationArguments } from 'class-validator';

/** What is wrong with a value: null when nothing is, else one sentence; `at` leads into a nested value ("1"). */
export type Problem = null | { readonly at?: string; readonly says: string };

export interface FieldRule {
  /** The name on the wire, where it is not the property's own. */
  readonly name?: string;
  readonly optional?: boolean;
  /** The property whose presence makes this field an optional one. */
  readonly unless?: string;
  /** The property that must not be given beside this one. */
  readonly excludes?: string;
  /** Runs before the check and must leave what it can't read as it is. */
  readonly read?: (value: unknown) => unknown;
  readonly check: (value: unknown) => Problem;
  readonly schema: ApiPropertyOptions & { readonly description: string };
}

export interface Field {
  readonly property: string;
  readonly read: (value: unknown) => unknown;
}

type Prototype = object;
const FIELDS = new Map<Prototype, Map<string, Field>>();
/** Parts a path from its sentence; neither can contain it. */
const SEPARATOR = '\n';
const REQUIRED: Problem = { says: 'is required.' };

/** One fact about one field: how it is read, checked, and described in the OpenAPI document. */
export function field(rule: FieldRule): PropertyDecorator {
  return (target, key) => {
    const property = String(key);
    const name = rule.name ?? property;
    ownFields(target).set(name, { property, read: rule.read ?? ((value) => value) });
    const isOptional = (object: object | undefined): boolean => rule.optional === true || has(object, rule.unless);
    const problem = (value: unknown, object: object | undefined): Problem => {
      if (!given(value)) {
        return isOptional(object) ? null : REQUIRED;
      }
      if (has(object, rule.excludes)) {
        return { says: `must not be given together with ${nameOf(target, rule.excludes!)}.` };
      }
      // An empty value is a missing one where one is needed, and a wrong one elsewhere: `?limit=` is no limit.
      return value === '' && !isOptional(object) ? REQUIRED : rule.check(value);
    };
    applyDecorators(
      ValidateBy({
        name: 'field',
        validator: {
          validate: (value: unknown, args?: ValidationArguments) => problem(value, args?.object) === null,
          defaultMessage: (args?: ValidationArguments) => sentence(name, problem(args?.value, args?.object)),
        },
      }),
      ApiProperty({
        name,
        required: !rule.optional && rule.unless === undefined,
        ...rule.schema,
      } as ApiPropertyOptions),
    )(target, key);
  };
}

function has(object: object | undefined, property: string | undefined): boolean {
  return property !== undefined && given((object as Record<string, unknown> | undefined)?.[property]);
}

/** On the wire. */
function nameOf(target: Prototype, property: string): string {
  return [...ownFields(target)].find(([, one]) => one.property === property)?.[0] ?? property;
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function ownFields(target: Prototype): Map<string, Field> {
  const own = FIELDS.get(target) ?? new Map<string, Field>();
  FIELDS.set(target, own);
  return own;
}

/** The fields of a DTO class by their names on the wire, inherited ones included. */
export function fieldsOf(type: { readonly prototype: object }): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (let at: object | null = type.prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    FIELDS.get(at)?.forEach((value, name) => fields.set(name, value));
  }
  return fields;
}

function sentence(name: string, problem: Problem): string {
  const path = problem?.at === undefined ? name : `${name}.${problem.at}`;
  return `${path}${SEPARATOR}The ${path} field ${problem?.says ?? 'is invalid.'}`;
}

/** The path and the sentence that a failed field left with class-validator. */
export function readSentence(message: string): [path: string, says: string] {
  const [path = '', says = ''] = message.split(SEPARATOR);
  return [path, says];
}
