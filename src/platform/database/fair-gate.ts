import { databaseAway } from './database-failure.js';

/** The holder without a share: this server's own work, and the look-ups that identify a caller. */
export const HOUSE = '';

interface Waiter {
  readonly admit: () => void;
}

/**
 * Stands before the pool, so that no client can have it to itself. While others wait, a client holds at most half of
 * it, and they take turns; alone it may take all but the eighth that the next to come finds free. Where nobody has to
 * wait, it counts and nothing more.
 */
export class FairGate {
  private inUse = 0;
  private isAdmitting = false;
  private readonly held = new Map<string, number>();
  /** By holder; the one whose turn is next comes first. */
  private readonly queues = new Map<string, Set<Waiter>>();

  /** @param waitMs after which a waiter is refused */
  constructor(
    private readonly size: number,
    private readonly waitMs: number,
  ) {}

  get waiting(): number {
    return [...this.queues.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Takes a place, which has to be given back by `leave`.
   * @returns undefined where there was one at once. @throws Refusal 503
   */
  enter(who: string): Promise<void> | undefined {
    if (!this.queues.has(who) && this.hasRoomFor(who)) {
      this.take(who);
      return undefined;
    }
    return this.wait(who);
  }

  leave(who: string): void {
    this.inUse -= 1;
    const left = this.held.get(who)! - 1;
    if (left === 0) {
      this.held.delete(who);
    } else {
      this.held.set(who, left);
    }
    this.admitWaiting();
  }

  private take(who: string): void {
    this.inUse += 1;
    this.held.set(who, (this.held.get(who) ?? 0) + 1);
  }

  private hasRoomFor(who: string): boolean {
    return this.inUse < this.size && (this.held.get(who) ?? 0) < this.shareOf(who);
  }

  /** Of two who wait, one has less than its half wherever a place is free: none stays empty. */
  private shareOf(who: string): number {
    if (who === HOUSE) {
      return this.size;
    }
    const half = Math.ceil(this.size / 2);
    const othersWait = this.queues.size > (this.queues.has(who) ? 1 : 0);
    return othersWait ? half : Math.max(half, this.size - Math.ceil(this.size / 8));
  }

  private wait(who: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.remove(who, waiter);
        reject(databaseAway());
        this.admitWaiting();
      }, this.waitMs);
      const waiter: Waiter = {
        admit: () => {
          clearTimeout(late);
          resolve();
        },
      };
      const queue = this.queues.get(who);
      if (queue) {
        queue.add(waiter);
      } else {
        this.queues.set(who, new Set([waiter]));
      }
    });
  }

  /** One in each turn of the event loop: what others sent meanwhile is read before the next of a long queue goes on. */
  private admitWaiting(): void {
    if (this.isAdmitting || this.queues.size === 0) {
      return;
    }
    this.isAdmitting = true;
    setImmediate(() => {
      this.isAdmitting = false;
      if (this.admitOne()) {
        this.admitWaiting();
      }
    });
  }

  private admitOne(): boolean {
    const who = this.next();
    if (who === undefined) {
      return false;
    }
    const queue = this.queues.get(who)!;
    const [waiter] = queue;
    this.remove(who, waiter!);
    if (queue.size > 0) {
      // Behind all others.
      this.queues.delete(who);
      this.queues.set(who, queue);
    }
    this.take(who);
    waiter!.admit();
    return true;
  }

  private next(): string | undefined {
    return this.inUse < this.size ? [...this.queues.keys()].find((who) => this.hasRoomFor(who)) : undefined;
  }

  private remove(who: string, waiter: Waiter): void {
    const queue = this.queues.get(who)!;
    queue.delete(waiter);
    if (queue.size === 0) {
      this.queues.delete(who);
    }
  }
}
