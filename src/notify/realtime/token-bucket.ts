/** Lets so many through at once, and so many a second in the long run. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number | undefined;

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
  ) {
    this.tokens = burst;
  }

  /** Whether one more may pass at this moment (ticks()). */
  take(at: number): boolean {
    this.fill(at);
    if (this.tokens < 1) {
      return false;
    }
    this.tokens -= 1;
    return true;
  }

  /** Milliseconds from this moment until one more may pass. */
  waitMs(at: number): number {
    this.fill(at);
    return Math.max(0, Math.ceil(((1 - this.tokens) / this.perSecond) * 1000));
  }

  private fill(at: number): void {
    const since = at - (this.filledAt ?? at);
    this.filledAt = at;
    this.tokens = Math.min(this.burst, this.tokens + (since / 1000) * this.perSecond);
  }
}
