import { expect, it } from '@jest/globals';
import { segmentsOf } from './segments.js';

it.each([
  ['', 'GSM-7', 1, 160],
  ['a'.repeat(160), 'GSM-7', 1, 0],
  ['a'.repeat(161), 'GSM-7', 2, 145],
  ['a'.repeat(1600), 'GSM-7', 11, 83],
  ['€'.repeat(80), 'GSM-7', 1, 0],
  ['€'.repeat(81), 'GSM-7', 2, undefined],
  ['ç', 'UCS-2', 1, 69],
  ['Ç', 'GSM-7', 1, 159],
  ['☺'.repeat(70), 'UCS-2', 1, 0],
  ['☺'.repeat(71), 'UCS-2', 2, 63],
  // A pair is never cut: 33 of them fit into 67 units.
  ['🙂'.repeat(67), 'UCS-2', 3, undefined],
  // Longer than what goes out, and as long as the core takes.
  ['a'.repeat(153_000), 'GSM-7', 1_000, 0],
  ['a'.repeat(66_999) + '☺', 'UCS-2', 1_000, 0],
])('%#: a text is so many segments', (text, encoding, segments, remaining) => {
  const counted = segmentsOf(text);
  expect([counted.encoding, counted.segments]).toEqual([encoding, segments]);
  if (remaining !== undefined) {
    expect(counted.remaining).toBe(remaining);
  }
});
