import { setTimeout as sleep } from 'node:timers/promises';

/** Whether or not somebody called. */
const SWEEP_EVERY_MS = 1_000;
/** However often it is called. */
const MIN_INTERVAL_MS = 25;

/** Looks for what there is to do: whenever it is called, and once a second; one look at a time. */
export class Sweep {
  private sweeping: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private again = false;
  private ended = false;

  /** @param look never fails */
  constructor(private readonly look: () => Promise<void>) {}

  /** One that has ended begins no more: a stop may come while whoever starts it waits for something. */
  start(): void {
    if (!this.ended) {
      this.timer = setInterval(() => this.call(), SWEEP_EVERY_MS);
    }
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
      await sleep(MIN_INTERVAL_MS);
    }
  }
}
