import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { DAY_MS } from '../../../platform/common/durations.js';
import { now } from '../../../platform/common/clock.js';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import { isObject, unstorablePart, depthOf } from '../../../platform/common/fields/json-value.js';
import { isTimeZone } from '../../contacts/time-zone.js';
import { readFilter } from '../../segments/read-filter.js';
import { WORKFLOW_NAMES } from '../../templates/known-names.js';
import { faultIn } from '../../templates/template.js';
import { conditionFields } from './condition-fields.js';
import { DEFINITION_SCHEMA, STEP_SCHEMAS, TRIGGER_SCHEMAS } from './definition-schema.js';
import { END, type Definition, type Step, type Trigger } from './definition.js';
import { durationMs } from './duration.js';
import { patternProblem } from './pattern.js';
import { scheduleProblem } from './schedule.js';

const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 10;
const MAX_WAIT_MS = 366 * DAY_MS;

const ajv = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true });
const compiled = (schema: object): ValidateFunction => ajv.compile(schema);
const outline = compiled({
  ...DEFINITION_SCHEMA,
  properties: {
    ...DEFINITION_SCHEMA.properties,
    trigger: { type: 'object' },
    steps: { ...DEFINITION_SCHEMA.properties.steps, items: { type: 'object' } },
  },
});
const ofTriggers = byType(TRIGGER_SCHEMAS);
const ofSteps = byType(STEP_SCHEMAS);

function byType(schemas: Readonly<Record<string, object>>): ReadonlyMap<string, ValidateFunction> {
  return new Map(Object.entries(schemas).map(([type, schema]) => [type, compiled(schema)]));
}

/**
 * A definition, of what somebody sent. What it names is still as it was sent, and may not be there.
 * @param path what it is called in refusals
 * @throws InvalidInput on the path of what is wrong: `definition.steps.2.tag_id`
 */
export function readDefinition(given: unknown, path = 'definition'): Definition {
  if (!isObject(given)) {
    throw refused(path, 'must be an object.');
  }
  if (depthOf(given, MAX_DEPTH) > MAX_DEPTH || Buffer.byteLength(JSON.stringify(given)) > MAX_BYTES) {
    throw refused(path, `must not be larger than ${MAX_BYTES / 1024} KB, or nested deeper than ${MAX_DEPTH} levels.`);
  }
  const unstorable = unstorablePart(given);
  if (unstorable !== null) {
    throw refused(path, `contains ${unstorable}.`);
  }
  mustPass(outline, given, path);
  const definition = given as unknown as Definition;
  mustBeOfAType(ofTriggers, definition.trigger, `${path}.trigger`);
  definition.steps.forEach((step, at) => mustBeOfAType(ofSteps, step, `${path}.steps.${at}`));
  checkTrigger(definition.trigger, `${path}.trigger`);
  checkReentry(definition.reentry, `${path}.reentry`);
  const { conditions } = definition;
  const read = conditions === undefined ? {} : { conditions: filterAt(conditions, `${path}.conditions`) };
  const steps = definition.steps.map((step, at) => readStep(step, at, definition.steps, `${path}.steps.${at}`));
  return { ...definition, ...read, steps };
}

function mustBeOfAType(validators: ReadonlyMap<string, ValidateFunction>, given: object, path: string): void {
  const { type } = given as { readonly type?: unknown };
  const validate = typeof type === 'string' ? validators.get(type) : undefined;
  if (!validate) {
    throw refused(`${path}.type`, `must be one of ${[...validators.keys()].join(', ')}.`);
  }
  mustPass(validate, given, path);
}

function mustPass(validate: ValidateFunction, given: unknown, path: string): void {
  if (!validate(given)) {
    const { at, says } = wordsOf(validate.errors!);
    throw refused(`${path}${at.replaceAll('/', '.')}`, says);
  }
}

/** The first of them says what is wrong; behind it may stand the `anyOf` that it is a part of. */
function wordsOf(errors: readonly ErrorObject[]): { readonly at: string; readonly says: string } {
  const error = errors.find(({ keyword }) => keyword === 'anyOf') ?? errors[0]!;
  const { instancePath, keyword, params, message = 'is wrong' } = error;
  const { missingProperty, additionalProperty, allowedValues } = params as Record<string, unknown>;
  switch (keyword) {
    case 'required':
      return { at: `${instancePath}/${String(missingProperty)}`, says: 'is required.' };
    case 'additionalProperties':
      return { at: `${instancePath}/${String(additionalProperty)}`, says: 'is not known.' };
    case 'enum':
      return { at: instancePath, says: `must be one of ${(allowedValues as unknown[]).join(', ')}.` };
    case 'anyOf':
      return { at: instancePath, says: 'is none of what it may be.' };
    case 'pattern':
      return { at: instancePath, says: 'is not written as it must be.' };
    default:
      return { at: instancePath, says: `${message.replace('NOT', 'not')}.` };
  }
}

function checkTrigger(trigger: Trigger, path: string): void {
  if (trigger.type === 'message.received' && trigger.match?.regex !== undefined) {
    if (patternProblem(trigger.match.regex) !== null) {
      throw refused(`${path}.match.regex`, 'must be a regular expression of RE2: no look-around, no back-references.');
    }
  }
  if (trigger.type === 'schedule') {
    if (!isTimeZone(trigger.timezone)) {
      throw refused(`${path}.timezone`, 'must be a time zone such as Europe/Berlin.');
    }
    const problem = scheduleProblem(trigger.cron, trigger.timezone, now());
    if (problem !== null) {
      throw refused(`${path}.cron`, problem);
    }
  }
}

function checkReentry(reentry: string | undefined, path: string): void {
  if (reentry?.startsWith('after:') && !isWait(reentry.slice('after:'.length))) {
    throw refused(path, 'must be a duration of at most a year.');
  }
}

function isWait(duration: string): boolean {
  const ms = durationMs(duration);
  return ms !== null && ms > 0 && ms <= MAX_WAIT_MS;
}

function filterAt(given: unknown, path: string) {
  return readFilter(given, path, conditionFields);
}

function readStep(step: Step, at: number, steps: readonly Step[], path: string): Step {
  if (step.id === END || steps.findIndex(({ id }) => id === step.id) !== at) {
    throw refused(`${path}.id`, step.id === END ? 'must not be end.' : 'is the id of another step.');
  }
  for (const name of ['next', 'then', 'else'] as const) {
    const to = (step as Partial<Record<typeof name, string>>)[name];
    if (to !== undefined) {
      mustLeadOn(to, at, steps, `${path}.${name}`);
    }
  }
  for (const name of ['subject', 'body', 'value'] as const) {
    const text = (step as Partial<Record<typeof name, unknown>>)[name];
    const fault = typeof text === 'string' ? faultIn(text, WORKFLOW_NAMES) : null;
    if (fault !== null) {
      throw refused(`${path}.${name}`, fault);
    }
  }
  switch (step.type) {
    case 'wait':
      if (!isWait(step.for)) {
        throw refused(`${path}.for`, 'must be a duration of at most a year.');
      }
      if (step.then !== undefined && step.until === undefined) {
        throw refused(`${path}.then`, 'goes with until only.');
      }
      return step;
    case 'branch':
      return { ...step, if: filterAt(step.if, `${path}.if`) };
    case 'set_field':
      checkField(step.field, step.value, `${path}.value`);
      return step;
    default:
      return step;
  }
}

/** A number of the contact is a number, its status one of its own; the rest is text. */
function checkField(field: string, value: unknown, path: string): void {
  if (field.startsWith('custom.')) {
    return;
  }
  const isScore = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 100;
  if (field === 'lead_score' ? !isScore : value !== null && typeof value !== 'string') {
    throw refused(path, field === 'lead_score' ? 'must be a whole number from 0 to 100.' : 'must be a text.');
  }
  if (field === 'status' && value !== 'active' && value !== 'inactive' && value !== 'unsubscribed') {
    throw refused(path, 'must be one of active, inactive, unsubscribed.');
  }
  if (field === 'first_name' && (value === null || value === '')) {
    throw refused(path, 'must not be taken away.');
  }
  if (field === 'timezone' && value !== null && !isTimeZone(value as string)) {
    throw refused(path, 'must be a time zone such as Europe/Berlin.');
  }
}

/** A step leads forward, so that no definition runs in a circle. */
function mustLeadOn(to: string, at: number, steps: readonly Step[], path: string): void {
  if (to === END) {
    return;
  }
  const place = steps.findIndex(({ id }) => id === to);
  if (place < 0) {
    throw refused(path, 'names no step.');
  }
  if (place <= at) {
    throw refused(path, 'must lead to a later step.');
  }
}

function refused(path: string, says: string): InvalidInput {
  return new InvalidInput({ [path]: [`The ${path} field ${says}`] });
}
