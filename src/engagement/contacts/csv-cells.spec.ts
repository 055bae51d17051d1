import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { guarded, joined, parted, unguarded } from './csv-cells.js';

describe('A cell', () => {
  it.each([
    ['=HYPERLINK("http://evil")', `'=HYPERLINK("http://evil")`],
    ['+cmd|x', `'+cmd|x`],
    ['-2+3', `'-2+3`],
    ['@SUM', `'@SUM`],
    ['\tx', `'\tx`],
    ['\rx', `'\rx`],
    [`'=1`, `''=1`],
    ['-5', '-5'],
    ['+49 30 1234', '+49 30 1234'],
    [`O'Neil`, `O'Neil`],
    [`'quoted'`, `'quoted'`],
  ])('%j is written %j, and read as it was', (cell, written) => {
    expect(guarded(cell)).toBe(written);
    expect(unguarded(written)).toBe(cell);
  });

  it('of whatever is read as it was', () => {
    const odd = fc.string({ unit: fc.constantFrom(`'`, '=', '+', '-', '@', '\t', '\r', '1', 'a', ' ', '"') });
    fc.assert(fc.property(fc.oneof(odd, fc.string({ unit: 'binary' })), (cell) => unguarded(guarded(cell)) === cell));
  });
});

describe('Names in one cell', () => {
  it('are apart by semicolons', () => {
    expect(joined(['VIP', 'a;b', ' c'])).toBe('VIP;"a;b";" c"');
    expect(parted(' VIP ; Berlin;VIP;')).toEqual(['VIP', 'Berlin']);
    expect(parted('"open')).toBeNull();
  });

  it('are read as they were', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 50, unit: fc.constantFrom(';', '"', ' ', '\n', '\r', ',', 'a', 'ä', '=') })
      .filter((one) => one.trim() !== '');
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), (names) => {
        expect(parted(joined(names))).toEqual(names);
      }),
    );
  });
});
