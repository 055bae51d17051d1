import { isObject } from '../../../platform/common/fields/json-value.js';
import { checkMetadata } from '../../../platform/common/fields/metadata.js';
import { LayerRefusal } from '../layer-refusal.js';
import { checkConversationMetadata } from './conversation-metadata.js';
import type { Metadata } from './conversation-row.js';
import { checkParticipants, userIdIn } from './participants.js';

/** One operation on the participants of a conversation. */
export interface ParticipantsOperation {
  readonly operation: 'add' | 'remove' | 'set';
  readonly userIds: readonly string[];
}

/** One on its metadata, at a path there; an empty one is all of it. */
export interface MetadataOperation {
  readonly operation: 'set' | 'delete';
  readonly path: readonly string[];
  readonly value?: unknown;
}

/** Each list in the order in which it is to be done. */
export interface ConversationPatch {
  readonly participants: readonly ParticipantsOperation[];
  readonly metadata: readonly MetadataOperation[];
}

const MAX_OPERATIONS = 100;
/** No metadata is nested deeper; nor does this recurse further. */
const MAX_PATH = 5;
/** Characters. All metadata together has no more bytes, and each is looked at and shown where it is refused. */
export const MAX_PROPERTY = 16 * 1024;

/**
 * A Layer Patch (https://github.com/layerhq/layer-patch) of what can be changed of a conversation. @throws LayerRefusal 400
 * or 422
 */
export function readPatch(given: unknown): ConversationPatch {
  const participants: ParticipantsOperation[] = [];
  const metadata: MetadataOperation[] = [];
  for (const {
    operation,
    property,
    path: [name, ...path],
    id,
    value,
  } of operationsIn(given)) {
    if (name === 'metadata') {
      metadata.push(metadataOperation(operation, path, value));
    } else if (name === 'participants' && path.length === 0) {
      participants.push(participantsOperation(operation, id ?? value));
    } else {
      throw wrong(property, 'can not be changed.');
    }
  }
  return { participants, metadata };
}

/** One of them as it came, but for its property, which is `property` where it has none. */
interface Operation {
  readonly operation: unknown;
  readonly property: string;
  readonly path: readonly string[];
  readonly id: unknown;
  readonly value: unknown;
}

/** @throws LayerRefusal 400, or 422 where a property is too long */
export function operationsIn(given: unknown): Operation[] {
  if (!Array.isArray(given) || given.length > MAX_OPERATIONS) {
    throw new LayerRefusal('invalid_request', `The body must be an array of at most ${MAX_OPERATIONS} operations.`);
  }
  return given.map((one: unknown) => {
    const { operation, property, id, value } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof property !== 'string') {
      return { operation, property: 'property', path: [], id, value };
    }
    if (property.length > MAX_PROPERTY) {
      throw wrong('property', `must not have more than ${MAX_PROPERTY} characters.`);
    }
    return { operation, property, path: segmentsOf(property), id, value };
  });
}

/** The metadata with these changes, one after another. @throws LayerRefusal 422 where it grows too large */
export function patchMetadata(metadata: Metadata, operations: readonly MetadataOperation[]): Metadata {
  const changed = operations.reduce(
    (now, { operation, path, value }) => (operation === 'set' ? withValue(now, path, value) : without(now, path)),
    metadata,
  );
  // What the core keeps there may be more than texts: only what is set here has to be.
  const problem = checkMetadata(changed);
  if (problem) {
    throw wrong('metadata', problem.says);
  }
  return changed;
}

/** `a.b\.c` → `a`, `b.c` */
function segmentsOf(property: string): string[] {
  const segments = [''];
  for (let at = 0; at < property.length; at += 1) {
    if (property[at] === '.') {
      segments.push('');
    } else {
      at += property[at] === '\\' && at + 1 < property.length ? 1 : 0;
      segments[segments.length - 1] += property[at]!;
    }
  }
  return segments;
}

function participantsOperation(operation: unknown, value: unknown): ParticipantsOperation {
  if (operation !== 'add' && operation !== 'remove' && operation !== 'set') {
    throw wrong('operation', 'must be add, remove or set for participants.');
  }
  const given = operation === 'set' ? value : [value];
  const problem = checkParticipants(given);
  if (problem) {
    throw wrong('participants', problem.says);
  }
  return { operation, userIds: (given as unknown[]).map((one) => userIdIn(one)!) };
}

/** @throws LayerRefusal 422 */
export function metadataOperation(operation: unknown, path: readonly string[], value: unknown): MetadataOperation {
  const property = ['metadata', ...path].join('.');
  if (operation !== 'set' && operation !== 'delete') {
    throw wrong('operation', 'must be set or delete for metadata.');
  }
  if (path.length > MAX_PATH || path.includes('')) {
    throw wrong(property, `must name 1 to ${MAX_PATH} keys, parted by dots.`);
  }
  if (operation === 'delete') {
    return { operation, path };
  }
  const isText = path.length > 0 && typeof value === 'string';
  const problem = isText ? null : checkConversationMetadata(value);
  if (problem) {
    throw wrong(property, problem.says);
  }
  return { operation, path, value };
}

function withValue(object: Metadata, [key, ...rest]: readonly string[], value: unknown): Metadata {
  if (key === undefined) {
    return value as Metadata;
  }
  const inner = Object.hasOwn(object, key) ? object[key] : undefined;
  const next = rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value);
  return fromEntries([...entriesBut(key, object), [key, next]]);
}

function without(object: Metadata, [key, ...rest]: readonly string[]): Metadata {
  if (key === undefined) {
    return {};
  }
  const inner = Object.hasOwn(object, key) ? object[key] : undefined;
  if (rest.length > 0 && !isObject(inner)) {
    return object;
  }
  const kept = rest.length === 0 ? [] : [[key, without(inner as Metadata, rest)] as const];
  return fromEntries([...entriesBut(key, object), ...kept]);
}

function entriesBut(key: string, object: Metadata): (readonly [string, unknown])[] {
  return Object.entries(object).filter(([name]) => name !== key);
}

/** A key may be any text: assigned, "__proto__" would be no key. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): Metadata {
  return Object.fromEntries(entries);
}

export function wrong(property: string, says: string): LayerRefusal {
  return new LayerRefusal('invalid_property', `The ${property} field ${says}`, { property });
}
