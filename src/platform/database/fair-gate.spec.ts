import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { FairGate, HOUSE } from './fair-gate.js';

const SIZE = 16;
const WAIT_MS = 2_000;

/** Asks for `count` places, and notes who got one, in their order. */
function crowd(gate: FairGate, admitted: string[]) {
  return (who: string, count: number): void => {
    for (let at = 0; at < count; at += 1) {
      const wait = gate.enter(who);
      if (wait) {
        wait.then(
          () => admitted.push(who),
          () => admitted.push(`${who} refused`),
        );
      } else {
        admitted.push(who);
      }
    }
  };
}

/** One who waits is admitted in each turn of the event loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < SIZE; turn += 1) {
    await setImmediate();
  }
}
const tally = (admitted: readonly string[], who: string): number => admitted.filter((one) => one === who).length;

describe('FairGate', () => {
  it('lets a client that is alone take all but an eighth, which the next to come finds free', () => {
    const admitted: string[] = [];
    const ask = crowd(new FairGate(SIZE, WAIT_MS), admitted);
    ask('acme', 100);
    expect(tally(admitted, 'acme')).toBe(14);
    ask('globex', 1);
    ask('umbrella', 1);
    expect(admitted.slice(14)).toEqual(['globex', 'umbrella']);
  });

  it('brings a client down to half while others wait, who take turns', async () => {
    const gate = new FairGate(SIZE, WAIT_MS);
    const admitted: string[] = [];
    const ask = crowd(gate, admitted);
    ask('acme', 100);
    ask('globex', 6);
    ask('umbrella', 4);
    admitted.length = 0;
    // 14 of Acme's and two of Globex' are in. Until Acme has less than half, all that it leaves goes to the others.
    for (let at = 0; at < 6; at += 1) {
      gate.leave('acme');
    }
    await settled();
    expect(admitted).toEqual(['globex', 'umbrella', 'globex', 'umbrella', 'globex', 'umbrella']);
    gate.leave('acme');
    await settled();
    expect(admitted.at(-1)).toBe('acme');
    gate.leave('umbrella');
    gate.leave('umbrella');
    await settled();
    expect(admitted.slice(-2)).toEqual(['globex', 'umbrella']);
  });

  it('leaves no place empty while two wait, and nobody waiting, however small the pool is', async () => {
    for (const size of [2, 3, 5, 7, 16]) {
      const gate = new FairGate(size, WAIT_MS);
      const admitted: string[] = [];
      const clients = ['acme', 'globex', 'umbrella'];
      const ask = crowd(gate, admitted);
      clients.forEach((who) => ask(who, 30));
      for (let left = 0; left < 90; left += 1) {
        if (clients.filter((who) => tally(admitted, who) < 30).length > 1) {
          expect(admitted.length - left).toBe(size);
        }
        gate.leave(admitted[left]!);
        await settled();
      }
      expect(admitted).toHaveLength(90);
    }
  });

  it('admits one in a turn of the event loop, so that others are heard in between', async () => {
    const gate = new FairGate(SIZE, WAIT_MS);
    const admitted: string[] = [];
    crowd(gate, admitted)('acme', 100);
    for (let at = 0; at < 3; at += 1) {
      gate.leave('acme');
    }
    for (const count of [15, 16, 17, 17]) {
      await setImmediate();
      expect(admitted).toHaveLength(count);
    }
  });

  it('gives this server itself whatever is free', () => {
    const admitted: string[] = [];
    crowd(new FairGate(SIZE, WAIT_MS), admitted)(HOUSE, 20);
    expect(admitted).toHaveLength(SIZE);
  });

  it('refuses who waits for too long, and goes on with the others', async () => {
    jest.useFakeTimers();
    try {
      const gate = new FairGate(2, WAIT_MS);
      const admitted: string[] = [];
      const ask = crowd(gate, admitted);
      ask('acme', 2);
      expect(admitted).toEqual(['acme']);
      await jest.advanceTimersByTimeAsync(WAIT_MS);
      expect(admitted).toEqual(['acme', 'acme refused']);
      ask('acme', 1);
      gate.leave('acme');
      await jest.advanceTimersByTimeAsync(0);
      expect(admitted).toEqual(['acme', 'acme refused', 'acme']);
    } finally {
      jest.useRealTimers();
    }
  });
});
