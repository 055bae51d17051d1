import { LRUCache } from 'lru-cache';
import { monotonic } from '../clock.js';

/** A bucket of tokens holds what comes in over `seconds`, and is full to begin with. */
export interface BucketSize {
  readonly perSecond: number;
  readonly seconds: number;
}

/** A bucket, by its name and size. */
export interface Wanted {
  readonly key: string;
  readonly size: BucketSize;
}

/** So many at once, and so many a minute. */
export function perMinute(count: number): BucketSize {
  return { perSecond: count / 60, seconds: 60 };
}

const SECOND_IN_MICROSECONDS = 1_000_000;
/** Buckets kept at most; of the rest, those unused for longest are taken for full. */
const MAX_BUCKETS = 100_000;

/** Microseconds in which one token comes in. */
export function costOf({ perSecond }: BucketSize): number {
  return Math.floor(SECOND_IN_MICROSECONDS / perSecond);
}

/** Microseconds in which an empty bucket fills. */
export function capacityOf({ seconds }: BucketSize): number {
  return seconds * SECOND_IN_MICROSECONDS;
}

/**
 * Token buckets, each kept as the moment at which it will be full (GCRA): no timers, no refilling, one number per
 * bucket. Written out, here and in Lua for Redis, because the limiters of rate-limiter-flexible count in fixed windows:
 * what was used up early in a window is barred to its end, and twice the limit passes where two windows meet.
 */
export abstract class Buckets {
  /**
   * Takes one token, where there is one.
   * @returns the microseconds until the bucket is full; past its capacity there was no token, and none was taken
   */
  abstract take(key: string, size: BucketSize): number | Promise<number>;

  /**
   * Takes one of each in their order, up to the first that has none.
   * @returns what `take` would of each that was asked
   */
  abstract takeEach(wanted: readonly Wanted[]): number[] | Promise<number[]>;

  /** Puts back one token that was taken. */
  abstract giveBack(key: string, size: BucketSize): void | Promise<void>;
}

/** Those of this process. */
export class MemoryBuckets extends Buckets {
  private readonly fullAt = new LRUCache<string, number>({ max: MAX_BUCKETS });

  take(key: string, size: BucketSize): number {
    const now = monotonic();
    const full = Math.max(this.fullAt.get(key) ?? 0, now) + costOf(size);
    if (full - now <= capacityOf(size)) {
      this.fullAt.set(key, full);
    }
    return full - now;
  }

  takeEach(wanted: readonly Wanted[]): number[] {
    const debts: number[] = [];
    for (const { key, size } of wanted) {
      const debt = this.take(key, size);
      debts.push(debt);
      if (debt > capacityOf(size)) {
        break;
      }
    }
    return debts;
  }

  giveBack(key: string, size: BucketSize): void {
    const full = this.fullAt.get(key);
    if (full !== undefined) {
      this.fullAt.set(key, full - costOf(size));
    }
  }
}
