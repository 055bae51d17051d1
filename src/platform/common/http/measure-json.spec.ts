import { describe, expect, it } from '@jest/globals';
import { measureJson } from './measure-json.js';

describe('measureJson', () => {
  it('counts strings, names and levels in all objects', () => {
    const text = JSON.stringify({ a: 1, b: [{ c: {} }, { d: null }], e: 'x' }, null, 2);
    expect(measureJson(text)).toEqual({ strings: 6, names: 5, depth: 4 });
  });

  it.each([':[{'.repeat(100), '":{":', 'a\\', '\\":', '\\\\":"', ''])('passes over what is in %j', (text) => {
    const body = JSON.stringify({ text, more: [text, ':'], [`${text}-`]: text });
    expect(measureJson(body)).toEqual({ strings: 7, names: 3, depth: 2 });
  });

  it('comes to an end where a string does not', () => {
    expect(measureJson('{"a": 1, "b')).toEqual({ strings: 2, names: 1, depth: 1 });
  });
});
