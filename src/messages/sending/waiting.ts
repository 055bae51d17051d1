import { databaseAway } from '../../platform/database/database-failure.js';

/** One in a lane, from its coming to its answer. */
export class Waiting<Item> {
  readonly end: Promise<unknown>;
  /** How often it was tried with others in vain. */
  rounds = 0;
  /** Its time to wait is over: once a statement that may have sent it has not, it is refused. */
  isLate = false;
  private isUnderWay = false;
  private hasEnded = false;
  private timer: NodeJS.Timeout | undefined;
  private resolve!: (end: unknown) => void;
  private reject!: (error: unknown) => void;

  constructor(
    readonly item: Item,
    private readonly alone: () => Promise<unknown>,
  ) {
    this.end = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  get wasPutBack(): boolean {
    return this.rounds > 0;
  }

  /** Who goes at once needs no timer. */
  waitAtMost(ms: number): void {
    if (!this.isUnderWay && !this.hasEnded) {
      this.timer ??= setTimeout(() => this.giveUp(), ms);
    }
  }

  /** False where it has been answered: it waited too long. */
  takeOff(): boolean {
    this.isUnderWay = !this.hasEnded;
    return this.isUnderWay;
  }

  /** False where there is no time left. */
  putBack(waitMs: number): boolean {
    this.rounds += 1;
    this.isUnderWay = false;
    if (this.isLate) {
      this.giveUp();
    }
    this.waitAtMost(waitMs);
    return !this.hasEnded;
  }

  /** As if it had just come. */
  again(): this {
    this.rounds = 0;
    return this;
  }

  /** @returns whether it succeeded */
  async goAlone(): Promise<boolean> {
    try {
      this.succeed(await this.alone());
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  succeed(end: unknown): void {
    this.close();
    this.resolve(end);
  }

  fail(error: unknown): void {
    this.close();
    this.reject(error);
  }

  private giveUp(): void {
    this.isLate = true;
    if (!this.isUnderWay) {
      this.fail(databaseAway());
    }
  }

  private close(): void {
    this.hasEnded = true;
    clearTimeout(this.timer);
  }
}
