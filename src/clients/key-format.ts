import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Secret and public key of a client, the token of a customer's session, and a personal token of a user. */
type KeyKind = 'sk' | 'pk' | 'cst' | 'pat';
/** What is of no client: a user's session, and what is mailed to be used once. */
export type TokenKind = 'ust' | 'umt';
const RANDOM_LENGTH = 32;
const CHECK_LENGTH = 6;

/**
 * `sk_test_…`: 190 random bits and a CRC-32 over them, so that a typing error or a made-up key is seen without asking the
 * database. The prefix is what secret scanners look for.
 */
export function makeKey(kind: KeyKind, livemode: boolean): string {
  return `${kind}_${livemode ? 'live' : 'test'}_${randomWithCheck()}`;
}

/** `ust_…`: the same bits and check digits. */
export function makeToken(kind: TokenKind): string {
  return `${kind}_${randomWithCheck()}`;
}

/** What `makeKey` makes, as a pattern for documents. */
export function keyPattern(kind: KeyKind): string {
  return `^${kind}_(test|live)_[0-9A-Za-z]{${RANDOM_LENGTH + CHECK_LENGTH}}$`;
}

export function isWellFormed(kind: KeyKind, key: string): boolean {
  const match = /^(sk|pk|cst|pat)_(?:test|live)_([\dA-Za-z]{32})([\dA-Za-z]{6})$/.exec(key);
  return match !== null && match[1] === kind && checkOf(match[2]!) === match[3];
}

export function isWellFormedToken(kind: TokenKind, token: string): boolean {
  const match = /^(ust|umt)_([\dA-Za-z]{32})([\dA-Za-z]{6})$/.exec(token);
  return match !== null && match[1] === kind && checkOf(match[2]!) === match[3];
}

/** What `makeToken` makes, as a pattern for documents. */
export function tokenPattern(kind: TokenKind): string {
  return `^${kind}_[0-9A-Za-z]{${RANDOM_LENGTH + CHECK_LENGTH}}$`;
}

/** What is stored of a secret key or a token. A slow hash would add nothing at 190 bits, and cost every request. */
export function hashKey(secretKey: string): Buffer {
  return hash('sha256', secretKey, 'buffer');
}

function randomWithCheck(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(62)]!).join('');
  return random + checkOf(random);
}

function checkOf(random: string): string {
  let rest = crc32(random);
  let text = '';
  for (let at = 0; at < CHECK_LENGTH; at += 1) {
    text = ALPHABET[rest % 62]! + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
