import { domainToASCII } from 'node:url';
import { isEmail } from 'class-validator';
import { exampleId, idOrUuidPattern, isUuid, parseId, type IdKind } from '../ids/type-id.js';
import { checkList } from './check-list.js';
import { field, type Problem } from './field.js';
import { isStorable } from './json-value.js';

export interface FieldOptions {
  /** The name on the wire, where it is not the property's own. */
  readonly name?: string;
  readonly optional?: boolean;
  /** The properties of which any makes this field an optional one. */
  readonly unless?: string | readonly string[];
  /** The property that must not be given beside this one. */
  readonly excludes?: string;
  /** Whether, beside what else was given, whatever is given here is passed over. */
  readonly ignoredIf?: (object: never) => boolean;
  /** For the document: what it means, in one plain sentence. */
  readonly description: string;
}

const MAX_EMAIL = 255;
/** How long the parts of an address may be (RFC 5321, RFC 1035); left to itself, isEmail() stops at 254 in all. */
const PARTS = /^.{1,64}@[^.]{1,63}(\.[^.]{1,63})+$/;
/** Only white space and characters that show nothing. */
const BLANK = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}]*$/u;

/** A text of 1 to `max` characters (code points), not blank; kept exactly as it was sent. */
export function Text(options: FieldOptions & { readonly max: number; readonly example?: string }): PropertyDecorator {
  const { max, example, description, ...rest } = options;
  const shown = { ...(example === undefined ? {} : { example }), description, ...nullable(options) };
  return field({
    ...rest,
    check: (value) => checkText(value, max),
    schema: { type: String, minLength: 1, maxLength: max, ...shown },
  });
}

export function checkText(value: unknown, max: number): Problem {
  if (typeof value !== 'string') {
    return { says: 'must be a string.' };
  }
  if (!isStorable(value)) {
    return { says: 'must not contain U+0000 or half a surrogate pair.' };
  }
  if (value.length > max && (value.length > 2 * max || [...value].length > max)) {
    return { says: `must not be greater than ${max} characters.` };
  }
  return BLANK.test(value) ? { says: 'is required.' } : null;
}

/**
 * An e-mail address; trimmed and lower-cased, so that one person is one customer however it is typed.
 * @param options `example`: null is none
 */
export function Email(options: FieldOptions & { readonly example?: string | null }): PropertyDecorator {
  const { example = 'john@example.com', description, ...rest } = options;
  return field({
    ...rest,
    read: (value) => (typeof value === 'string' ? readEmail(value) : value),
    check: (value) =>
      isAddress(value) ? null : { says: `must be a valid email address of at most ${MAX_EMAIL} characters.` },
    schema: {
      type: String,
      format: 'email',
      maxLength: MAX_EMAIL,
      ...(example === null ? {} : { example }),
      description,
    },
  });
}

/**
 * Lower-cased only when the local part is ASCII: U+212A (Kelvin) becomes a plain k, and two addresses would be one.
 * The domain is brought to its ASCII form.
 */
function readEmail(value: string): string {
  const trimmed = value.trim();
  if (trimmed.length > MAX_EMAIL || /\p{Cc}/u.test(trimmed)) {
    // The time that domainToASCII() takes grows with the square of the length, and it leaves out line breaks.
    return value;
  }
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, at);
  const domain = trimmed.slice(at + 1);
  return isAscii(local) ? `${local}@${isAscii(domain) ? domain : domainToASCII(domain)}`.toLowerCase() : trimmed;
}

function isAddress(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_EMAIL &&
    isAscii(value) &&
    PARTS.test(value) &&
    isEmail(value, { ignore_max_length: true })
  );
}

/** The same of what somebody else than a caller says; null where it is none. */
export function emailIn(value: unknown): string | null {
  const email = typeof value === 'string' ? readEmail(value) : value;
  return isAddress(email) ? email : null;
}

function isAscii(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text);
}

/** A phone number in international format (E.164): a plus sign and up to 15 digits. */
export const PHONE = /^\+[1-9]\d{1,14}$/;

export function Phone(options: FieldOptions): PropertyDecorator {
  const { description, ...rest } = options;
  return field({
    ...rest,
    check: (value) =>
      typeof value === 'string' && PHONE.test(value)
        ? null
        : { says: 'must be a phone number in international format, such as +14155552671.' },
    schema: { type: String, pattern: PHONE.source, description },
  });
}

/** An id of this kind, or the bare UUID; read as the UUID. */
export function Id(kind: IdKind, options: FieldOptions): PropertyDecorator {
  const { description, ...rest } = options;
  return field({
    ...rest,
    read: (value) => readId(kind, value),
    check: (value) => (isUuid(value) ? null : { says: `must be the id of ${named(kind)}.` }),
    schema: {
      type: String,
      pattern: idOrUuidPattern(kind),
      ...(options.optional ? {} : { example: exampleId(kind) }),
      description,
    },
  });
}

function readId(kind: IdKind, value: unknown): unknown {
  return typeof value === 'string' ? (parseId(kind, value) ?? value) : value;
}

/** `min` to `max` ids of this kind. */
export function IdList(
  kind: IdKind,
  options: FieldOptions & { readonly min: number; readonly max: number },
): PropertyDecorator {
  const { min, max, description, ...rest } = options;
  return field({
    ...rest,
    read: (value) => (Array.isArray(value) && value.length <= max ? value.map((id) => readId(kind, id)) : value),
    check: (value) =>
      checkList(value, { min, max }, (id) => (isUuid(id) ? null : { says: `must be the id of ${named(kind)}.` })),
    schema: {
      type: 'array',
      items: { type: 'string', pattern: idOrUuidPattern(kind), example: exampleId(kind) },
      minItems: min,
      maxItems: max,
      description,
    },
  });
}

/** One of a few words. */
export function Choice(choices: readonly string[], options: FieldOptions): PropertyDecorator {
  const { description, ...rest } = options;
  return field({
    ...rest,
    check: (value) =>
      typeof value === 'string' && choices.includes(value) ? null : { says: `must be one of ${choices.join(', ')}.` },
    schema: { type: String, enum: [...choices], example: choices[0], description },
  });
}

/** Up to `maxItems` texts of 1 to `max` characters. */
export function TextList(
  options: FieldOptions & { readonly maxItems: number; readonly max: number; readonly example: readonly string[] },
): PropertyDecorator {
  const { maxItems, max, example, description, ...rest } = options;
  return field({
    ...rest,
    check: (value) => checkList(value, { min: 0, max: maxItems }, (text) => checkText(text, max)),
    schema: {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: max },
      maxItems,
      example: [...example],
      description,
      ...nullable(options),
    },
  });
}

/**
 * At least one of a few words, each at most once.
 * @param options `also`: words that are taken as well, and not documented here
 */
export function ChoiceList(
  choices: readonly string[],
  options: FieldOptions & { readonly also?: ReadonlySet<string> },
): PropertyDecorator {
  const { description, also = new Set<string>(), ...rest } = options;
  return field({
    ...rest,
    check: (value) =>
      checkList(value, { min: 1, max: choices.length + also.size }, (choice, at, list) =>
        typeof choice === 'string' && (choices.includes(choice) || also.has(choice)) && list.indexOf(choice) === at
          ? null
          : { says: `must be one of ${choices.join(', ')}, and not named before.` },
      ),
    schema: {
      type: 'array',
      items: { type: 'string', enum: [...choices] },
      minItems: 1,
      maxItems: choices.length,
      uniqueItems: true,
      example: [choices[0]],
      description,
    },
  });
}

/** True or false. */
export function Flag(options: FieldOptions & { readonly example: boolean }): PropertyDecorator {
  const { example, description, ...rest } = options;
  return field({
    ...rest,
    check: (value) => (typeof value === 'boolean' ? null : { says: 'must be true or false.' }),
    schema: { type: Boolean, example, description, ...nullable(options) },
  });
}

/** The end of the year 9999: a later number is most likely milliseconds. */
const LAST_SECOND = 253_402_300_799;

/** A moment in Unix seconds; read as a Date. */
export function UnixTime(options: FieldOptions & { readonly example: number }): PropertyDecorator {
  const { example, description, ...rest } = options;
  return field({
    ...rest,
    read: (value) => (isUnixTime(value) ? new Date(value * 1000) : value),
    check: (value) => (value instanceof Date ? null : { says: 'must be a time in whole Unix seconds.' }),
    schema: {
      type: 'integer',
      format: 'int64',
      minimum: 0,
      maximum: LAST_SECOND,
      example,
      description,
      ...nullable(options),
    },
  });
}

function isUnixTime(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LAST_SECOND;
}

/** `webhook_endpoint` → "webhook endpoint" */
export function spoken(kind: IdKind): string {
  return kind.replace('api', 'API').replace('_', ' ');
}

function named(kind: IdKind): string {
  return `${/^[aei]/.test(kind) ? 'an' : 'a'} ${spoken(kind)}`;
}

function nullable(options: FieldOptions): { nullable?: true } {
  return options.optional ? { nullable: true } : {};
}
