import { describe, expect, it } from '@jest/globals';
import { readRetryAfter } from './retry-after.js';

describe('Retry-After', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it.each<[string | undefined, number | null]>([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['Fri, 99 Jan 2026 00:00:00 GMT', null],
    ...[undefined, '', '-1', '1.5', '1e3', '12345678901', 'soon', '2026-01-01'].map(
      (text) => [text, null] as [string, null],
    ),
  ])('%p is %p', (text, wait) => expect(readRetryAfter(text, now)).toBe(wait));
});
