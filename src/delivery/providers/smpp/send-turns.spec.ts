import { expect, it } from '@jest/globals';
import { SendTurns } from './send-turns.js';

const PATIENCE_MS = 10_000;

/** Who has begun, in that order, of so many that ask. */
function asking(turns: SendTurns, count: number): { begun: number[]; all: Promise<boolean[]> } {
  const begun: number[] = [];
  const all = Array.from({ length: count }, async (_, one) => {
    const hasTurn = await turns.begin(PATIENCE_MS);
    if (hasTurn) {
      begun.push(one);
    }
    return hasTurn;
  });
  return { begun, all: Promise.all(all) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('No more are under way than the window, and who asked first goes first', async () => {
  const turns = new SendTurns(2, null, new AbortController().signal);
  const { begun, all } = asking(turns, 4);
  await settled();
  expect([begun, turns.waiting]).toEqual([[0, 1], 2]);
  turns.end();
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  turns.end();
  expect(await all).toEqual([true, true, true, true]);
  turns.end();
  turns.end();
  await turns.idle();
});

it('What has begun goes on before another begins', async () => {
  const turns = new SendTurns(2, 50, new AbortController().signal);
  const { begun, all } = asking(turns, 2);
  await settled();
  const order: string[] = [];
  await Promise.all([turns.goOn().then(() => order.push('goes on')), all.then(() => order.push('begins'))]);
  expect([order, begun]).toEqual([
    ['goes on', 'begins'],
    [0, 1],
  ]);
});

it('Who has waited for long enough has no turn, and takes none', async () => {
  const turns = new SendTurns(1, null, new AbortController().signal);
  expect(await turns.begin(PATIENCE_MS)).toBe(true);
  expect(await turns.begin(1)).toBe(false);
  const last = turns.begin(PATIENCE_MS);
  turns.end();
  expect(await last).toBe(true);
});

it('At the end, those who wait are told that there is no turn for them', async () => {
  const stop = new AbortController();
  const turns = new SendTurns(1, null, stop.signal);
  const { all } = asking(turns, 3);
  await settled();
  stop.abort();
  expect(await all).toEqual([true, false, false]);
  expect([await turns.begin(PATIENCE_MS), await turns.goOn()]).toEqual([false, false]);
});

it('There are so many a second', async () => {
  const turns = new SendTurns(10, 50, new AbortController().signal);
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: 4 }, () => turns.begin(PATIENCE_MS).then(() => times.push(performance.now()))),
  );
  expect(times[3]! - times[0]!).toBeGreaterThan(50);
});
