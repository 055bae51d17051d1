import { ticks } from './platform/common/clock.js';

/** npm passes on, within a few of these, a Ctrl-C that the terminal has sent us already. */
const ECHO_MS = 150;

/** SIGTERM and Ctrl-C: the first asks for the end, the second is told to wait, the third is the end. */
export class StopSignals {
  /** Fulfilled by the first. */
  readonly asked: Promise<void>;
  private times = 0;
  private last = -ECHO_MS;
  private ask!: () => void;
  private readonly lastWishes: (() => void)[] = [];

  constructor() {
    this.asked = new Promise((resolve) => (this.ask = resolve));
    process.on('SIGTERM', () => this.hear(15)).on('SIGINT', () => this.hear(2));
  }

  get isAsked(): boolean {
    return this.times > 0;
  }

  /** @param wish what is still done, at once, before a forced end */
  onForce(wish: () => void): void {
    this.lastWishes.push(wish);
  }

  private hear(signal: number): void {
    const sinceLast = ticks() - this.last;
    this.last += sinceLast;
    if (sinceLast < ECHO_MS) {
      return;
    }
    this.times += 1;
    if (this.times === 1) {
      this.ask();
    } else if (this.times === 2) {
      process.stderr.write('Parlance is stopping; the next signal ends it at once.\n');
    } else {
      this.lastWishes.forEach((wish) => wish());
      process.exit(128 + signal);
    }
  }
}
