import { describe, expect, it } from '@jest/globals';
import { Gathered } from './gathered.js';

/** Calls that end when they are told to. */
function gathering() {
  const calls: { readonly items: readonly number[]; readonly end: (results: string[] | Error) => void }[] = [];
  let idle = 0;
  const gathered = new Gathered<number, string>(
    (items) =>
      new Promise((resolve, reject) => {
        calls.push({ items, end: (results) => (results instanceof Error ? reject(results) : resolve(results)) });
      }),
    () => (idle += 1),
  );
  return { gathered, calls, idle: () => idle };
}

describe('What is gathered', () => {
  it('goes at once where nothing is under way, and what comes meanwhile goes together, each with its own result', async () => {
    const { gathered, calls, idle } = gathering();
    const [first, ...others] = [1, 2, 3].map((item) => gathered.do(item));
    expect(calls.map(({ items }) => items)).toEqual([[1]]);
    calls[0]!.end(['one']);
    expect(await first).toBe('one');
    expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    expect(idle()).toBe(0);
    calls[1]!.end(['two', 'three']);
    expect(await Promise.all(others)).toEqual(['two', 'three']);
    expect(idle()).toBe(1);
    void gathered.do(4);
    expect(calls).toHaveLength(3);
  });

  it('fails with its call, and those after it go on', async () => {
    const { gathered, calls } = gathering();
    const [first, second] = [gathered.do(1), gathered.do(2)];
    calls[0]!.end(new Error('The connection is lost'));
    await expect(first).rejects.toThrow('The connection is lost');
    calls[1]!.end(['two']);
    expect(await second).toBe('two');
  });
});
