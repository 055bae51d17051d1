/** Nothing can be read of it; the message says why, in a sentence for people. */
export class Unreadable extends Error {}

export const NO_TEXT = 'There is no text in it.';
export const BROKEN = 'The file is broken.';
export const ENCRYPTED = 'The file is encrypted.';
export const TOO_LARGE = 'The file is too large, or unpacks to too much.';
export const TOO_HEAVY = 'It takes too much time or memory to read.';
