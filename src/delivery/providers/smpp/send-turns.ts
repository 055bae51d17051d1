import { setTimeout as sleep } from 'node:timers/promises';
import { ticks } from '../../../platform/common/clock.js';
import { SECOND_MS } from '../../../platform/common/durations.js';

/** Who may send next: so many at once, and so many a second, in the order in which they asked. */
export class SendTurns {
  /** Each is told whether it has a place. */
  private readonly waiting: ((isIn: boolean) => void)[] = [];
  private readonly idlers: (() => void)[] = [];
  private underWay = 0;
  private nextAt = 0;

  /** @param mps null: as many as can */
  constructor(
    private readonly window: number,
    private readonly mps: number | null,
    private readonly stop: AbortSignal,
  ) {
    stop.addEventListener('abort', () => this.waiting.splice(0).forEach((tell) => tell(false)));
  }

  /** Runs `work` in its turn. Null where there was none before the end. */
  async take<T>(work: () => Promise<T>): Promise<T | null> {
    if (!(await this.enter())) {
      return null;
    }
    try {
      await this.pace();
      return this.stop.aborted ? null : await work();
    } finally {
      this.leave();
    }
  }

  /** Fulfilled when nothing is under way. */
  async idle(): Promise<void> {
    while (this.underWay > 0) {
      await new Promise<void>((go) => this.idlers.push(go));
    }
  }

  private async enter(): Promise<boolean> {
    if (this.stop.aborted) {
      return false;
    }
    if (this.underWay >= this.window) {
      return new Promise((tell) => this.waiting.push(tell));
    }
    this.underWay += 1;
    return true;
  }

  /** Whoever waits takes the place of the one that leaves. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) {
      return next(true);
    }
    this.underWay -= 1;
    this.idlers.splice(0).forEach((go) => go());
  }

  private async pace(): Promise<void> {
    if (this.mps === null) {
      return;
    }
    const at = Math.max(ticks(), this.nextAt);
    this.nextAt = at + SECOND_MS / this.mps;
    const wait = at - ticks();
    if (wait > 0) {
      await sleep(wait, undefined, { signal: this.stop }).catch(() => undefined);
    }
  }
}
