import type { WebSocket } from 'ws';
import { now } from '../../../platform/common/clock.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Connection } from '../../../notify/realtime/connection.js';
import { TokenBucket } from '../../../notify/realtime/token-bucket.js';
import type { PacketBody } from './packet-body.js';

/** RFC 6455: Layer's own SDKs come back after any of them, and ask first whether they may. */
const CODES = {
  unauthorized: 1008,
  overCapacity: 1013,
  goingDown: 1001,
  noPong: 1001,
  flooding: 1008,
  binary: 1003,
} as const;

/** An app that opens asks for everything at once; afterwards 20 frames a second are plenty. */
const FRAMES = { burst: 300, perSecond: 20 };
const SIGNALS = { burst: 10, perSecond: 10 };
/** Bytes of requests that may wait their turn; what comes meanwhile stays with whoever sends it. */
const MAX_WAITING = 512 * 1024;
/** Packets that may be held back; who is told more while it catches up starts anew. */
const MAX_HELD = 2_000;

export type PacketType = 'change' | 'operation' | 'response' | 'signal';

interface Held {
  readonly type: PacketType;
  readonly body: PacketBody;
  readonly seq: number;
}

/** Who is at a socket, and by which session. */
export interface Visitor {
  readonly client: Tenant;
  readonly customerId: string;
  readonly sessionId: string;
  /** Where this dialect is mounted, as this socket sees it: `https://host/layer`. */
  readonly base: string;
}

/** A connection that speaks Layer's protocol, always on behalf of one customer. */
export class LayerSocket extends Connection {
  readonly client: Tenant;
  readonly customerId: string;
  readonly base: string;
  readonly credentialId: string;
  readonly isAnonymous = false;
  readonly frames = new TokenBucket(FRAMES.burst, FRAMES.perSecond);
  readonly signals = new TokenBucket(SIGNALS.burst, SIGNALS.perSecond);
  isSubscribedToPresence = false;
  protected readonly codes = CODES;
  private nextCounter = 0;
  private waiting = 0;
  private held: Held[] | null = null;
  private told: ReadonlySet<number> = new Set();

  /** @param watermark all that was committed before this moment has been told; Event.replay begins there */
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

  /** The number of the last packet that was sent. */
  get counter(): number {
    return Math.max(0, this.nextCounter - 1);
  }

  ping(): void {
    this.peer.ping();
  }

  /** @param seq of the event that this tells of */
  send(type: PacketType, body: PacketBody, seq: number | null = null): void {
    if (seq === null) {
      this.sendPacket(type, body);
    } else if (!this.held) {
      if (!this.told.has(seq)) {
        this.sendPacket(type, body);
      }
    } else if (this.held.length < MAX_HELD) {
      this.held.push({ type, body, seq });
    } else {
      this.end('overCapacity', 'Please catch up');
    }
  }

  /** Keeps back what events tell until `release`: first comes what came before. */
  hold(): void {
    this.held ??= [];
  }

  /** @param told the events that were told meanwhile, and may yet come from the feed; those of before have come */
  release(told: ReadonlySet<number> = new Set()): void {
    const held = this.held ?? [];
    this.held = null;
    this.told = told;
    held.forEach(({ type, body, seq }) => this.send(type, body, seq));
  }

  /** Does what a frame of so many bytes asks for, in its turn. Until then it takes up memory, so only so much may wait. */
  async handle(bytes: number, work: () => Promise<void>): Promise<void> {
    this.waiting += bytes;
    if (this.waiting > MAX_WAITING) {
      this.peer.pause();
    }
    try {
      await this.inTurn(work);
    } finally {
      this.waiting -= bytes;
      if (this.waiting <= MAX_WAITING && this.peer.isPaused) {
        this.peer.resume();
      }
    }
  }

  /** Whatever holds back: a replay tells as it goes. */
  sendPacket(type: PacketType, body: PacketBody): void {
    const at = new Date(Math.min(this.watermark().getTime(), now().getTime())).toISOString();
    this.sendFrame(
      `{"type":"${type}","timestamp":"${at}","counter":${this.nextCounter},"body":${body.jsonFor(this.base)}}`,
    );
    this.nextCounter += 1;
  }
}
