/** Lets a few things happen at once, and a bounded number wait for their turn. */
export class Turns {
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param full makes the refusal of whoever finds no place to wait */
  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
    private readonly full: () => Error,
  ) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.underWay < this.atOnce) {
      this.underWay += 1;
    } else if (this.waiting.length < this.mostWaiting) {
      // Whoever ends hands its place over.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      throw this.full();
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.underWay -= 1;
      }
    }
  }
}
