import { CONVERSATION_PRIORITIES, CONVERSATION_STATUSES } from '../../../delivery/conversations/conversation.entity.js';
import {
  listOf,
  nothing,
  number,
  operatorsOf,
  ref,
  scalar,
  text,
  type Operators,
} from '../../segments/filter-fields.js';

export const CHANNELS = ['email', 'chat', 'sms'] as const;
const MAX_PATH = 100;
const PATH = /^trigger(\.[^.\0]+)+$/;

const among = (choices: readonly string[]): Operators => {
  const one = (value: unknown): string | null =>
    choices.some((choice) => choice === value) ? null : `must be one of ${choices.join(', ')}.`;
  return { is: one, is_not: one, in: listOf(one, 'choices'), not_in: listOf(one, 'choices') };
};

const OF_CONVERSATIONS: Readonly<Record<string, Operators>> = {
  'conversation.status': among(CONVERSATION_STATUSES),
  'conversation.channel': among(CHANNELS),
  'conversation.priority': among(CONVERSATION_PRIORITIES),
  'conversation.assigned_to': { is: ref, is_not: ref, is_set: nothing, is_not_set: nothing },
};
const OF_TRIGGER: Operators = {
  ...{ is: scalar, is_not: scalar, contains: text, gt: number, gte: number, lt: number, lte: number },
  ...{ is_set: nothing, is_not_set: nothing },
};

/** What workflows compare: contacts, as everywhere, the conversation, and what the trigger had to tell. */
export function conditionFields(field: string): Operators | null {
  if (isOfTrigger(field)) {
    return PATH.test(field) && field.length <= MAX_PATH ? OF_TRIGGER : null;
  }
  return Object.hasOwn(OF_CONVERSATIONS, field) ? OF_CONVERSATIONS[field]! : operatorsOf(field);
}

export function isOfTrigger(field: string): boolean {
  return field.startsWith('trigger.');
}

export function isOfConversation(field: string): boolean {
  return Object.hasOwn(OF_CONVERSATIONS, field);
}
