const NUL = /\0/g;
/** Other control characters, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/** A text as the database can keep it: of whole characters, and without NUL. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replace(NUL, '');
}

/** The same on a single line, without what can not be seen, of at most `max` characters. */
export function oneLine(text: string, max: number): string {
  return cut(wellFormed(text).replace(UNSEEN, ' ').trim(), max);
}

/** The first `max` characters (UTF-16 units), and never half of one. */
export function cut(text: string, max: number): string {
  if (text.length <= max) {
    return text;
  }
  const end = text.codePointAt(max - 1)! > 0xffff ? max - 1 : max;
  return text.slice(0, end);
}
