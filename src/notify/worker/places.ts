/**
 * What is under way in this process: so much in all, and so much of one client, so that whoever is not answered takes no
 * place of others.
 */
export class Places {
  private readonly underWay = new Set<Promise<void>>();
  /** How many are under way of each client that has any. */
  private readonly ofClient = new Map<string, number>();

  constructor(
    private readonly most: number,
    readonly mostOfOne: number,
  ) {}

  get free(): number {
    return this.most - this.underWay.size;
  }

  /** The clients who have as many under way as one may. */
  get full(): string[] {
    return [...this.ofClient].filter(([, count]) => count >= this.mostOfOne).map(([clientId]) => clientId);
  }

  hasRoomFor(clientId: string): boolean {
    return this.free > 0 && (this.ofClient.get(clientId) ?? 0) < this.mostOfOne;
  }

  /** @param work never fails @param left runs when there is room again for one that may wait for it */
  take(clientId: string, work: () => Promise<void>, left: () => void): void {
    this.ofClient.set(clientId, (this.ofClient.get(clientId) ?? 0) + 1);
    const attempt = work().finally(() => {
      const others = this.ofClient.get(clientId)! - 1;
      if (others > 0) {
        this.ofClient.set(clientId, others);
      } else {
        this.ofClient.delete(clientId);
      }
      this.underWay.delete(attempt);
      left();
    });
    this.underWay.add(attempt);
  }

  /** Fulfilled when nothing that is under way now is any more. */
  async ended(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
