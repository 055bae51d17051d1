import { jobs, jobsUnderWay } from '../../platform/common/metrics.js';

/**
 * Bounds the work under way in this process, in all and for each client, so that a client whose receiver does not answer
 * holds up nobody else.
 */
export class WorkSlots {
  private readonly underWay = new Set<Promise<void>>();
  /** How many are under way of each client that has any. */
  private readonly ofClient = new Map<string, number>();

  /** What its jobs are counted as. */
  private queue = 'other';

  constructor(
    private readonly most: number,
    readonly mostOfOne: number,
  ) {}

  countAs(queue: string): void {
    this.queue = queue;
  }

  get free(): number {
    return this.most - this.underWay.size;
  }

  /** The clients that have as many under way as they may. */
  get full(): string[] {
    return [...this.ofClient].filter(([, count]) => count >= this.mostOfOne).map(([clientId]) => clientId);
  }

  hasRoomFor(clientId: string): boolean {
    return this.free > 0 && (this.ofClient.get(clientId) ?? 0) < this.mostOfOne;
  }

  /** @param work never rejects @param left runs when the slot is free again */
  take(clientId: string, work: () => Promise<void>, left: () => void): void {
    this.ofClient.set(clientId, (this.ofClient.get(clientId) ?? 0) + 1);
    const { queue } = this;
    jobs.inc({ queue });
    jobsUnderWay.inc({ queue });
    const running = work().finally(() => {
      jobsUnderWay.dec({ queue });
      const others = this.ofClient.get(clientId)! - 1;
      if (others > 0) {
        this.ofClient.set(clientId, others);
      } else {
        this.ofClient.delete(clientId);
      }
      this.underWay.delete(running);
      left();
    });
    this.underWay.add(running);
  }

  /** Fulfilled when all that is under way now has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
