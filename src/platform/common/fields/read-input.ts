import { InvalidInput } from '../errors/refusal.js';
import { fieldsOf, type Field } from './field.js';
import { isObject } from './json-value.js';

type Dto<T extends object> = new () => T;

/** Unknown fields that are named; who sends more has seen enough. */
const MAX_UNKNOWN = 20;
/** Characters of an unknown name that are shown. */
const MAX_NAME = 100;

const OPEN = new WeakSet<object>();

/** Fields of a body that nobody knows are passed over: what is sent there by programs that can't be changed any more. */
export function ToleratesUnknownFields(): ClassDecorator {
  return (dto) => {
    OPEN.add(dto);
  };
}

const PASSED_OVER = new WeakMap<object, ReadonlySet<string>>();

/**
 * These fields are passed over, whatever they hold: an object's own that nobody sets, for clients send back what they have
 * read. They don't stand in the document, as nobody has to send them.
 */
export function PassesOver(...names: readonly string[]): ClassDecorator {
  return (dto) => {
    PASSED_OVER.set(dto, new Set(names));
  };
}

const SHAPES = new Map<unknown, Map<string, Field>>();

/**
 * Turns what somebody sent into its DTO, or says what is wrong with each field. Not by class-transformer: it recurses into
 * whatever it is given, drops keys of metadata, and fails on a value that holds a key named "constructor".
 * @param from in a query string, a name that is given twice has a list of values
 * @throws InvalidInput
 */
export function readInput<T extends object>(dto: Dto<T>, value: unknown, from: 'body' | 'query' = 'body'): T {
  if (!isObject(value)) {
    throw new InvalidInput({ body: ['The body must be a JSON object.'] });
  }
  const fields = shapeOf(dto);
  // Without a prototype: in a plain object, naming a field "__proto__" would set it and leave no error behind.
  const errors = Object.create(null) as Record<string, string[]>;
  const instance = new dto() as Record<string, unknown>;
  /** By property, the name that it was given under. */
  const names = new Map<string, string>();
  let unknown = 0;
  for (const [name, given] of Object.entries(value)) {
    const field = fields.get(name);
    if (!field && (OPEN.has(dto) || PASSED_OVER.get(dto)?.has(name))) {
      continue;
    }
    if (!field) {
      const shown = name.slice(0, MAX_NAME);
      errors[shown] = [`The ${shown} field is not known.`];
      unknown += 1;
      if (unknown === MAX_UNKNOWN) {
        throw new InvalidInput(errors);
      }
    } else if (from === 'query' && Array.isArray(given)) {
      errors[name] = [`The ${name} field was given more than once.`];
    } else if (names.has(field.property)) {
      errors[name] = [`The ${name} field must not be given together with ${names.get(field.property)}.`];
    } else {
      names.set(field.property, name);
      instance[field.property] = field.read(given);
    }
  }
  for (const { check } of fields.values()) {
    const wrong = check(instance);
    if (wrong) {
      // What was already said of a field (given twice) explains why it is missing now.
      errors[wrong.path] ??= [wrong.sentence];
    }
  }
  if (Object.keys(errors).length > 0) {
    throw new InvalidInput(errors);
  }
  return instance as T;
}

function shapeOf(dto: Dto<object>): Map<string, Field> {
  const known = SHAPES.get(dto) ?? fieldsOf(dto);
  SHAPES.set(dto, known);
  return known;
}
