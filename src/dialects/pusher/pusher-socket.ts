import type { WebSocket } from 'ws';
import type { KnownClient } from '../../clients/clients.service.js';
import type { ChannelName } from './channel-name.js';
import { grants, type Scope } from '../../platform/common/tenancy/scopes.js';
import { Connection, type SocketUser } from '../../notify/realtime/connection.js';
import { TokenBucket } from '../../notify/realtime/token-bucket.js';

/**
 * Why a socket is closed, and whether to come back: 40xx never, 41xx after a while, 42xx at once (Pusher's protocol).
 */
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

/** More than any page sends: a shared pointer moves with the screen, at most 144 times a second. */
const FRAMES = { burst: 1_000, perSecond: 200 };
const CLIENT_EVENTS = { burst: 10, perSecond: 10 };
/**
 * A page that opens subscribes to everything at once. What comes faster than this waits: each may cost several queries.
 */
const SUBSCRIPTIONS = { burst: 300, perSecond: 50 };

/** The session or key that a socket subscribes with; the session is a customer's or a user's. */
export interface Owner {
  readonly sessionId: string | null;
  readonly customerId: string | null;
  readonly apiKeyId: string | null;
  readonly userId: string | null;
}

/** An owner with the scopes of its key; null for a customer and a user, who need none. */
export interface Holder extends Owner {
  readonly scopes: readonly string[] | null;
}

/** A connection that speaks Pusher's protocol. */
export class PusherSocket extends Connection {
  readonly dialect = 'pusher';
  readonly subscriptions = new Map<string, ChannelName>();
  readonly frames = new TokenBucket(FRAMES.burst, FRAMES.perSecond);
  readonly clientEvents = new TokenBucket(CLIENT_EVENTS.burst, CLIENT_EVENTS.perSecond);
  readonly subscribing = new TokenBucket(SUBSCRIPTIONS.burst, SUBSCRIPTIONS.perSecond);
  /** Subscriptions, made and ended, that wait for their turn. */
  waiting = 0;
  isAnonymous = true;
  /** Known once it subscribes. */
  owner: Holder | null = null;
  protected readonly codes = { ...CLOSE, forbidden: CLOSE.unauthorized, flooding: CLOSE.overCapacity };

  constructor(
    readonly id: string,
    readonly client: KnownClient,
    wire: WebSocket,
    at: number,
  ) {
    super(wire, at);
  }

  get credentialId(): string | null {
    return this.user ? null : (this.owner?.sessionId ?? this.owner?.apiKeyId ?? null);
  }

  get user(): SocketUser | null {
    const { userId = null, sessionId = null } = this.owner ?? {};
    return userId === null || sessionId === null ? null : { userId, sessionId };
  }

  /** False for every customer's socket. */
  get seesEmails(): boolean {
    const scopes = this.owner?.scopes;
    return !!scopes && grants(scopes, 'customers:read');
  }

  /** Whether its key is one that all events of the client are told to. */
  get seesAll(): boolean {
    return this.owner?.scopes?.includes('*') ?? false;
  }

  get maySendEvents(): boolean {
    return this.user === null && this.reaches('messages:write');
  }

  ping(): void {
    this.send('pusher:ping', {});
  }

  /** To this socket alone. */
  send(event: string, data: unknown, channel?: string): void {
    this.sendFrame(JSON.stringify({ event, channel, data }));
  }

  private reaches(scope: Scope): boolean {
    const scopes = this.owner?.scopes;
    return !scopes || grants(scopes, scope);
  }

  sendError(message: string, code: number | null = null): void {
    this.send('pusher:error', { message, code });
  }
}
