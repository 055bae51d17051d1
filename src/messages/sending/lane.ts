import { sendBatch } from '../../platform/common/metrics.js';
import { Waiting } from './waiting.js';

/** What became of one that was sent with others: `busy` where somebody holds what it changes, `alone` where that can't tell. */
export type Outcome<Row> = Row | 'busy' | 'alone';

/** What a lane is for. */
export interface Traffic<Item, Row> {
  /** Sends all of them in one statement, which waits for no lock, and says what became of each. */
  together(items: readonly Item[]): Promise<readonly Outcome<Row>[]>;
  /** Whether this failure says that nothing was changed, and that it can be tried again at once. */
  changedNothing(error: unknown): boolean;
  /** Those of one stream keep their order. */
  streamOf(item: Item): string;
  /** How much of a statement it is, in characters. */
  lengthOf(item: Item): number;
  /** Fewer than so many are cheaper each by its own statement. */
  readonly worthSharing: number;
  /** Whether its own statement is no dearer than one for several. */
  isCheapAlone(item: Item): boolean;
  /** Whether it can make, alone, what the statement missed. */
  makesItsPlace(item: Item): boolean;
}

/** A statement with more in it than this takes no further one. */
const FULL_CHARACTERS = 1_000_000;
/** How often one that is put back is tried with others, before it waits for the lock by itself. */
const ROUNDS = 4;
/** Between two rounds where nothing new came. */
const PAUSE_MS = 3;
/** How long the others stand behind one that waits for a lock by itself. */
const PATIENCE_MS = 20;
/** How many wait for a lock by themselves: each takes a connection. */
const MAX_ALONE = 4;
/** Those who find no place to wait alone are tried with others so often: not all need be held by what the first wait for. */
const RETRY_STUCK_MS = 50;

/**
 * One statement at a time: what comes meanwhile is sent in the next, together, in the order of coming. Who finds the lane
 * empty goes at once, by its own statement, as do a few that waited. What could not be locked is put back in front; after a few rounds it goes
 * alone and waits, and the lane goes on without it. Those of its stream stay behind it, so that none overtakes.
 */
export class Lane<Item, Row> {
  private readonly queue: Waiting<Item>[] = [];
  private isUnderWay = false;
  /** By stream, of which one goes alone or is to: those behind it. */
  private readonly behind = new Map<string, Waiting<Item>[]>();
  /** Those that are to go alone. */
  private stuck: Waiting<Item>[] = [];
  private aloneCount = 0;
  private pause: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;

  /** @param whenIdle called whenever nothing is in it any more */
  constructor(
    private readonly traffic: Traffic<Item, Row>,
    private readonly size: number,
    private readonly waitMs: number,
    private readonly whenIdle: () => void,
  ) {}

  /** @param alone its own statement, which may wait for locks. @throws Refusal 503 where its turn does not come */
  send<T>(item: Item, alone: () => Promise<T>): Promise<Row | T> {
    const waiting = new Waiting<Item>(item, alone);
    this.queue.push(waiting);
    this.next();
    waiting.waitAtMost(this.waitMs);
    return waiting.end as Promise<Row | T>;
  }

  private next(): void {
    clearTimeout(this.pause);
    if (this.isUnderWay) {
      return;
    }
    const batch = this.take();
    if (batch.length > 0) {
      this.isUnderWay = true;
      sendBatch.observe(batch.length);
      void this.run(batch).then(() => {
        this.isUnderWay = false;
        this.goOn();
      });
    } else if (this.aloneCount === 0) {
      this.whenIdle();
    }
  }

  /** Those that were put back stand in front, so where the last one was, nothing new has come. */
  private goOn(): void {
    if (this.queue.at(-1)?.wasPutBack) {
      this.pause = setTimeout(() => this.next(), PAUSE_MS);
    } else {
      this.next();
    }
  }

  private take(): Waiting<Item>[] {
    const batch: Waiting<Item>[] = [];
    let characters = 0;
    while (this.queue.length > 0 && batch.length < this.size && characters < FULL_CHARACTERS) {
      const waiting = this.queue.shift()!;
      const behind = this.behind.get(this.traffic.streamOf(waiting.item));
      if (behind) {
        behind.push(waiting);
      } else if (waiting.takeOff()) {
        batch.push(waiting);
        characters += this.traffic.lengthOf(waiting.item);
      }
    }
    return batch;
  }

  private async run(batch: readonly Waiting<Item>[]): Promise<void> {
    const areFew =
      batch.length < this.traffic.worthSharing && batch.every(({ item }) => this.traffic.isCheapAlone(item));
    if (areFew && this.aloneCount === 0) {
      await within(PATIENCE_MS, this.goApart(batch));
      return;
    }
    try {
      const outcomes = await this.traffic.together(batch.map(({ item }) => item));
      this.settle(batch, outcomes);
    } catch (error) {
      if (this.traffic.changedNothing(error)) {
        await this.oneByOne(batch);
      } else {
        batch.forEach((waiting) => waiting.fail(error));
      }
    }
  }

  private settle(batch: readonly Waiting<Item>[], outcomes: readonly Outcome<Row>[]): void {
    const busy = batch.filter((waiting, at) => {
      const outcome = outcomes[at]!;
      if (outcome === 'alone') {
        this.lookCloser(waiting);
      } else if (outcome !== 'busy') {
        waiting.succeed(outcome);
      }
      return outcome === 'busy' && waiting.putBack(this.waitMs);
    });
    const back = busy.filter((waiting) => {
      if (waiting.rounds < ROUNDS || this.behind.has(this.traffic.streamOf(waiting.item))) {
        return true;
      }
      this.getStuck(waiting);
      return false;
    });
    this.queue.unshift(...back);
    this.sendStuck();
  }

  /** The others of its stream need what the first makes. Where it is missing even then, each is to be refused, in any order. */
  private lookCloser(waiting: Waiting<Item>): void {
    const behind = this.behind.get(this.traffic.streamOf(waiting.item));
    if (waiting.wasPutBack || !this.traffic.makesItsPlace(waiting.item)) {
      void waiting.goAlone();
    } else if (!behind) {
      void this.goAlone(waiting);
    } else if (waiting.putBack(this.waitMs)) {
      behind.push(waiting);
    }
  }

  private async goApart(batch: readonly Waiting<Item>[]): Promise<void> {
    const going: Promise<void>[] = [];
    for (const waiting of batch) {
      const behind = this.behind.get(this.traffic.streamOf(waiting.item));
      if (!behind) {
        going.push(this.goAlone(waiting));
      } else if (waiting.putBack(this.waitMs)) {
        behind.push(waiting.again());
      }
    }
    await Promise.all(going);
  }

  /** Those of a statement that was refused: one may wait for a lock, too. */
  private async oneByOne(batch: readonly Waiting<Item>[]): Promise<void> {
    for (const waiting of batch) {
      const behind = this.behind.get(this.traffic.streamOf(waiting.item));
      if (!behind && this.aloneCount < MAX_ALONE && !waiting.isLate) {
        await within(PATIENCE_MS, this.goAlone(waiting));
      } else if (waiting.putBack(this.waitMs)) {
        if (behind) {
          behind.push(waiting.again());
        } else {
          this.getStuck(waiting);
        }
      }
    }
    this.sendStuck();
  }

  private getStuck(waiting: Waiting<Item>): void {
    this.behind.set(this.traffic.streamOf(waiting.item), []);
    this.stuck.push(waiting);
  }

  private sendStuck(): void {
    while (this.stuck.length > 0 && this.aloneCount < MAX_ALONE) {
      const waiting = this.stuck.shift()!;
      if (waiting.takeOff()) {
        void this.goAlone(waiting);
      } else {
        this.letGo(waiting);
      }
    }
    if (this.stuck.length > 0) {
      this.retry ??= setTimeout(() => this.retryStuck(), RETRY_STUCK_MS);
    } else {
      clearTimeout(this.retry);
      this.retry = undefined;
    }
  }

  /** Not so many that nobody else has a place in the statement. Those in vain go to the end of the others. */
  private retryStuck(): void {
    this.retry = undefined;
    const some = this.stuck.splice(0, Math.ceil(this.size / 2));
    some.forEach((one) => this.letGo(one, one.again()));
    this.sendStuck();
    this.next();
  }

  /** Where one got what it waited for, the other ones may, too, and together. */
  private async goAlone(waiting: Waiting<Item>): Promise<void> {
    const stream = this.traffic.streamOf(waiting.item);
    this.behind.set(stream, this.behind.get(stream) ?? []);
    this.aloneCount += 1;
    const succeeded = await waiting.goAlone();
    this.aloneCount -= 1;
    this.letGo(waiting);
    if (succeeded) {
      const stuck = this.stuck;
      this.stuck = [];
      stuck.forEach((one) => this.letGo(one, one.again()));
    }
    this.sendStuck();
    this.next();
  }

  /** Those behind it stand in front of the queue again, itself included where it is to be tried again. */
  private letGo({ item }: Waiting<Item>, ...itself: Waiting<Item>[]): void {
    const stream = this.traffic.streamOf(item);
    this.queue.unshift(...itself, ...this.behind.get(stream)!);
    this.behind.delete(stream);
  }
}

/** Ends with the work, or before. */
function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, ms);
    void work.then(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
