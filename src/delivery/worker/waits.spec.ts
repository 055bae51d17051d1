import { expect, it } from '@jest/globals';
import { nextCallInSeconds, nextLookInSeconds } from './waits.js';

it('A call that did nothing is made again five times, at least as late as the provider asks', () => {
  expect([0, 1, 2, 3, 4, 5].map((tries) => nextCallInSeconds(tries, null, 0.5))).toEqual([5, 30, 120, 600, 1800, null]);
  expect([0, 1].map((random) => nextCallInSeconds(1, null, random))).toEqual([24, 36]);
  expect(nextCallInSeconds(0, 60, 0.5)).toBe(60);
});

it('A provider is asked four times for a message of which no answer came', () => {
  expect([0, 1, 2, 3, 4].map(nextLookInSeconds)).toEqual([60, 120, 600, 3600, null]);
});
