/**
 * Processes send each other hints of what to read again; only client events and typing carry data, as they are stored
 * nowhere.
 */
export type Signal =
  /** There are new events. */
  | { readonly kind: 'events' }
  /** The members present in this channel have changed. */
  | { readonly kind: 'presence'; readonly clientId: string; readonly channelId: string }
  /** For the subscribers of `channel`, by its name on sockets. */
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
  /** These customers have opened or closed a socket, or changed their status. */
  | { readonly kind: 'presence_status'; readonly clientId: string; readonly customerIds: readonly string[] }
  /** A session, key or client may have been revoked. */
  | { readonly kind: 'sessions' };

/**
 * Broadcasts to the other processes. A signal may get lost, so whoever relies on one also polls.
 */
export abstract class Bus {
  /** Returns at once and never throws. */
  abstract send(signal: Signal): void;
  /** @returns a function that stops listening */
  abstract onSignal(listener: (signal: Signal) => void): () => void;
}

/** For a process with a PostgreSQL of its own: there are no others. */
export class MemoryBus extends Bus {
  send(): void {}

  onSignal(): () => void {
    return () => undefined;
  }
}
