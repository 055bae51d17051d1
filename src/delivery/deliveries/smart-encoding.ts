import { MAX_BODY_UNITS, segmentsOf } from './segments.js';

/** What people rarely mean to type, and what is said as well without UCS-2. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ...each('“”„‟«»', '"'),
  ...each('‘’‚‛', "'"),
  ...each('‐‑‒–—―−', '-'),
  ['…', '...'],
  // Spaces that do not break, or are of another width.
  ...each('\u00a0\u2007\u2009\u202f', ' '),
  // Spaces and joiners that nobody sees.
  ...each('\u200b\u2060\ufeff', ''),
]);
const TYPOGRAPHIC = new RegExp(`[${[...PLAIN.keys()].join('')}]`, 'g');

/**
 * A text as it is sent where smart encoding is on: without typographic characters, if that alone is what keeps it from GSM-7.
 * Otherwise it would cost the same, and is sent as it is.
 */
export function smartlyEncoded(text: string): string {
  const plain = text.replace(TYPOGRAPHIC, (character) => PLAIN.get(character)!);
  return plain !== text && plain.length <= MAX_BODY_UNITS && segmentsOf(plain).encoding === 'GSM-7' ? plain : text;
}

/** A column of a client's texts: see Stored. */
export const SMART_ENCODING = `coalesce((SELECT smart_encoding FROM workspace_settings WHERE client_id = $1), true) AS "smartEncoding"`;

/** The text of a message, and whether its workspace has smart encoding on. */
export interface Stored {
  readonly body: string;
  readonly smartEncoding: boolean;
}

/** What of it its provider is given; the stored text stays as it is. */
export function bodyToSend({ body, smartEncoding }: Stored): string {
  return smartEncoding ? smartlyEncoded(body) : body;
}

function each(characters: string, plain: string): [string, string][] {
  return [...characters].map((character) => [character, plain]);
}
