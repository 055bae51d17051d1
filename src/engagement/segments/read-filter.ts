import { InvalidInput } from '../../platform/common/errors/refusal.js';
import { operatorsOf, type Operators } from './filter-fields.js';
import type { Condition, Filter } from './filter.js';

const MAX_CONDITIONS = 20;
const MAX_DEPTH = 3;
const MAX_BYTES = 16 * 1024;

/** The operators of a field; null where there is no such field. */
export type KnownFields = (field: string) => Operators | null;

/**
 * A filter, of what somebody sent: there is no other road from there to a statement.
 * @param path what it is called in refusals
 * @throws InvalidInput on the path of what is wrong: `filter.all.1.op`
 */
export function readFilter(value: unknown, path = 'filter', fields: KnownFields = operatorsOf): Filter {
  if (Buffer.byteLength(JSON.stringify(value) ?? '') > MAX_BYTES) {
    throw refused(path, `must not be larger than ${MAX_BYTES / 1024} KB.`);
  }
  const left = { conditions: MAX_CONDITIONS };
  return read(value, path, MAX_DEPTH, (one, at) => {
    left.conditions -= 1;
    if (left.conditions < 0) {
      throw refused(path, `must not have more than ${MAX_CONDITIONS} conditions.`);
    }
    return readCondition(one, at, fields);
  });
}

type ReadOne = (given: Record<string, unknown>, path: string) => Condition;

function read(value: unknown, path: string, depth: number, one: ReadOne): Filter {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(path, 'must be a condition, or an object with all, any or not.');
  }
  const [kind, ...others] = Object.keys(value);
  const isGroup = kind === 'all' || kind === 'any' || kind === 'not';
  if (!isGroup) {
    return one(value as Record<string, unknown>, path);
  }
  if (others.length > 0) {
    throw refused(`${path}.${others[0]}`, 'is not known.');
  }
  if (depth === 0) {
    throw refused(path, `must not be nested deeper than ${MAX_DEPTH} levels.`);
  }
  const inner = (value as Record<string, unknown>)[kind];
  if (kind === 'not') {
    return { not: read(inner, `${path}.not`, depth - 1, one) };
  }
  if (!Array.isArray(inner) || inner.length === 0) {
    throw refused(`${path}.${kind}`, 'must be a list of conditions.');
  }
  const filters = inner.map((part, at) => read(part, `${path}.${kind}.${at}`, depth - 1, one));
  return kind === 'all' ? { all: filters } : { any: filters };
}

function readCondition(given: Record<string, unknown>, path: string, fields: KnownFields): Condition {
  const { field, op, value, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw refused(`${path}.${unknown}`, 'is not known.');
  }
  const operators = typeof field === 'string' ? fields(field) : null;
  if (operators === null) {
    throw refused(`${path}.field`, 'is not one that contacts can be filtered by.');
  }
  if (typeof op !== 'string' || !Object.hasOwn(operators, op)) {
    throw refused(`${path}.op`, `must be one of ${Object.keys(operators).join(', ')}.`);
  }
  const problem = operators[op]!(value);
  if (problem !== null) {
    throw refused(`${path}.value`, problem);
  }
  const condition = { field: field as string, op };
  return value === undefined ? condition : { ...condition, value: value as Condition['value'] & {} };
}

function refused(path: string, says: string): InvalidInput {
  return new InvalidInput({ [path]: [`The ${path} field ${says}`] });
}
