import { Unreadable } from './unreadable.js';

/** @throws Unreadable where it is not UTF-8, or UTF-16 that says so */
export function readPlain(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const label = isUtf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('The text is not in UTF-8.');
  }
}
