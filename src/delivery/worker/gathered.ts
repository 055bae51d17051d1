/** One call at a time: who finds none under way goes at once, and what comes meanwhile goes together in the next. */
export class Gathered<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private isUnderWay = false;

  /**
   * @param work answers a result for each item, in their order
   * @param whenIdle called whenever nothing is under way any more
   */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly whenIdle: () => void,
  ) {}

  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isUnderWay) {
        void this.run();
      }
    });
  }

  private async run(): Promise<void> {
    this.isUnderWay = true;
    while (this.waiting.length > 0) {
      const those = this.waiting;
      this.waiting = [];
      try {
        const results = await this.work(those.map(({ item }) => item));
        those.forEach(({ resolve }, at) => resolve(results[at]!));
      } catch (error) {
        those.forEach(({ reject }) => reject(error as Error));
      }
    }
    this.isUnderWay = false;
    this.whenIdle();
  }
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}
