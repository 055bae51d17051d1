import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { capacityOf, MemoryBuckets } from './buckets.js';

const SIZE = { perSecond: 100, seconds: 2 };
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const passes = (buckets: MemoryBuckets, size = SIZE, key = 'key'): boolean =>
  buckets.take(key, size) <= capacityOf(size);
const passing = (buckets: MemoryBuckets, tries: number, size = SIZE): number =>
  Array.from({ length: tries }, () => passes(buckets, size)).filter(Boolean).length;

describe('A bucket in memory', () => {
  it('is full to begin with, and then refills evenly', () => {
    const buckets = new MemoryBuckets();
    expect(passing(buckets, 1_000)).toBe(200);
    for (const [milliseconds, tokens] of [
      [9, 0],
      [1, 1],
      [100, 10],
      [1_000, 100],
      [60_000, 200],
    ] as const) {
      jest.advanceTimersByTime(milliseconds);
      expect([milliseconds, passing(buckets, 1_000)]).toEqual([milliseconds, tokens]);
    }
  });

  it('is nobody else’s', () => {
    const buckets = new MemoryBuckets();
    passing(buckets, 1_000);
    expect([passes(buckets), passes(buckets, SIZE, 'other')]).toEqual([false, true]);
  });

  it('tells how long it takes to be full', () => {
    const buckets = new MemoryBuckets();
    expect([buckets.take('key', SIZE), buckets.take('key', SIZE)]).toEqual([10_000, 20_000]);
    jest.advanceTimersByTime(15);
    expect(buckets.take('key', SIZE)).toBe(15_000);
  });

  it('may be given another rate while it is in use', () => {
    const buckets = new MemoryBuckets();
    passing(buckets, 1_000);
    jest.advanceTimersByTime(1_000);
    expect(passing(buckets, 1_000, { ...SIZE, perSecond: 1 })).toBe(1);
    expect(passing(buckets, 5_000, { ...SIZE, perSecond: 1_000 })).toBe(0);
    jest.advanceTimersByTime(500);
    expect(passing(buckets, 5_000, { ...SIZE, perSecond: 1_000 })).toBe(500);
  });

  it('never admits more than its burst and its rate, however it is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 500 })), { maxLength: 40 }),
        (perSecond, steps) => {
          const [buckets, size] = [new MemoryBuckets(), { perSecond, seconds: 2 }];
          let [passed, milliseconds] = [0, 0];
          for (const [pause, tries] of steps) {
            jest.advanceTimersByTime(pause);
            milliseconds += pause;
            passed += passing(buckets, tries, size);
            // A thousandth more for the rounding of what one token costs.
            expect(passed).toBeLessThanOrEqual(perSecond * (2 + milliseconds / 1_000) * 1.002);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
