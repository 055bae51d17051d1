import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashKey, isWellFormed, isWellFormedToken, makeKey, makeToken, tokenPattern } from './key-format.js';

const kinds = ['sk', 'pk', 'cst'] as const;

describe('A key', () => {
  it.each(kinds)('says what it is: %s', (kind) => {
    for (const livemode of [false, true]) {
      const key = makeKey(kind, livemode);
      expect(key).toMatch(new RegExp(`^${kind}_${livemode ? 'live' : 'test'}_[\\dA-Za-z]{38}$`));
      expect(kinds.map((other) => isWellFormed(other, key))).toEqual(kinds.map((other) => other === kind));
    }
  });

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 2_000 }, () => makeKey('sk', false))).size).toBe(2_000);
  });

  it('with one character mistyped is seen to be wrong', () => {
    const key = makeKey('sk', true);
    fc.assert(
      fc.property(fc.integer({ min: 8, max: key.length - 1 }), fc.constantFrom(...'0Aza'), (at, character) => {
        fc.pre(key[at] !== character);
        expect(isWellFormed('sk', key.slice(0, at) + character + key.slice(at + 1))).toBe(false);
      }),
    );
    for (const other of [
      '',
      `${key} `,
      ` ${key}`,
      `${key}\n`,
      key.slice(0, -1),
      key.toUpperCase(),
      key.replace('live', 'prod'),
    ]) {
      expect(isWellFormed('sk', other)).toBe(false);
    }
  });

  it('is kept as its SHA-256', () => {
    expect(hashKey('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('A token of no client', () => {
  it('says what it is, and is checked as keys are', () => {
    const token = makeToken('ust');
    expect(token).toMatch(new RegExp(tokenPattern('ust')));
    expect(isWellFormedToken('ust', token)).toBe(true);
    const last = token.endsWith('0') ? '1' : '0';
    for (const other of [
      token.slice(0, -1) + last,
      `${token}\n`,
      token.replace('ust_', 'ust_test_'),
      makeKey('cst', true),
    ]) {
      expect(isWellFormedToken('ust', other)).toBe(false);
    }
    expect(isWellFormedToken('umt', token)).toBe(false);
  });
});
