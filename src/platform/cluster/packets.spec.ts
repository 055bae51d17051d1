import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pack, toAscii, Unpacker } from './packets.js';

const take = (packets: readonly string[], unpacker = new Unpacker('me'), moment = 0) =>
  packets.map((packet) => unpacker.take(packet, moment));

describe('A packed value', () => {
  it('comes out as it went in, whatever it holds, and no packet is too long', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 500 }));
    fc.assert(
      fc.property(anything, fc.integer({ min: 60, max: 300 }), (value, limit) => {
        const packets = pack(toAscii(value), 'other', 7, limit);
        expect(packets.every((packet) => Buffer.byteLength(packet) <= limit)).toBe(true);
        const taken = take(packets);
        expect(taken.pop()).toEqual(JSON.parse(JSON.stringify(value)));
        expect(taken.every((one) => one === undefined)).toBe(true);
      }),
    );
  });

  it('is one packet where it fits', () => {
    expect(pack(toAscii([{ kind: 'events' }]), 'other', 1, 7_999)).toEqual(['other 1 1/1 [{"kind":"events"}]']);
  });

  it('of our own is not taken', () => {
    expect(take(pack('"x"', 'me', 1, 100))).toEqual([undefined]);
  });

  it('comes out beside that of another origin', () => {
    const unpacker = new Unpacker('me');
    const [one, two] = [pack(toAscii('a'.repeat(150)), 'one', 1, 100), pack(toAscii('b'.repeat(150)), 'two', 1, 100)];
    const mixed = one.flatMap((packet, at) => [packet, two[at]!]);
    expect(take(mixed, unpacker).filter((value) => value !== undefined)).toEqual(['a'.repeat(150), 'b'.repeat(150)]);
  });
});

describe('What misses a part', () => {
  const long = pack(toAscii('x'.repeat(300)), 'other', 1, 100);

  it.each(long.map((_, at) => at))('(number %d) is never taken, and the next is', (lost) => {
    const unpacker = new Unpacker('me');
    const rest = long.filter((_, at) => at !== lost);
    expect(take([...rest, ...pack('"next"', 'other', 2, 100)], unpacker)).toEqual([
      ...rest.map(() => undefined),
      'next',
    ]);
  });

  it('is forgotten after a few seconds', () => {
    const unpacker = new Unpacker('me');
    take(long.slice(0, -1), unpacker, 0);
    expect(unpacker.take(long.at(-1)!, 6_000)).toBeUndefined();
  });
});

it.each(['', 'x', 'other 1 1/1 {', 'other 1 2/1 1', 'other one 1/1 1'])('%j is no packet', (packet) => {
  expect(take([packet])).toEqual([undefined]);
});
