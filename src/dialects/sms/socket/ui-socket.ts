import type { WebSocket } from 'ws';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Connection, type SocketUser } from '../../../notify/realtime/connection.js';
import { TokenBucket } from '../../../notify/realtime/token-bucket.js';

/** Why a socket is closed; 41xx: come back after a while, 42xx: at once, as in Pusher's protocol. */
export const CLOSE = {
  unauthorized: 4401,
  forbidden: 4403,
  tooLate: 4408,
  overCapacity: 4100,
  flooding: 4100,
  goingDown: 4200,
  noPong: 4201,
  malformed: 1008,
  binary: 1003,
} as const;

/** A page subscribes once, and then at most says that it is still there. */
const FRAMES = { burst: 10, perSecond: 10 };
/** Held back while a page is told what it missed; past this the socket is closed, and goes on from where it was. */
const MAX_HELD = 2_000;

interface Held {
  readonly id: string;
  readonly frame: string;
}

/** Where a socket comes from. */
export interface Opener {
  readonly ip: string | undefined;
  /** What the handshake said; null: the first frame says it. */
  readonly token: string | null;
  /** The page, where it is none of those where users work: it has to be one of the workspace's own. */
  readonly origin: string | undefined;
}

/** The page of a user, in one workspace. */
export class UiSocket extends Connection {
  readonly dialect = 'workspaces';
  readonly frames = new TokenBucket(FRAMES.burst, FRAMES.perSecond);
  /** It has five seconds to subscribe, which closes it by another code. */
  readonly isAnonymous = false;
  readonly credentialId = null;
  client: Tenant | null = null;
  user: SocketUser | null = null;
  protected readonly codes = CLOSE;
  private held: Held[] | null = null;

  constructor(
    readonly opener: Opener,
    private readonly peer: WebSocket,
    at: number,
  ) {
    super(peer, at);
  }

  ping(): void {
    this.peer.ping();
  }

  /** For what only this dialect closes for. */
  close(why: 'tooLate' | 'malformed', reason: string): void {
    this.peer.close(CLOSE[why], reason);
  }

  say(frame: object): void {
    this.sendFrame(JSON.stringify(frame));
  }

  /** What happened, once it is its turn. @param id of the event */
  tell(id: string, frame: string): void {
    if (!this.held) {
      this.sendFrame(frame);
    } else if (this.held.length < MAX_HELD) {
      this.held.push({ id, frame });
    } else {
      this.end('overCapacity', 'Please catch up');
    }
  }

  /** Holds back what happens from now on until `release`, so that what was missed comes first. */
  hold(): void {
    this.held = [];
  }

  /** @param told the events that were told meanwhile */
  release(told: ReadonlySet<string>): void {
    const held = this.held ?? [];
    this.held = null;
    held.filter(({ id }) => !told.has(id)).forEach(({ frame }) => this.sendFrame(frame));
  }

  /** Resolves when it has left this process, so that who has much to read is not told more than it reads. */
  send(frame: string): Promise<void> {
    return new Promise((resolve) => this.sendFrame(frame, () => resolve()));
  }
}
