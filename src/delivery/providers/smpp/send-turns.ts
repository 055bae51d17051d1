import { ticks } from '../../../platform/common/clock.js';
import { SECOND_MS } from '../../../platform/common/durations.js';

/** As late as a timer may be without a turn being lost. */
const TIMER_MS = 20;

/** Is told whether it has its turn. */
type Waiting = (hasTurn: boolean) => void;

/**
 * Who may send next: so many messages at once, and so many parts of them a second, in the order in which they asked. What has
 * begun goes before what has not, so that a message in parts is not held up within.
 */
export class SendTurns {
  private readonly toBegin: Waiting[] = [];
  private readonly toGoOn: Waiting[] = [];
  private readonly idlers: (() => void)[] = [];
  private underWay = 0;
  private nextAt = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param mps null: as many as can */
  constructor(
    private readonly window: number,
    private readonly mps: number | null,
    private readonly stop: AbortSignal,
  ) {
    stop.addEventListener('abort', () => {
      clearTimeout(this.timer);
      [...this.toGoOn.splice(0), ...this.toBegin.splice(0)].forEach((tell) => tell(false));
    });
  }

  /** Those that wait to begin. */
  get waiting(): number {
    return this.toBegin.length;
  }

  /** Whether a message has its place, and its first part may go: whoever has it ends it. False after `patienceMs`, or at the end. */
  async begin(patienceMs: number): Promise<boolean> {
    if (this.stop.aborted) {
      return false;
    }
    return new Promise((resolve) => {
      const tell = (hasTurn: boolean): void => {
        clearTimeout(patience);
        resolve(hasTurn);
      };
      const patience = setTimeout(() => {
        this.toBegin.splice(this.toBegin.indexOf(tell), 1);
        tell(false);
      }, patienceMs);
      this.toBegin.push(tell);
      this.grant();
    });
  }

  /** Whether the next part of a message that has its place may go. False at the end. */
  async goOn(): Promise<boolean> {
    if (this.stop.aborted) {
      return false;
    }
    return new Promise((resolve) => {
      this.toGoOn.push(resolve);
      this.grant();
    });
  }

  end(): void {
    this.underWay -= 1;
    this.idlers.splice(0).forEach((go) => go());
    this.grant();
  }

  /** Fulfilled when nothing is under way. */
  async idle(): Promise<void> {
    while (this.underWay > 0) {
      await new Promise<void>((go) => this.idlers.push(go));
    }
  }

  private grant(): void {
    clearTimeout(this.timer);
    for (let tell = this.first(); tell; tell = this.first()) {
      tell(true);
    }
  }

  /** Null where there is none, or not yet. */
  private first(): Waiting | null {
    const queue = this.toGoOn.length > 0 ? this.toGoOn : this.underWay < this.window ? this.toBegin : [];
    if (queue.length === 0) {
      return null;
    }
    const now = ticks();
    if (this.mps !== null && this.nextAt > now) {
      this.timer = setTimeout(() => this.grant(), this.nextAt - now);
      return null;
    }
    const since = now - this.nextAt <= TIMER_MS ? this.nextAt : now;
    this.nextAt = since + (this.mps === null ? 0 : SECOND_MS / this.mps);
    this.underWay += queue === this.toBegin ? 1 : 0;
    return queue.shift()!;
  }
}
