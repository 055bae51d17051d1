import { describe, expect, it } from '@jest/globals';
import { Places } from './places.js';

describe('Places', () => {
  const taken = (places: Places, clientId: string): (() => Promise<void>) => {
    let end!: () => void;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    const left = new Promise<void>((resolve) => places.take(clientId, () => work, resolve));
    return () => {
      end();
      return left;
    };
  };

  it('are so many in all, and so many of one client', async () => {
    const places = new Places(3, 2);
    const ends = [taken(places, 'a'), taken(places, 'a')];
    expect([places.hasRoomFor('a'), places.hasRoomFor('b'), places.full, places.free]).toEqual([false, true, ['a'], 1]);
    ends.push(taken(places, 'b'));
    expect([places.hasRoomFor('b'), places.hasRoomFor('c'), places.free]).toEqual([false, false, 0]);
    await ends[0]!();
    expect([places.hasRoomFor('a'), places.hasRoomFor('c'), places.full, places.free]).toEqual([true, true, [], 1]);
    await Promise.all([...ends.map((end) => end()), places.ended()]);
    expect(places.free).toBe(3);
  });
});
