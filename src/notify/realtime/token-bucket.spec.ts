import { describe, expect, it } from '@jest/globals';
import { TokenBucket } from './token-bucket.js';

describe('A token bucket', () => {
  it('lets a burst through, then its rate and no more', () => {
    const bucket = new TokenBucket(5, 2);
    const passed = (at: number): boolean => bucket.take(at);
    expect(Array.from({ length: 7 }, () => passed(0))).toEqual([true, true, true, true, true, false, false]);
    expect([passed(400), passed(500), passed(501), passed(1_000), passed(1_001)]).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('never holds more than its burst', () => {
    const bucket = new TokenBucket(2, 10);
    bucket.take(0);
    expect([1, 2, 3].map(() => bucket.take(60_000))).toEqual([true, true, false]);
  });

  it('says how long to wait for the next', () => {
    const bucket = new TokenBucket(1, 10);
    expect(bucket.waitMs(0)).toBe(0);
    bucket.take(0);
    expect([bucket.waitMs(0), bucket.waitMs(40), bucket.waitMs(100)]).toEqual([100, 60, 0]);
    expect(bucket.take(100)).toBe(true);
  });
});
