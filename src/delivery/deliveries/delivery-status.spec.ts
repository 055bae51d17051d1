import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DELIVERY_STATUSES, isFinal, leavesFor, mayLeave, type DeliveryStatus } from './delivery-status.js';

describe('A delivery', () => {
  it.each<[DeliveryStatus, DeliveryStatus[]]>([
    ['scheduled', []],
    ['queued', ['scheduled']],
    ['sending', ['scheduled', 'queued']],
    ['sent', ['scheduled', 'queued', 'sending']],
    ['delivered', ['scheduled', 'queued', 'sending', 'sent']],
    ['undelivered', ['scheduled', 'queued', 'sending', 'sent']],
    ['failed', ['scheduled', 'queued', 'sending', 'sent']],
    ['canceled', ['scheduled', 'queued', 'sending', 'sent']],
    ['read', ['scheduled', 'queued', 'sending', 'sent', 'delivered']],
    ['receiving', []],
    ['received', ['receiving']],
  ])('becomes %s after %j only', (to, from) => {
    expect(leavesFor(to)).toEqual(from);
  });

  it('ends the same in whatever order, and however often, it is told what became of it', () => {
    const ends = fc.constantFrom<DeliveryStatus[]>(
      ['sending', 'sent', 'delivered'],
      ['sending', 'sent', 'delivered', 'read'],
      ['sending', 'sent', 'undelivered'],
      ['sending', 'failed'],
      ['sent', 'delivered'],
    );
    const story = ends.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(
          all.flatMap((one) => [one, one]),
          { minLength: all.length * 2 },
        ),
      ),
    );
    fc.assert(
      fc.property(story, ([all, told]) => {
        const end = told.reduce<DeliveryStatus>((status, to) => (mayLeave(status, to) ? to : status), 'queued');
        expect(end).toBe(all.at(-1));
      }),
    );
  });

  it('never leaves its end but to be read', () => {
    for (const from of DELIVERY_STATUSES.filter(isFinal)) {
      const left = DELIVERY_STATUSES.filter((to) => mayLeave(from, to));
      expect(left).toEqual(from === 'delivered' ? ['read'] : []);
    }
  });
});
