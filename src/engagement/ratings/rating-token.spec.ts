import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { isGenuine, makeRatingToken, readRatingToken } from './rating-token.js';

const secret = randomBytes(32);
const [clientId, other] = [randomUUID(), randomUUID()];
const key = { channelId: randomUUID(), number: 2 ** 40 };
const token = makeRatingToken(secret, clientId, key);

it('says which closing it rates, and whose', () => {
  expect(readRatingToken(token)).toEqual({ clientId, key });
  expect(isGenuine(secret, clientId, token)).toBe(true);
  expect(token).toMatch(/^[\w-]{76}$/);
});

it('is genuine with each of its bits, of its client and by its secret alone', () => {
  const bytes = Buffer.from(token, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    expect(isGenuine(secret, clientId, changed.toString('base64url'))).toBe(false);
  }
  expect(isGenuine(randomBytes(32), clientId, token)).toBe(false);
  expect(isGenuine(secret, other, token)).toBe(false);
});

it.each([[''], ['a'], [token.slice(1)], [`${token}A`], [`${token}=`], [`_${token.slice(1)}`], ['ä'.repeat(76)]])(
  'is not %j',
  (text) => expect(readRatingToken(text)).toBeNull(),
);
