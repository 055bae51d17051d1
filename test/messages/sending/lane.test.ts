import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Road, WAIT_MS } from '../../support/road.js';
import type { Outcome } from '../../../src/messages/sending/lane.js';

const busy = (count: number): Outcome<string>[] => Array<'busy'>(count).fill('busy');
/** Long enough for one that waits alone to lose the patience of the others. */
const PATIENCE_MS = 20;
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('Lane', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('sends one that finds it empty at once, alone, and keeps nothing of it', async () => {
    const road = new Road();
    road.send('a');
    expect(road.alone.map(({ names }) => names)).toEqual([['a']]);
    await road.alone[0]!.end();
    expect([road.answers, road.idle, jest.getTimerCount()]).toEqual([['a alone'], 1, 0]);
  });

  it('sends together what comes meanwhile, in the order of coming, so many at most', async () => {
    const road = new Road(3);
    road.send('a', 'b', 'c', 'd', 'e');
    await road.alone[0]!.end();
    expect(road.together.map(({ names }) => names)).toEqual([['b', 'c', 'd']]);
    road.send('f');
    await road.together[0]!.end();
    expect(road.together[1]!.names).toEqual(['e', 'f']);
    await road.together[1]!.end();
    expect(road.answers).toEqual(['a alone', 'b', 'c', 'd', 'e', 'f']);
    expect([road.idle, jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('takes no more into a statement than it can carry', async () => {
    const road = new Road();
    road.send('a', 'long b', 'long c', 'd');
    await road.alone[0]!.end();
    expect(road.together[0]!.names).toEqual(['long b', 'long c']);
  });

  it('sends one that is dear alone with others, even if there are none', () => {
    const road = new Road();
    road.send('dear a');
    expect([road.alone.length, road.together.map(({ names }) => names)]).toEqual([0, [['dear a']]]);
  });

  it('sends each by itself where they are too few to share, but those of a stream one after another', async () => {
    const road = new Road(64, 3);
    road.send('first', 'a', 'b');
    await road.alone[0]!.end();
    expect(road.alone.slice(1).map(({ names }) => names)).toEqual([['a'], ['b']]);
    road.send('x:1', 'x:2');
    await road.alone[2]!.end();
    await road.alone[1]!.end();
    expect(road.alone.slice(3).map(({ names }) => names)).toEqual([['x:1']]);
    await road.alone[3]!.end();
    await road.alone[4]!.end();
    expect(road.answers).toEqual(['first alone', 'b alone', 'a alone', 'x:1 alone', 'x:2 alone']);
    expect([road.together, road.idle, jest.getTimerCount()]).toEqual([[], 1, 0]);
  });

  it('puts what is busy back in front, and tries it again with what is new', async () => {
    const road = new Road();
    road.send('a', 'b', 'c');
    await road.alone[0]!.end();
    road.send('d');
    await road.together[0]!.end(['busy', 'c']);
    expect(road.answers).toEqual(['a alone', 'c']);
    expect(road.together[1]!.names).toEqual(['b', 'd']);
  });

  it('rests a moment where nothing is new, unless something comes', async () => {
    const road = new Road();
    road.send('a', 'b');
    await road.alone[0]!.end();
    await road.alone[1]!.end();
    road.send('dear c');
    await road.together[0]!.end(busy(1));
    expect(road.together).toHaveLength(1);
    road.send('d');
    expect(road.together[1]!.names).toEqual(['dear c', 'd']);
    await road.together[1]!.end(['busy', 'd']);
    expect(road.together).toHaveLength(2);
    await pass(10);
    expect(road.together[2]!.names).toEqual(['dear c']);
  });

  it('goes on without one that is busy again and again, which goes alone', async () => {
    const road = new Road();
    road.send('first', 'x:1', 'y:1', 'z:1');
    await road.alone[0]!.end();
    await road.together[0]!.end(['busy', 'y:1', 'busy']);
    for (let round = 1; round < 4; round += 1) {
      await pass(10);
      expect(road.together[round]!.names).toEqual(['x:1', 'z:1']);
      await road.together[round]!.end(busy(2));
    }
    expect(road.alone.slice(1).map(({ names }) => names)).toEqual([['x:1'], ['z:1']]);
    // Its stream stays behind it, the others do not. And while one waits, none that is by itself stands in the way.
    road.send('x:2', 'y:2');
    expect(road.together[4]!.names).toEqual(['y:2']);
    road.send('x:3');
    await road.together[4]!.end();
    await road.alone[1]!.end();
    expect(road.together[5]!.names).toEqual(['x:2', 'x:3']);
    await road.together[5]!.end();
    await road.alone[2]!.end();
    expect(road.answers.slice(1)).toEqual(['y:1', 'y:2', 'x:1 alone', 'x:2', 'x:3', 'z:1 alone']);
    expect([road.idle, jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('stands behind one that waits alone for a moment only', async () => {
    const road = new Road();
    road.send('x:1', 'x:2', 'y:1');
    await pass(PATIENCE_MS - 1);
    expect(road.together).toEqual([]);
    await pass(1);
    expect(road.together[0]!.names).toEqual(['y:1']);
    await road.alone[0]!.end();
    expect(road.answers).toEqual(['x:1 alone']);
    await road.together[0]!.end();
    await road.alone[1]!.end();
    expect(road.answers).toEqual(['x:1 alone', 'y:1', 'x:2 alone']);
  });

  it('lets a few wait alone at once, and tries the others again as soon as one got through', async () => {
    const road = new Road();
    road.send('first', 'a', 'b', 'c', 'd', 'e', 'f:1', 'f:2');
    await road.alone[0]!.end();
    for (let round = 0; round < 4; round += 1) {
      await road.together[round]!.end(busy(7));
      await pass(10);
    }
    expect(road.alone.slice(1).map(({ names }) => names)).toEqual([['a'], ['b'], ['c'], ['d']]);
    expect(road.together).toHaveLength(4);
    // One that fails leaves its place to the next; one that succeeds shows that the way is free.
    await road.alone[1]!.fail(new Error('late'));
    expect(road.alone[5]!.names).toEqual(['e']);
    await road.alone[2]!.end();
    expect(road.together[4]!.names).toEqual(['f:1', 'f:2']);
  });

  it('tries again, now and then, those who find no place to wait alone: what held them may be gone', async () => {
    const road = new Road();
    road.send('first', 'a', 'b', 'c', 'd', 'e:1', 'e:2');
    await road.alone[0]!.end();
    for (let round = 0; round < 4; round += 1) {
      await road.together[round]!.end(busy(6));
      await pass(10);
    }
    expect([road.alone.length, road.together.length]).toEqual([5, 4]);
    // However much others send meanwhile.
    road.send('f');
    await road.together[4]!.end();
    await pass(30);
    expect(road.together).toHaveLength(5);
    await pass(20);
    expect(road.together[5]!.names).toEqual(['e:1', 'e:2']);
    await road.together[5]!.end();
    expect(road.answers).toEqual(['first alone', 'f', 'e:1', 'e:2']);
    for (const one of road.alone.slice(1)) {
      await one.end();
    }
    expect([road.idle, jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('refuses who waited too long, but nobody of whom a statement may have an answer', async () => {
    const road = new Road(1);
    road.send('dear a');
    await pass(1);
    road.send('b', 'c');
    await pass(WAIT_MS - 1);
    await road.together[0]!.end();
    expect(road.alone[0]!.names).toEqual(['b']);
    await pass(1);
    await setImmediate();
    expect(road.answers).toEqual(['dear a', 'c Service temporarily unavailable']);
    await road.alone[0]!.end();
    expect(road.answers.at(-1)).toBe('b alone');
    expect([road.idle, jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('refuses one that waited too long as soon as it is put back', async () => {
    const road = new Road();
    road.send('dear a');
    await road.together[0]!.end(busy(1));
    await pass(WAIT_MS);
    expect(road.together[1]!.names).toEqual(['dear a']);
    expect(road.answers).toEqual([]);
    await road.together[1]!.end(busy(1));
    expect(road.answers).toEqual(['dear a Service temporarily unavailable']);
    await pass(10);
    expect([road.together.length, road.idle, jest.getTimerCount()]).toEqual([2, 1, 0]);
  });

  it('sends a statement that was refused again one by one, and all of another failure fail', async () => {
    const road = new Road();
    road.send('first', 'a', 'b');
    await road.alone[0]!.end();
    await road.together[0]!.fail(new Error('refused'));
    expect(road.alone.map(({ names }) => names)).toEqual([['first'], ['a']]);
    await road.alone[1]!.fail(new Error('wrong'));
    road.send('c', 'd');
    await road.alone[2]!.end();
    expect(road.answers).toEqual(['first alone', 'a wrong', 'b alone']);
    await road.together[1]!.fail(new Error('gone'));
    expect(road.answers.slice(3)).toEqual(['c gone', 'd gone']);
    expect(road.idle).toBe(1);
  });

  it('stands behind each of a refused statement for a moment only, and lets a few wait', async () => {
    const road = new Road();
    road.send('first', 'x:1', 'x:2', 'a', 'b', 'c', 'd', 'y');
    await road.alone[0]!.end();
    await road.together[0]!.fail(new Error('refused'));
    await pass(PATIENCE_MS * 4);
    expect(road.alone.slice(1).map(({ names }) => names)).toEqual([['x:1'], ['a'], ['b'], ['c']]);
    road.send('z');
    expect(road.together[1]!.names).toEqual(['z']);
    await road.together[1]!.end();
    await road.alone[2]!.end();
    expect(road.together[2]!.names).toEqual(['y', 'd']);
    await road.together[2]!.end();
    await road.alone[1]!.end();
    expect(road.together[3]!.names).toEqual(['x:2']);
    await road.together[3]!.end();
    expect(road.answers).toEqual(['first alone', 'z', 'a alone', 'y', 'd', 'x:1 alone', 'x:2']);
    await Promise.all(road.alone.slice(3).map((one) => one.end()));
    expect([road.idle, jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('sends alone what the statement can say nothing of, and does not wait for it', async () => {
    const road = new Road();
    road.send('first', 'a', 'b');
    await road.alone[0]!.end();
    await road.together[0]!.end(['alone', 'b']);
    expect([road.alone[1]!.names, road.idle]).toEqual([['a'], 1]);
    await road.alone[1]!.end();
    expect(road.answers).toEqual(['first alone', 'b', 'a alone']);
  });

  it('keeps behind it those of its stream where it may make what they need, once', async () => {
    const road = new Road();
    road.send('first', 'new x:1', 'new x:2', 'new x:3');
    await road.alone[0]!.end();
    await road.together[0]!.end(['alone', 'alone', 'alone']);
    road.send('new x:4', 'y');
    expect([road.alone.at(-1)!.names, road.together[1]!.names]).toEqual([['new x:1'], ['y']]);
    await road.together[1]!.end();
    await road.alone[1]!.fail(new Error('unknown'));
    expect(road.together[2]!.names).toEqual(['new x:2', 'new x:3', 'new x:4']);
    await road.together[2]!.end(['alone', 'alone', 'alone']);
    expect(road.alone.slice(2).map(({ names }) => names)).toEqual([['new x:2'], ['new x:3'], ['new x:4']]);
    await Promise.all(road.alone.slice(2).map((one) => one.end()));
    expect([road.answers.length, road.idle, jest.getTimerCount()]).toEqual([6, 1, 0]);
  });
});
