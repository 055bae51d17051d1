import { LRUCache } from 'lru-cache';

/** Milliseconds. What ends elsewhere must be over everywhere within five seconds; the rest is for the look-up itself. */
const TTL_MS = 4_000;
/** Milliseconds for which it does not look at the clock again; by default it sets a timer in every one. */
const TTL_RESOLUTION_MS = 100;
const MAX_KEPT = 10_000;

/** What requests ask for again and again, for a few seconds. What is not there is looked up each time. */
export class ShortMemory<Found extends object> {
  private readonly kept = new LRUCache<string, Found>({
    max: MAX_KEPT,
    ttl: TTL_MS,
    ttlResolution: TTL_RESOLUTION_MS,
  });
  private timesForgotten = 0;

  async find<Answer extends Found | null>(name: string, look: () => Promise<Answer>): Promise<Answer | Found> {
    const known = this.kept.get(name);
    if (known) {
      return known;
    }
    const before = this.timesForgotten;
    const found = await look();
    // What changed during the look-up may have been found as it was.
    if (found !== null && before === this.timesForgotten) {
      this.kept.set(name, found);
    }
    return found;
  }

  /** To be called after a change; other processes learn it from their next look-up. */
  forget(): void {
    this.timesForgotten += 1;
    this.kept.clear();
  }
}
