import { describe, expect, it } from '@jest/globals';
import { retryInMs } from './retries.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('A push that failed', () => {
  it('waits 10 s, 30 s, 2 min, 10 min, 30 min, 2 h, 6 h, then is given up', () => {
    const waits = Array.from({ length: 8 }, (_, at) => retryInMs(at + 1, 0, null, 0.5));
    expect(waits).toEqual([
      ...[10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, null],
    ]);
  });

  it('waits up to a fifth less or more', () => {
    expect(retryInMs(1, 0, null, 0)).toBe(8 * SECOND);
    expect(retryInMs(1, 0, null, 1)).toBe(12 * SECOND);
  });

  it('waits as long as the provider asks, where that is longer', () => {
    expect(retryInMs(1, 0, HOUR, 0.5)).toBe(HOUR);
    expect(retryInMs(1, 0, SECOND, 0.5)).toBe(10 * SECOND);
  });

  it('is given up where it would be a day old by then', () => {
    expect(retryInMs(7, 17 * HOUR, null, 0.5)).toBe(6 * HOUR);
    expect(retryInMs(7, 19 * HOUR, null, 0.5)).toBeNull();
    expect(retryInMs(1, 0, 25 * HOUR, 0.5)).toBeNull();
  });
});
