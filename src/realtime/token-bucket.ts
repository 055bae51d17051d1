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
    const since = at - (this.filledAt ?? at);
    this.filledAt = at;
    this.tokens = Math.min(this.burst, this.tokens + (since / 1000) * this.perSecond);
    if (this.tokens < 1) {
      return false;
    }
    this.tokens -= 1;
    return true;
  }
}
