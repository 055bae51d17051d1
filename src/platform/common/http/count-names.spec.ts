import { describe, expect, it } from '@jest/globals';
import { countNames } from './count-names.js';

describe('countNames', () => {
  it('counts the names in all objects', () => {
    expect(countNames(JSON.stringify({ a: 1, b: [{ c: {} }, { d: null }], e: 'x' }, null, 2))).toBe(5);
  });

  it.each([':'.repeat(100), '":":', 'a\\', '\\":', '\\\\":"', ''])('passes over what is in %j', (text) => {
    expect(countNames(JSON.stringify({ text, more: [text, ':'], [`${text}-`]: text }))).toBe(3);
  });

  it('comes to an end where a string does not', () => {
    expect(countNames('{"a": 1, "b')).toBe(1);
  });
});
