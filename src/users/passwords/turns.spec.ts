import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

const FULL = new Error('Full');

/** Works that end when told to. */
function works(turns: Turns) {
  const ends: (() => void)[] = [];
  const begin = (): Promise<void> => turns.take(() => new Promise<void>((resolve) => ends.push(resolve)));
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { ends, begin, settled };
}

describe('Turns', () => {
  it('lets so many at once, so many wait, and refuses the rest', async () => {
    const { ends, begin, settled } = works(new Turns(2, 3, () => FULL));
    const begun = Array.from({ length: 5 }, begin);
    await expect(begin()).rejects.toBe(FULL);
    expect(ends).toHaveLength(2);
    ends[0]!();
    await settled();
    expect(ends).toHaveLength(3);
    begun.push(begin());
    await expect(begin()).rejects.toBe(FULL);
    for (let at = 1; at < 6; at += 1) {
      ends[at]!();
      await settled();
    }
    await Promise.all(begun);
    expect(ends).toHaveLength(6);
  });

  it('goes on after a failure', async () => {
    const turns = new Turns(1, 0, () => FULL);
    await expect(turns.take(() => Promise.reject(new Error('No')))).rejects.toThrow('No');
    expect(await turns.take(() => Promise.resolve('yes'))).toBe('yes');
  });
});
