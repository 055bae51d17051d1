import type { Problem } from '../../../platform/common/fields/field.js';
import { depthOf, isObject, isStorable, unstorablePart } from '../../../platform/common/fields/json-value.js';
import { parseUserId } from '../layer-id.js';

const TEXTS = ['title', 'text', 'sound'] as const;
/** Characters. */
const MAX_TEXT = 1_000;
const MAX_RECIPIENTS = 25;
/** Bytes as JSON; the services that push take 4 KB in all. */
const MAX_DATA_BYTES = 2_048;
const MAX_DEPTH = 5;

type Texts = { readonly [K in (typeof TEXTS)[number]]?: string | null };

/**
 * What the devices of those are told who have no page open; keys that are not known here were for services that are
 * gone.
 */
export interface NotificationInput extends Texts {
  readonly category?: string | null;
  readonly data?: Record<string, unknown> | null;
  /** By identity, what replaces the above for one of them. */
  readonly recipients?: Readonly<Record<string, Texts>> | null;
}

const text = (description: string) => ({ type: 'string', maxLength: MAX_TEXT, nullable: true, description }) as const;
const TEXTS_SCHEMA = {
  title: text('The title of the notification.'),
  text: text('The text of the notification.'),
  sound: text('The name of a sound in the app, played when it arrives.'),
};

/** A notification, as the document describes it. */
export const NOTIFICATION_SCHEMA = {
  type: 'object',
  nullable: true,
  description:
    'The push notification for participants without an open socket; none is sent if left out. Fields that are not listed here are ignored.',
  additionalProperties: true,
  example: { title: 'New message', text: 'Hello!' },
  properties: {
    ...TEXTS_SCHEMA,
    category: text('The category the app uses to choose actions, such as buttons.'),
    data: {
      type: 'object',
      nullable: true,
      additionalProperties: true,
      description: `Your own data for the app: at most ${MAX_DATA_BYTES} bytes as JSON and ${MAX_DEPTH} levels of nesting.`,
    },
    recipients: {
      type: 'object',
      nullable: true,
      description: `Other texts for some participants, keyed by identity: at most ${MAX_RECIPIENTS}.`,
      additionalProperties: { type: 'object', additionalProperties: true, properties: TEXTS_SCHEMA },
    },
  },
} as const;

export function checkNotification(value: unknown): Problem {
  if (!isObject(value)) {
    return { says: 'must be an object.' };
  }
  return checkTexts(value, [...TEXTS, 'category']) ?? checkData(value.data) ?? checkRecipients(value.recipients);
}

function checkTexts(value: Readonly<Record<string, unknown>>, names: readonly string[]): Problem {
  const wrong = names.find((name) => !isText(value[name]));
  return wrong === undefined ? null : { at: wrong, says: `must be a string of at most ${MAX_TEXT} characters.` };
}

function isText(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.length <= MAX_TEXT && isStorable(value))
  );
}

function checkData(data: unknown): Problem {
  if (data === undefined || data === null) {
    return null;
  }
  const isKeepable =
    isObject(data) &&
    depthOf(data, MAX_DEPTH) <= MAX_DEPTH &&
    unstorablePart(data) === null &&
    Buffer.byteLength(JSON.stringify(data)) <= MAX_DATA_BYTES;
  return isKeepable ? null : { at: 'data', says: `must be an object of at most ${MAX_DATA_BYTES} bytes.` };
}

function checkRecipients(recipients: unknown): Problem {
  if (recipients === undefined || recipients === null) {
    return null;
  }
  if (!isObject(recipients) || Object.keys(recipients).length > MAX_RECIPIENTS) {
    return { at: 'recipients', says: `must be an object of at most ${MAX_RECIPIENTS} identities.` };
  }
  const isRight = ([id, texts]: [string, unknown]): boolean =>
    parseUserId(id) !== null && isObject(texts) && checkTexts(texts, TEXTS) === null;
  return Object.entries(recipients).every(isRight)
    ? null
    : { at: 'recipients', says: 'must hold a title, a text or a sound by identity.' };
}
