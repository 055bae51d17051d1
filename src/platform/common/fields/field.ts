import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

/** What is wrong with a value: null when nothing is, else one sentence; `at` leads into a nested value ("1"). */
export type Problem = null | { readonly at?: string; readonly says: string };

export interface FieldRule {
  /** The name on the wire, where it is not the property's own. */
  readonly name?: string;
  readonly optional?: boolean;
  /** The property that this is another name of: read and described here, checked there. */
  readonly insteadOf?: string;
  /** The properties of which any makes this field an optional one. */
  readonly unless?: string | readonly string[];
  /** The property that must not be given beside this one. */
  readonly excludes?: string;
  /** Whether, beside what else was given, whatever is given here is passed over. */
  readonly ignoredIf?: (object: never) => boolean;
  /** Runs before the check and must leave what it can't read as it is. */
  readonly read?: (value: unknown) => unknown;
  readonly check: (value: unknown) => Problem;
  readonly schema: ApiPropertyOptions & { readonly description: string };
}

export interface Field {
  readonly property: string;
  readonly read: (value: unknown) => unknown;
  /** What is wrong with this field of an object that was read; null when nothing is. */
  readonly check: (object: object) => Wrong | null;
}

/** The path to what is wrong, in names of the wire, and a sentence for people. */
export interface Wrong {
  readonly path: string;
  readonly sentence: string;
}

type Prototype = object;
const FIELDS = new Map<Prototype, Map<string, Field>>();
const REQUIRED: Problem = { says: 'is required.' };

/** One fact about one field: how it is read, checked, and described in the OpenAPI document. */
export function field(rule: FieldRule): PropertyDecorator {
  return (target, key) => {
    const property = rule.insteadOf ?? String(key);
    const name = rule.name ?? String(key);
    const isOptional = (object: object): boolean =>
      rule.optional === true || [rule.unless ?? []].flat().some((one) => has(object, one));
    const problem = (value: unknown, object: object): Problem => {
      if (rule.ignoredIf?.(object as never)) {
        return null;
      }
      if (!given(value)) {
        return isOptional(object) ? null : REQUIRED;
      }
      if (has(object, rule.excludes)) {
        return { says: `must not be given together with ${nameOf(target, rule.excludes!)}.` };
      }
      // An empty value is a missing one where one is needed, and a wrong one elsewhere: `?limit=` is no limit.
      return value === '' && !isOptional(object) ? REQUIRED : rule.check(value);
    };
    ownFields(target).set(name, {
      property,
      read: rule.read ?? ((value) => value),
      check: (object) =>
        rule.insteadOf === undefined
          ? wrongIn(name, problem((object as Record<string, unknown>)[property], object))
          : null,
    });
    ApiProperty({
      name,
      required: !rule.optional && rule.unless === undefined,
      ...rule.schema,
    } as ApiPropertyOptions)(target, key);
  };
}

function has(object: object, property: string | undefined): boolean {
  return property !== undefined && given((object as Record<string, unknown>)[property]);
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

function wrongIn(name: string, problem: Problem): Wrong | null {
  if (problem === null) {
    return null;
  }
  const path = problem.at === undefined ? name : `${name}.${problem.at}`;
  return { path, sentence: `The ${path} field ${problem.says}` };
}
