import { describe, expect, it } from '@jest/globals';
import { segmentsOf } from '../../deliveries/segments.js';
import { encodeText, partHeader, wholeOf } from './smpp-text.js';

describe('A text for SMPP', () => {
  it('goes in the GSM alphabet where that has all of it, else as UCS-2', () => {
    expect(encodeText('@ €')).toEqual({ dataCoding: 0, parts: [Buffer.from([0x00, 0x20, 0x1b, 0x65])] });
    expect(encodeText('ж🙂')).toEqual({ dataCoding: 8, parts: [Buffer.from([0x04, 0x36, 0xd8, 0x3d, 0xde, 0x42])] });
  });

  it('is cut as it is counted, never within an escape or a surrogate pair', () => {
    for (const text of [
      'a'.repeat(160),
      'a'.repeat(161),
      'a'.repeat(152) + '€€€€€€€€€€',
      '🙂'.repeat(67),
      '\r\n'.repeat(99),
    ]) {
      expect(encodeText(text).parts).toHaveLength(segmentsOf(text).segments);
    }
    const [first] = encodeText('a'.repeat(152) + '€'.repeat(10)).parts;
    expect(first).toHaveLength(152);
    expect(encodeText('🙂'.repeat(67)).parts.map(({ length }) => length)).toEqual([132, 132, 4]);
  });

  it('is never longer than a part, though one character with its marks were', () => {
    const { parts } = encodeText('ж' + '\u0301'.repeat(200));
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(134);
    expect(wholeOf({ dataCoding: 8, parts })).toHaveLength(402);
  });

  it('has a header on each of its parts', () => {
    expect(partHeader(0x1ff, 3, 2)).toEqual(Buffer.from([5, 0, 3, 0xff, 3, 2]));
  });
});
