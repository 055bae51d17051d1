import type { WebSocket } from 'ws';
import type { KnownClient } from '../clients/clients.service.js';
import type { ChannelName } from './channel-name.js';
import { TokenBucket } from './token-bucket.js';

/** Why a socket is closed, and whether to come back: 40xx never, 41xx after a while, 42xx at once (Pusher's protocol). */
export const CLOSE = {
  unknownKey: 4001,
  malformedVersion: 4006,
  unsupportedVersion: 4007,
  missingVersion: 4008,
  unauthorized: 4009,
  overCapacity: 4100,
  goingDown: 4200,
  noPong: 4201,
  tooFast: 4301,
  binary: 1003,
} as const;

/** Bytes that may wait for a reader. Who is further behind than this starts anew, and catches up by GET. */
const MAX_BUFFERED = 1024 * 1024;
/** A page that opens subscribes to all its channels at once; afterwards 20 frames a second are plenty. */
const FRAMES = { burst: 300, perSecond: 20 };
const CLIENT_EVENTS = { burst: 10, perSecond: 10 };

/** By whose leave a socket subscribes. */
export interface Owner {
  readonly sessionId: string | null;
  readonly customerId: string | null;
  readonly apiKeyId: string | null;
}

/** One connection. It holds little: there are thousands. */
export class Socket {
  readonly subscriptions = new Map<string, ChannelName>();
  readonly frames = new TokenBucket(FRAMES.burst, FRAMES.perSecond);
  readonly clientEvents = new TokenBucket(CLIENT_EVENTS.burst, CLIENT_EVENTS.perSecond);
  /** Known once it subscribes. */
  owner: Owner | null = null;
  /** When it last said something, by ticks(). */
  heardAt: number;
  wasPinged = false;
  private turn: Promise<void> | undefined;

  constructor(
    readonly id: string,
    readonly client: KnownClient,
    private readonly wire: WebSocket,
    at: number,
  ) {
    this.heardAt = at;
  }

  get isOpen(): boolean {
    return this.wire.readyState === this.wire.OPEN;
  }

  heard(at: number): void {
    this.heardAt = at;
    this.wasPinged = false;
  }

  send(frame: Buffer | string): void {
    if (!this.isOpen) {
      return;
    }
    if (this.wire.bufferedAmount > MAX_BUFFERED) {
      this.close(CLOSE.overCapacity, 'Reads too slowly');
      return;
    }
    this.wire.send(frame, { binary: false });
  }

  /** Tells this socket alone. */
  tell(event: string, data: unknown, channel?: string): void {
    this.send(JSON.stringify({ event, channel, data }));
  }

  complain(message: string, code: number | null = null): void {
    this.tell('pusher:error', { message, code });
  }

  /** Nothing is sent any more; a peer that does not answer is hung up on. */
  close(code: number, reason: string): void {
    this.wire.close(code, reason);
  }

  terminate(): void {
    this.wire.terminate();
  }

  /** One after another, in the order they were asked for. */
  inTurn(work: () => Promise<void> | void): Promise<void> {
    const result = (this.turn ?? Promise.resolve()).then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}
