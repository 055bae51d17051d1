/** Rings within this process, for whoever wants to look at once instead of at the next poll. Carries no news itself. */
export class CommitNotifier {
  private readonly listeners = new Set<() => void>();

  /** Answers how to stop listening. */
  onNotify(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  notify(): void {
    this.listeners.forEach((listener) => listener());
  }
}
