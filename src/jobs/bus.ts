/** STAND-IN: the real one replaces it at the merge. */
export type Signal =
  | { readonly kind: 'events' }
  | { readonly kind: 'presence'; readonly clientId: string; readonly channelId: string }
  | {
      readonly kind: 'client_event';
      readonly clientId: string;
      readonly channel: string;
      readonly event: string;
      readonly data: unknown;
      readonly userId: string | null;
    }
  | { readonly kind: 'sessions' };

/** Broadcasts to the OTHER processes. May lose. */
export abstract class Bus {
  abstract send(signal: Signal): void;
  abstract onSignal(listener: (signal: Signal) => void): () => void;
}

/** One process: nobody else to tell. */
export class NoBus extends Bus {
  readonly listeners = new Set<(signal: Signal) => void>();

  send(): void {}

  onSignal(listener: (signal: Signal) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
