import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks, whether or not somebody called. */
const EVERY = 1_000;
/** Milliseconds between two looks where somebody calls all the time. */
const PAUSE = 25;

/** Looks for what there is to do: whenever it is called, and once a second; one look at a time. */
export class Sweep {
  private sweeping: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private again = false;
  private ended = false;

  /** @param look never fails */
  constructor(private readonly look: () => Promise<void>) {}

  start(): void {
    this.timer = setInterval(() => this.call(), EVERY);
  }

  /** Whoever calls during a look gets another. */
  call(): void {
    this.again = true;
    this.sweeping ??= this.keepSweeping().finally(() => {
      this.sweeping = undefined;
    });
  }

  /** Fulfilled when the look under way is over; there is no other. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    this.ended = true;
    await this.sweeping;
  }

  private async keepSweeping(): Promise<void> {
    while (this.again && !this.ended) {
      this.again = false;
      await this.look();
      await sleep(PAUSE);
    }
  }
}
