import type { WebSocket } from 'ws';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { TokenBucket } from './token-bucket.js';

/** Why this side ends a connection. */
export type Ending = 'unauthorized' | 'forbidden' | 'overCapacity' | 'goingDown' | 'noPong' | 'flooding' | 'binary';

/** A reader that is further behind is closed, so that its app connects again and asks for what it missed. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** The user who opened a socket, and the session that lets it in. */
export interface SocketUser {
  readonly userId: string;
  readonly sessionId: string;
}

/** An open socket of any dialect. Kept small: there are thousands. */
export abstract class Connection {
  /** When the last frame came, by ticks(). */
  lastSeenAt: number;
  wasPinged = false;
  private turn: Promise<void> | undefined;

  /** In whose words it speaks. */
  abstract readonly dialect: string;
  /** Null until it says whose it is. */
  abstract readonly client: Tenant | null;
  /** Whether it has not shown anything signed yet. */
  abstract readonly isAnonymous: boolean;
  /** The session or key that lets it in; null where none has yet. */
  abstract readonly credentialId: string | null;
  /** Null where it is a customer's or a key's. */
  abstract readonly user: SocketUser | null;
  /** More frames than this lets through are a flood. */
  abstract readonly frames: TokenBucket;
  /** The close codes of its dialect. */
  protected abstract readonly codes: Readonly<Record<Ending, number>>;

  constructor(
    private readonly wire: WebSocket,
    /** By ticks(). */
    readonly openedAt: number,
  ) {
    this.lastSeenAt = openedAt;
  }

  get isOpen(): boolean {
    return this.wire.readyState === this.wire.OPEN;
  }

  /** Takes note of a frame. False: it is not to be read, and where it never could be, this ends the connection. */
  accepts(isBinary: boolean, at: number): boolean {
    this.touch(at);
    if (isBinary) {
      this.end('binary', 'Text frames only');
    } else if (!this.frames.take(at)) {
      this.end('flooding', 'Too many frames');
    }
    return this.isOpen;
  }

  touch(at: number): void {
    this.lastSeenAt = at;
    this.wasPinged = false;
  }

  /** Asks whether the peer is still there. */
  abstract ping(): void;

  /** @param onFlushed called once it has left this process, or never will */
  sendFrame(frame: Buffer | string, onFlushed?: () => void): void {
    if (!this.isOpen) {
      onFlushed?.();
      return;
    }
    if (this.wire.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.end('overCapacity', 'Reads too slowly');
      onFlushed?.();
      return;
    }
    this.wire.send(frame, { binary: false }, onFlushed);
  }

  /** Starts the close handshake; nothing is sent after it. */
  end(why: Ending, reason: string): void {
    this.wire.close(this.codes[why], reason);
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
