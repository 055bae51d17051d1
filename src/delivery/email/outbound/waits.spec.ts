import { expect, it } from '@jest/globals';
import { nextMailInSeconds } from './waits.js';

it('A mail is handed in again after a minute, five, half an hour, two hours and eight, and no more', () => {
  expect([0, 1, 2, 3, 4, 5].map((tries) => nextMailInSeconds(tries, 0.5))).toEqual([60, 300, 1800, 7200, 28800, null]);
  expect([0, 1].map((random) => nextMailInSeconds(1, random))).toEqual([240, 360]);
});
