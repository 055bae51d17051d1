import { expect, it } from '@jest/globals';
import { SendTurns } from './send-turns.js';

/** Work that ends when it is told to. */
function works(
  turns: SendTurns,
  count: number,
): { begun: number[]; end: (() => void)[]; results: Promise<number | null>[] } {
  const begun: number[] = [];
  const end: (() => void)[] = [];
  const results = Array.from({ length: count }, (_, one) =>
    turns.take(
      () =>
        new Promise<number>((resolve) => {
          begun.push(one);
          end.push(() => resolve(one));
        }),
    ),
  );
  return { begun, end, results };
}

it('No more are under way than the window, and who asked first goes first', async () => {
  const turns = new SendTurns(2, null, new AbortController().signal);
  const { begun, end, results } = works(turns, 4);
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1]);
  end[1]!();
  await results[1];
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1, 2]);
  end[0]!();
  end[2]!();
  await new Promise(setImmediate);
  end[3]!();
  await turns.idle();
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3]);
});

it('At the end, those who wait are told that there is no turn for them', async () => {
  const stop = new AbortController();
  const { end, results } = works(new SendTurns(1, null, stop.signal), 3);
  await new Promise(setImmediate);
  stop.abort();
  end[0]!();
  expect(await Promise.all(results)).toEqual([0, null, null]);
});

it('There are so many a second', async () => {
  const turns = new SendTurns(10, 50, new AbortController().signal);
  const times: number[] = [];
  await Promise.all(Array.from({ length: 4 }, () => turns.take(() => Promise.resolve(times.push(performance.now())))));
  expect(times[3]! - times[0]!).toBeGreaterThan(50);
});
