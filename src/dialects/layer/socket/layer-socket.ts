import type { WebSocket } from 'ws';
import { now } from '../../../platform/common/clock.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Connection } from '../../../notify/realtime/connection.js';
import { TokenBucket } from '../../../notify/realtime/token-bucket.js';
import type { PacketBody } from './packet-body.js';

/** RFC 6455. Layer's SDKs connect again after any of them, once they have a valid session. */
const CODES = {
  unauthorized: 1008,
  forbidden: 1008,
  overCapacity: 1013,
  goingDown: 1001,
  noPong: 1001,
  flooding: 1008,
  binary: 1003,
} as const;

/** An app that opens asks for everything at once; afterwards 20 frames a second are plenty. */
const FRAMES = { burst: 300, perSecond: 20 };
const SIGNALS = { burst: 10, perSecond: 10 };
/** Requests that wait for their turn; past this the socket is not read, so that the sender has to wait. */
const MAX_WAITING_BYTES = 512 * 1024;
/** Held back during a replay; past this the socket is closed, and its app starts over. */
const MAX_HELD_PACKETS = 2_000;

export type PacketType = 'change' | 'operation' | 'response' | 'signal';

interface Held {
  readonly type: PacketType;
  readonly body: PacketBody;
  readonly seq: number;
}

/** The customer of a socket, and the session that opened it. */
export interface Visitor {
  readonly client: Tenant;
  readonly customerId: string;
  readonly sessionId: string;
  /** Where the reader sees this dialect mounted: `https://host/layer`. */
  readonly base: string;
}

/** A connection that speaks Layer's protocol, always on behalf of one customer. */
export class LayerSocket extends Connection {
  readonly dialect = 'layer';
  readonly client: Tenant;
  readonly customerId: string;
  readonly base: string;
  readonly credentialId: string;
  readonly user = null;
  readonly isAnonymous = false;
  readonly frames = new TokenBucket(FRAMES.burst, FRAMES.perSecond);
  readonly signals = new TokenBucket(SIGNALS.burst, SIGNALS.perSecond);
  isSubscribedToPresence = false;
  protected readonly codes = CODES;
  private nextCounter = 0;
  private waiting = 0;
  private held: Held[] | null = null;
  private alreadySent: ReadonlySet<number> = new Set();

  /** @param watermark all that was committed before this moment has been sent; Event.replay begins there */
  constructor(
    { client, customerId, sessionId, base }: Visitor,
    private readonly peer: WebSocket,
    private readonly watermark: () => Date,
    at: number,
  ) {
    super(peer, at);
    this.client = client;
    this.customerId = customerId;
    this.credentialId = sessionId;
    this.base = base;
  }

  /** The number of the last packet sent. */
  get counter(): number {
    return Math.max(0, this.nextCounter - 1);
  }

  ping(): void {
    this.peer.ping();
  }

  /** @param seq of the event, where one is the cause */
  send(type: PacketType, body: PacketBody, seq: number | null = null): void {
    if (seq === null) {
      this.sendPacket(type, body);
    } else if (!this.held) {
      if (!this.alreadySent.has(seq)) {
        this.sendPacket(type, body);
      }
    } else if (this.held.length < MAX_HELD_PACKETS) {
      this.held.push({ type, body, seq });
    } else {
      this.end('overCapacity', 'Please catch up');
    }
  }

  /** Holds back what events cause until `release`, so that a replay comes first. */
  hold(): void {
    this.held ??= [];
  }

  /**
   * @param alreadySent the events that were told meanwhile, and may yet come from the feed; those of before have come
   */
  release(alreadySent: ReadonlySet<number> = new Set()): void {
    const held = this.held ?? [];
    this.held = null;
    this.alreadySent = alreadySent;
    held.forEach(({ type, body, seq }) => this.send(type, body, seq));
  }

  /** Answers a request of so many bytes, in its turn. */
  async handle(bytes: number, work: () => Promise<void>): Promise<void> {
    this.waiting += bytes;
    if (this.waiting > MAX_WAITING_BYTES) {
      this.peer.pause();
    }
    try {
      await this.inTurn(work);
    } finally {
      this.waiting -= bytes;
      if (this.waiting <= MAX_WAITING_BYTES && this.peer.isPaused) {
        this.peer.resume();
      }
    }
  }

  /** At once, even while others are held back: this is what a replay sends by. */
  sendPacket(type: PacketType, body: PacketBody): void {
    const at = new Date(Math.min(this.watermark().getTime(), now().getTime())).toISOString();
    this.sendFrame(
      `{"type":"${type}","timestamp":"${at}","counter":${this.nextCounter},"body":${body.jsonFor(this.base)}}`,
    );
    this.nextCounter += 1;
  }
}
