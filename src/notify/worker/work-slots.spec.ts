import { describe, expect, it } from '@jest/globals';
import { WorkSlots } from './work-slots.js';

describe('Work slots', () => {
  const taken = (slots: WorkSlots, clientId: string): (() => Promise<void>) => {
    let end!: () => void;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    const left = new Promise<void>((resolve) => slots.take(clientId, () => work, resolve));
    return () => {
      end();
      return left;
    };
  };

  it('are so many in all, and so many of one client', async () => {
    const slots = new WorkSlots(3, 2);
    const ends = [taken(slots, 'a'), taken(slots, 'a')];
    expect([slots.hasRoomFor('a'), slots.hasRoomFor('b'), slots.full, slots.free]).toEqual([false, true, ['a'], 1]);
    ends.push(taken(slots, 'b'));
    expect([slots.hasRoomFor('b'), slots.hasRoomFor('c'), slots.free]).toEqual([false, false, 0]);
    await ends[0]!();
    expect([slots.hasRoomFor('a'), slots.hasRoomFor('c'), slots.full, slots.free]).toEqual([true, true, [], 1]);
    await Promise.all([...ends.map((end) => end()), slots.ended()]);
    expect(slots.free).toBe(3);
  });
});
