/**
 * TypeID, https://github.com/jetify-com/typeid/tree/main/spec (v0.3.0): a prefix that says what is named, and a UUID in
 * Crockford's base32. Written out because a page of ten messages encodes thirty of them: table look-ups take a fifth of
 * the time of the reference library, which the spec beside this file compares it with.
 */
export const ID_PREFIXES = {
  client: 'clt',
  customer: 'cus',
  channel: 'ch',
  /** A channel, as it is called where a phone number talks in it. */
  conversation: 'ch',
  message: 'msg',
  file: 'file',
  api_key: 'key',
  customer_session: 'cs',
  event: 'evt',
  webhook_endpoint: 'we',
  webhook_delivery: 'wd',
  identity_key: 'ik',
  device: 'dev',
  announcement: 'ann',
  user: 'usr',
  user_session: 'us',
  invitation: 'inv',
  personal_token: 'pt',
  phone_number: 'pn',
  opt_out: 'opt',
  template: 'tpl',
  audit_entry: 'aud',
  messaging_provider: 'prv',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const SUFFIX = /^[0-7][\da-hjkmnp-tv-z]{25}$/;
/** A UUID to build examples of ids from. */
const EXAMPLE_UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
/** Where a UUID's text holds its 32 hexadecimal digits. */
const DIGITS = [...'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'].flatMap((c, at) => (c === 'x' ? [at] : []));
/** Each two characters of base32, by their ten bits. */
const PAIRS = [...ALPHABET].flatMap((high) => [...ALPHABET].map((low) => high + low));

/** The value of each character, by its code. */
function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(128);
  [...alphabet].forEach((character, value) => {
    values[character.charCodeAt(0)] = value;
  });
  return values;
}
const HEX_VALUES = valuesOf('0123456789abcdef');
const BASE32_VALUES = valuesOf(ALPHABET);

/**
 * `formatId('customer', uuid)` → `cus_…`; `uuid` must be a lower-case UUID, as PostgreSQL prints them. Its 128 bits are 26
 * characters of 5 bits: the first two digits make two of them (the highest two bits are none), every five more make four.
 */
export function formatId(kind: IdKind, uuid: string): string {
  let text = `${ID_PREFIXES[kind]}_${PAIRS[(digit(uuid, 0) << 4) | digit(uuid, 1)]}`;
  for (let at = 2; at < 32; at += 5) {
    const high = (digit(uuid, at) << 6) | (digit(uuid, at + 1) << 2) | (digit(uuid, at + 2) >> 2);
    const low = ((digit(uuid, at + 2) & 3) << 8) | (digit(uuid, at + 3) << 4) | digit(uuid, at + 4);
    text += PAIRS[high]! + PAIRS[low]!;
  }
  return text;
}

/** The value of one of the 32 digits of a UUID. */
function digit(uuid: string, at: number): number {
  return HEX_VALUES[uuid.charCodeAt(DIGITS[at]!)]!;
}

/** Whether this is a UUID in lower case, as PostgreSQL prints them. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** A UUID in either case, in lower case; null where it is none. */
export function uuidIn(text: string): string | null {
  const lower = text.toLowerCase();
  return UUID.test(lower) ? lower : null;
}

/** The UUID that `text` names (a TypeID of this kind, or a bare UUID), or null: it names nothing of this kind. */
export function parseId(kind: IdKind, text: string): string | null {
  const uuid = uuidIn(text);
  if (uuid !== null) {
    return uuid;
  }
  const start = ID_PREFIXES[kind].length + 1;
  const suffix = text.slice(start);
  return text.startsWith(`${ID_PREFIXES[kind]}_`) && SUFFIX.test(suffix) ? decode(suffix) : null;
}

export function exampleId(kind: IdKind): string {
  return formatId(kind, EXAMPLE_UUID);
}

/** What `formatId` writes, as a pattern for documents. */
export function idPattern(kind: IdKind): string {
  return `^${ID_PREFIXES[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`;
}

/** What `parseId` reads. */
export function idOrUuidPattern(kind: IdKind): string {
  return `^(${ID_PREFIXES[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$`;
}

/** The way back: two characters are two digits, every four more are five. */
function decode(suffix: string): string {
  let hex = digitsOf(suffix, 0, 2);
  for (let at = 2; at < 26; at += 4) {
    hex += digitsOf(suffix, at, 4);
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Some characters of base32, as hexadecimal digits. */
function digitsOf(suffix: string, from: number, count: number): string {
  let bits = 0;
  for (let at = from; at < from + count; at += 1) {
    bits = (bits << 5) | BASE32_VALUES[suffix.charCodeAt(at)]!;
  }
  return bits.toString(16).padStart(Math.floor((count * 5) / 4), '0');
}
