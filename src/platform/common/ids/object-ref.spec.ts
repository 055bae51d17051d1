import { describe, expect, it } from '@jest/globals';
import { formatId } from './type-id.js';
import { parseRef, refValues } from './object-ref.js';

const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('parseRef', () => {
  it.each<[string, number | string]>([
    ['1', 1],
    ['9007199254740991', 9_007_199_254_740_991],
    [UUID.toUpperCase(), UUID],
    [formatId('customer', UUID), UUID],
  ])('of %s is %s', (text, ref) => expect(parseRef('customer', text)).toBe(ref));

  it.each(['', '0', '-1', '01', '1.0', '1e3', '９', '9007199254740992', '12345678901234567', formatId('file', UUID)])(
    'of %j is nothing',
    (text) => expect(parseRef('customer', text)).toBeNull(),
  );

  it('of what has no TypeID takes none', () => {
    expect(parseRef(null, UUID)).toBe(UUID);
    expect(parseRef(null, formatId('customer', UUID))).toBeNull();
  });
});

describe('refValues', () => {
  it('has one of the two', () => {
    expect([refValues(7), refValues(UUID)]).toEqual([
      [7, null],
      [null, UUID],
    ]);
  });
});
