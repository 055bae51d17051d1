/** Numbers that may be missing at once; where there are more, the lowest are given up. */
const MAX_MISSING = 10_000;

/**
 * What a reader of a numbered table has seen. Numbers are drawn before the commit, so 8 may be visible while 7 is not yet;
 * reading on from 8 would miss it. So the numbers skipped are kept and read again. One that will never come, because its
 * transaction was rolled back, is given up when all transactions have ended that were writing to the table at some moment
 * after it was first missed: its own is among them.
 */
export class SequenceGaps {
  /** By number: the writers that may yet fill it. Null: not asked yet. */
  private readonly gaps = new Map<number, ReadonlySet<string> | null>();

  /** @param missing numbers up to `last` that are not there */
  constructor(
    private top: number,
    missing: readonly number[],
  ) {
    missing.forEach((number) => this.gaps.set(number, null));
  }

  /** The highest number seen. */
  get last(): number {
    return this.top;
  }

  get missing(): number[] {
    return [...this.gaps.keys()];
  }

  /**
   * Takes the numbers that a read of the missing ones and of what comes after `last` has found, in order.
   * @returns how many of them are new, that is after `last`
   */
  note(numbers: readonly number[]): number {
    const seen = new Set(numbers);
    for (const [number, writers] of this.gaps) {
      if (seen.has(number) || writers?.size === 0) {
        this.gaps.delete(number);
      }
    }
    const before = this.top;
    this.top = Math.max(before, numbers.at(-1) ?? before);
    for (let number = Math.max(before + 1, this.top - MAX_MISSING); number < this.top; number += 1) {
      if (!seen.has(number)) {
        this.gaps.set(number, null);
      }
    }
    for (const number of this.missing.slice(0, Math.max(0, this.gaps.size - MAX_MISSING))) {
      this.gaps.delete(number);
    }
    return numbers.filter((number) => number > before).length;
  }

  /** @param writers the transactions that are writing to the table, asked after the last read and before the next */
  suspect(writers: ReadonlySet<string>): void {
    for (const [number, before] of this.gaps) {
      this.gaps.set(number, before === null ? writers : new Set([...before].filter((one) => writers.has(one))));
    }
  }
}
