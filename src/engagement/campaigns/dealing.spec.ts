import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dealing } from './dealing.js';

const SHARES = fc
  .array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 5 })
  .filter((shares) => shares.reduce((sum, share) => sum + share, 0) <= 100);

describe('Dealing', () => {
  it('gives each its share of any number of recipients, to within one', () => {
    fc.assert(
      fc.property(SHARES, (shares) => {
        const letters = shares.map((share, n) => ({ letter: 'ABCDE'[n]!, share }));
        const all = [...letters, { letter: null, share: 100 - shares.reduce((sum, share) => sum + share, 0) }];
        const dealt = dealing(letters);
        for (const { letter, share } of all) {
          for (let many = 1; many <= 100; many += 1) {
            const had = dealt.slice(0, many).filter((one) => one === letter).length;
            expect(Math.abs(had - (many * share) / 100)).toBeLessThan(1);
          }
          expect(dealt.filter((one) => one === letter)).toHaveLength(share);
        }
      }),
    );
  });
});
