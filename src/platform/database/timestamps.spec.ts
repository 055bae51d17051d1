import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { parseTimestamp } from './timestamps.js';

const parseAny = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => unknown;

describe('parseTimestamp', () => {
  it('reads what node-postgres reads', () => {
    const moments = fc.date({
      min: new Date('1000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 999 }), (moment, micros) => {
        const [day, time] = moment.toISOString().slice(0, -1).split('T');
        const text = `${day} ${time}${String(micros).padStart(3, '0')}`.replace(/\.?0+$/, '') + '+00';
        expect(parseTimestamp(text)).toEqual(moment);
      }),
    );
  });

  it.each([
    ['2026-11-22 00:51:58+00', '2026-11-22T00:51:58.000Z'],
    ['2026-11-22 00:51:58.1+00', '2026-11-22T00:51:58.100Z'],
    ['2026-11-22 00:51:58.12+00', '2026-11-22T00:51:58.120Z'],
    ['2026-11-22 00:51:58.123999+00', '2026-11-22T00:51:58.123Z'],
    ['2024-02-29 23:59:59.999999+00', '2024-02-29T23:59:59.999Z'],
    ['2026-11-22 06:21:58.5+05:30', '2026-11-22T00:51:58.500Z'],
    ['12026-11-22 00:51:58+00', '+012026-11-22T00:51:58.000Z'],
    ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
    ['0099-03-15 12:00:00+00', '0099-03-15T12:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseTimestamp(text).toISOString()).toBe(iso);
  });

  it.each(['infinity', '-infinity'])('leaves %s what it is to node-postgres', (text) => {
    expect(parseTimestamp(text)).toBe(parseAny(text));
  });
});
