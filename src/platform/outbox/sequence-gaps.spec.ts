import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SequenceGaps } from './sequence-gaps.js';

describe('A gap', () => {
  it('is what a reading passes over', () => {
    const gaps = new SequenceGaps(10, [7]);
    expect(gaps.note([11, 14])).toBe(2);
    expect(gaps.last).toBe(14);
    expect(gaps.missing).toEqual([7, 12, 13]);
  });

  it('is closed by a later reading', () => {
    const gaps = new SequenceGaps(0, []);
    gaps.note([3]);
    expect(gaps.note([1, 4])).toBe(1);
    expect(gaps.missing).toEqual([2]);
  });

  it('stays as long as one of those that were writing when it was missed is writing', () => {
    const gaps = new SequenceGaps(0, []);
    gaps.note([2]);
    gaps.suspect(new Set(['a', 'b']));
    gaps.note([3]);
    gaps.suspect(new Set(['b', 'c']));
    gaps.note([4]);
    expect(gaps.missing).toEqual([1]);
    gaps.suspect(new Set(['c']));
    expect(gaps.missing).toEqual([1]);
    gaps.note([]);
    expect(gaps.missing).toEqual([]);
  });

  it('is not given up for what was asked before it was missed', () => {
    const gaps = new SequenceGaps(0, []);
    gaps.suspect(new Set());
    gaps.note([2]);
    gaps.note([3]);
    expect(gaps.missing).toEqual([1]);
  });

  it('that nobody writes into is read once more, then given up', () => {
    const gaps = new SequenceGaps(0, []);
    gaps.note([3]);
    gaps.suspect(new Set());
    gaps.note([2]);
    expect(gaps.missing).toEqual([]);
  });

  it('of millions keeps the highest numbers only', () => {
    const gaps = new SequenceGaps(0, [-1]);
    gaps.note([5_000_000]);
    expect(gaps.missing).toHaveLength(10_000);
    expect(gaps.missing.at(-1)).toBe(4_999_999);
  });
});

/** A table as PostgreSQL shows it: numbers drawn in order by transactions that end in any order, some rolled back. */
class Table {
  private drawn = 0;
  private readonly open = new Map<string, number>();
  private readonly rows = new Set<number>();
  readonly committed: number[] = [];

  begin(name: string): void {
    this.open.set(name, (this.drawn += 1));
  }

  end(name: string, commits: boolean): void {
    const number = this.open.get(name);
    this.open.delete(name);
    if (number !== undefined && commits) {
      this.rows.add(number);
      this.committed.push(number);
    }
  }

  get writers(): Set<string> {
    return new Set(this.open.keys());
  }

  read(last: number, missing: readonly number[], limit: number): number[] {
    const all = [...this.rows].sort((a, b) => a - b);
    return [...all.filter((n) => missing.includes(n)), ...all.filter((n) => n > last).slice(0, limit)];
  }
}

it('Whatever the order of commits, every committed number is read once, and in the end nothing is missing', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('begin' as const) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(), commits: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('suspect' as const) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const [table, gaps] = [new Table(), new SequenceGaps(0, [])];
      const got: number[] = [];
      const read = (limit: number): void => {
        const numbers = table.read(gaps.last, gaps.missing, limit);
        gaps.note(numbers);
        got.push(...numbers);
      };
      steps.forEach((one, at) => {
        const open = [...table.writers];
        switch (one.kind) {
          case 'begin':
            return table.begin(`t${at}`);
          case 'end':
            return table.end(open[one.which % open.length] ?? '', one.commits);
          case 'read':
            return read(one.limit);
          case 'suspect':
            return gaps.suspect(table.writers);
        }
      });
      table.writers.forEach((name) => table.end(name, true));
      for (let at = 0; at < 2; at += 1) {
        read(1_000);
        gaps.suspect(table.writers);
      }
      read(1_000);
      expect(got.sort((a, b) => a - b)).toEqual(table.committed.sort((a, b) => a - b));
      expect(gaps.missing).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
