import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { depthOf, isStorable, unstorablePart } from './json-value.js';

describe('depthOf', () => {
  it.each<[unknown, number]>([
    [1, 0],
    [null, 0],
    [{}, 1],
    [[[]], 2],
    [{ a: { b: 1 }, c: [[['d']]] }, 4],
  ])('of %j is %i', (value, depth) => expect(depthOf(value, 9)).toBe(depth));

  it('stops past its limit, however deep the value', () => {
    expect(depthOf(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)), 5)).toBe(6);
  });
});

describe('What can be stored', () => {
  it('is every text that is neither broken nor holds U+0000', () => {
    expect(['', 'é', '😀', '\uffff'].map(isStorable)).toEqual(Array(4).fill(true));
    expect(['\u0000', 'a\ud800', '\udc00b', '\ude00\ud83d'].map(isStorable)).toEqual(Array(4).fill(false));
  });

  it('is what comes back from JSON as it went', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const parsed: unknown = JSON.parse(JSON.stringify(value));
        expect(unstorablePart(parsed) === null || /\\u0000|\d{16}|e\+/.test(JSON.stringify(parsed))).toBe(true);
      }),
    );
  });

  it.each([
    '{"a":1e999}',
    '[9007199254740993]',
    '{"\\u0000":1}',
    '["\\ud800"]',
    '{"a":[{"b":"\\u0000"}]}',
    '{"__proto__":"\\u0000"}',
  ])('is not %s', (json) => expect(unstorablePart(JSON.parse(json))).toMatch(/^a (character|number) that can not/));
});
