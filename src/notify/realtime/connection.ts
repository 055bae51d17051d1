import type { WebSocket } from 'ws';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { TokenBucket } from './token-bucket.js';

/** Why this side ends a connection. */
export type Ending = 'unauthorized' | 'overCapacity' | 'goingDown' | 'noPong' | 'flooding' | 'binary';

/** Bytes that may wait for a reader. Who is further behind than this starts anew, and catches up. */
const MAX_BUFFERED = 1024 * 1024;

/** One open socket, of whichever dialect. It holds little: there are thousands. */
export abstract class Connection {
  /** When it last said something, by ticks(). */
  heardAt: number;
  wasPinged = false;
  private turn: Promise<void> | undefined;

  abstract readonly client: Tenant;
  /** Whether it has yet to show anything that was signed for it. */
  abstract readonly isAnonymous: boolean;
  /** The session or key that lets it in; null where nothing did so far. */
  abstract readonly credentialId: string | null;
  /** Who sends more frames than this lets through floods. */
  abstract readonly frames: TokenBucket;
  /** The codes of its dialect. */
  protected abstract readonly codes: Readonly<Record<Ending, number>>;

  constructor(
    private readonly wire: WebSocket,
    /** By ticks(). */
    readonly openedAt: number,
  ) {
    this.heardAt = openedAt;
  }

  get isOpen(): boolean {
    return this.wire.readyState === this.wire.OPEN;
  }

  /** Takes note of a frame. False: it is not to be read, and where it never could be, this ends the connection. */
  accepts(isBinary: boolean, at: number): boolean {
    this.heard(at);
    if (isBinary) {
      this.end('binary', 'Text frames only');
    } else if (!this.frames.take(at)) {
      this.end('flooding', 'Too many frames');
    }
    return this.isOpen;
  }

  heard(at: number): void {
    this.heardAt = at;
    this.wasPinged = false;
  }

  /** Asks whether the peer is still there. */
  abstract ping(): void;

  sendFrame(frame: Buffer | string): void {
    if (!this.isOpen) {
      return;
    }
    if (this.wire.bufferedAmount > MAX_BUFFERED) {
      this.end('overCapacity', 'Reads too slowly');
      return;
    }
    this.wire.send(frame, { binary: false });
  }

  /** Nothing is sent any more; a peer that does not answer is hung up on. */
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
