import { describe, expect, it } from '@jest/globals';
import { Outgoing } from './outgoing.js';

const KB = 1024;
const text = (kilobytes: number): string => 'x'.repeat(kilobytes * KB);
const sizeOf = (texts: readonly string[]): number => texts.join('').length / KB;

describe('What waits to be carried', () => {
  it('goes in the order in which it was said, and what is of no client first', () => {
    const outgoing = new Outgoing();
    ['one', 'two', 'three'].forEach((name) => outgoing.add('acme', name, name));
    outgoing.add(null, 'events', 'events');
    expect(outgoing.take()).toEqual({ urgent: ['events'], rest: ['one', 'two', 'three'] });
    expect(outgoing.isEmpty).toBe(true);
  });

  it('is one under one name: the later', () => {
    const outgoing = new Outgoing();
    ['old', 'new'].forEach((said) => outgoing.add('acme', 'presence', said));
    ['events', 'events'].forEach((said) => outgoing.add(null, 'events', said));
    expect(outgoing.take()).toEqual({ urgent: ['events'], rest: ['new'] });
  });

  it('has a share for each client, so that one that says much waits and the others do not', () => {
    const outgoing = new Outgoing();
    for (let at = 0; at < 20; at += 1) {
      outgoing.add('loud', String(at), text(10));
    }
    outgoing.add('quiet', 'a', 'quiet');
    const { rest } = outgoing.take();
    expect(rest.at(-1)).toBe('quiet');
    expect(sizeOf(rest)).toBeLessThanOrEqual(65);
    expect([1, 2, 3].map(() => outgoing.take().rest.length)).toEqual([6, 6, 2]);
  });

  it('takes turns where there are more clients than a batch has room for', () => {
    const outgoing = new Outgoing();
    for (let client = 0; client < 20; client += 1) {
      outgoing.add(String(client), 'a', `${client} ${text(60)}`);
      outgoing.add(String(client), 'b', `${client} ${text(60)}`);
    }
    const order = Array.from({ length: 6 }, () => outgoing.take().rest.map((one) => Number(one.split(' ')[0])));
    const each = Array.from({ length: 20 }, (_, at) => at);
    expect(order.flat()).toEqual([...each, ...each]);
    expect(outgoing.isEmpty).toBe(true);
  });

  it('is lost beyond a megabyte of one client, and of no other; but one text may be longer than that', () => {
    const outgoing = new Outgoing();
    for (let at = 0; at < 2_000; at += 1) {
      outgoing.add('loud', String(at), text(1));
    }
    outgoing.add('long', 'a', text(2_000));
    let [loud, long] = [0, 0];
    while (!outgoing.isEmpty) {
      for (const one of outgoing.take().rest) {
        long += one.length > KB ? 1 : 0;
        loud += one.length > KB ? 0 : 1;
      }
    }
    expect([loud, long]).toEqual([1_024, 1]);
  });
});
