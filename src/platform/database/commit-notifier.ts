/** Tells listeners in this process that an event was committed, so that they need not wait for their next poll. */
export class CommitNotifier {
  private readonly listeners = new Set<() => void>();

  /** @returns a function that stops listening */
  onNotify(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  notify(): void {
    this.listeners.forEach((listener) => listener());
  }
}
