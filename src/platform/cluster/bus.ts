/** What processes tell each other. It says where to look, not what happened; only client events and typing are kept nowhere else. */
export type Signal =
  /** There are new events. */
  | { readonly kind: 'events' }
  /** Who is present in this channel has changed. */
  | { readonly kind: 'presence'; readonly clientId: string; readonly channelId: string }
  /** For the subscribers of a channel: `channel` is its name as they know it. */
  | {
      readonly kind: 'client_event';
      readonly clientId: string;
      readonly channel: string;
      readonly event: string;
      readonly data: unknown;
      readonly userId: string | null;
    }
  /** Somebody is typing in a channel, or no longer. */
  | {
      readonly kind: 'typing';
      readonly clientId: string;
      readonly channelId: string;
      readonly customerId: string;
      readonly action: 'started' | 'paused' | 'finished';
    }
  /** These customers have opened or closed a socket, or say something else of themselves. */
  | { readonly kind: 'presence_status'; readonly clientId: string; readonly customerIds: readonly string[] }
  /** Who was let in may have lost its leave. */
  | { readonly kind: 'sessions' };

/**
 * Broadcasts to the other processes. A signal may get lost: whoever needs what it tells of looks by itself now and then.
 */
export abstract class Bus {
  /** Returns at once and never throws. */
  abstract send(signal: Signal): void;
  /** Answers how to stop listening. */
  abstract onSignal(listener: (signal: Signal) => void): () => void;
}

/** With a PostgreSQL of its own a process is alone. */
export class MemoryBus extends Bus {
  send(): void {}

  onSignal(): () => void {
    return () => undefined;
  }
}
