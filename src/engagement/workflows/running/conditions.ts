import { searchable } from '../../contacts/searchable.js';
import type { Condition, Filter, Scalar } from '../../segments/filter.js';
import { isOfConversation, isOfTrigger } from '../definition/condition-fields.js';

/** A conversation, as far as conditions ask about it. */
export interface ComparedConversation {
  readonly status: string;
  readonly medium: string;
  readonly priority: string;
  readonly assigneeId: string | null;
  readonly assigneeNumber: number | null;
}

/** What conditions are about, beside the contact. */
export interface Compared {
  readonly conversation: ComparedConversation | null;
  readonly trigger: Readonly<Record<string, unknown>>;
}

/** The conditions of a filter on the contact, which the database looks at: in their order. */
export function contactLeaves(filter: Filter): Condition[] {
  return leavesOf(filter).filter(({ field }) => !isOfTrigger(field) && !isOfConversation(field));
}

/**
 * Whether a filter holds. What is null matches nothing, and `not` of it does.
 * @param held of the conditions on the contact, in their order: whether they hold
 */
export function holds(filter: Filter, about: Compared, held: readonly boolean[]): boolean {
  let next = 0;
  // Each is looked at, so that the place of the next is known.
  const look = (one: Filter): boolean => {
    if ('all' in one) {
      return one.all.map(look).every(Boolean);
    }
    if ('any' in one) {
      return one.any.map(look).some(Boolean);
    }
    if ('not' in one) {
      return !look(one.not);
    }
    if (isOfTrigger(one.field)) {
      return compare(one, valueAt(about.trigger, one.field.split('.').slice(1)));
    }
    return isOfConversation(one.field) ? ofConversation(one, about.conversation) : held[next++] === true;
  };
  return look(filter);
}

function leavesOf(filter: Filter): Condition[] {
  if ('all' in filter) {
    return filter.all.flatMap(leavesOf);
  }
  if ('any' in filter) {
    return filter.any.flatMap(leavesOf);
  }
  return 'not' in filter ? leavesOf(filter.not) : [filter];
}

/** Of an object or a list; undefined where there is nothing. */
export function valueAt(of: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    of,
  );
}

function ofConversation({ field, op, value }: Condition, conversation: ComparedConversation | null): boolean {
  if (conversation === null) {
    return op === 'is_not_set';
  }
  if (field === 'conversation.assigned_to') {
    const { assigneeId, assigneeNumber } = conversation;
    const isThey = assigneeId !== null && (String(value) === assigneeId || String(value) === String(assigneeNumber));
    const answers: Readonly<Record<string, boolean>> = {
      ...{ is: isThey, is_not: assigneeId !== null && !isThey },
      ...{ is_set: assigneeId !== null, is_not_set: assigneeId === null },
    };
    return answers[op] ?? false;
  }
  const { status, medium, priority } = conversation;
  const is = { 'conversation.status': status, 'conversation.channel': medium, 'conversation.priority': priority }[
    field
  ];
  const choices = Array.isArray(value) ? (value as readonly Scalar[]) : [value];
  return choices.some((choice) => choice === is) === (op === 'is' || op === 'in');
}

const ORDER: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
};

/** What is of another type is neither equal nor unequal. */
function compare({ op, value }: Condition, is: unknown): boolean {
  const isSet = is !== undefined && is !== null;
  switch (op) {
    case 'is_set':
    case 'is_not_set':
      return isSet === (op === 'is_set');
    case 'is':
    case 'is_not':
      return isSet && typeof is === typeof value && same(is, value) === (op === 'is');
    case 'contains':
      return typeof is === 'string' && searchable(is).includes(searchable(value as string));
    default:
      return typeof is === 'number' && ORDER[op]!(is, value as number);
  }
}

function same(a: unknown, b: unknown): boolean {
  return typeof a === 'string' ? searchable(a) === searchable(b as string) : a === b;
}
