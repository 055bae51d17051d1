import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { uuidv7 } from 'uuidv7';
import { hashKey, isWellFormedToken, makeToken } from '../../clients/key-format.js';
import { now } from '../../platform/common/clock.js';
import { MINUTE_MS } from '../../platform/common/durations.js';
import { addressIn } from '../../platform/common/http/address.js';
import type { AsStranger } from '../../platform/common/rate-limit/as-stranger.js';
import { Bus } from '../../platform/cluster/bus.js';
import { UserSessionsRepository, type SessionByToken, type SessionRow } from './user-sessions.repository.js';

/** A session that was ended must stop within five seconds everywhere; the rest is for the look-up itself. */
const TTL_MS = 4_000;
const MAX_KEPT = 10_000;
/** Tokens that were let in once: a look-up for one of them is no stranger's. */
const MAX_REMEMBERED = 50_000;
const SEEN_EVERY_MS = 10 * MINUTE_MS;
const MAX_USER_AGENT = 255;

/** Where a session is begun. */
export interface Visitor {
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
}

export interface BegunSession {
  /** Shown this once. */
  readonly token: string;
  readonly session: SessionRow;
}

/** The user of a session. */
export interface SessionUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly emailVerifiedAt: Date | null;
}

export interface FoundSession {
  readonly session: SessionRow;
  readonly user: SessionUser;
}

/** Sessions of users: begun by whoever has found out who it is, found by their tokens. */
@Injectable()
export class UserSessions implements OnModuleDestroy {
  private readonly logger = new Logger('UserSessions');
  private readonly kept = new LRUCache<string, FoundSession>({ max: MAX_KEPT, ttl: TTL_MS });
  private readonly remembered = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  private readonly listeners = new Set<() => void>();
  private readonly unsubscribe: () => void;
  private timesForgotten = 0;

  constructor(
    private readonly sessions: UserSessionsRepository,
    private readonly bus: Bus,
  ) {
    // Another process has ended one; which, it does not say.
    this.unsubscribe = bus.onSignal(({ kind }) => kind === 'sessions' && this.forget());
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /**
   * A new session with a token of its own: whatever the visitor brought along is nobody's.
   * @param passwordVersion of the password that let the user in; null: it came in without one. After a change of the password
   *   an older one begins nothing that works.
   * @returns null where there is no such user any more
   */
  async begin(
    userId: string,
    { address, userAgent }: Visitor,
    passwordVersion: number | null = null,
  ): Promise<BegunSession | null> {
    const token = makeToken('ust');
    const session = await this.sessions.insert({
      id: uuidv7(),
      userId,
      tokenSha256: hashKey(token),
      passwordVersion,
      address: addressIn(address),
      userAgent: userAgent?.slice(0, MAX_USER_AGENT) ?? null,
    });
    return session && { token, session };
  }

  /** The session of this token with its user; null where it is nobody's, or has ended. */
  async find(token: string, asStranger?: AsStranger): Promise<FoundSession | null> {
    if (!isWellFormedToken('ust', token)) {
      return null;
    }
    const tokenSha256 = hashKey(token);
    const name = tokenSha256.toString('latin1');
    const found = this.kept.get(name) ?? (await this.look(name, tokenSha256, asStranger));
    if (found === null || found.session.expiresAt <= now()) {
      return null;
    }
    this.noteUse(name, found);
    return found;
  }

  list(userId: string): Promise<readonly SessionRow[]> {
    return this.sessions.list(userId);
  }

  /** Stops working here at once, and everywhere within five seconds. False where this user has no such session. */
  async end(userId: string, id: string): Promise<boolean> {
    const isTheirs = await this.sessions.end(userId, id);
    this.ended();
    return isTheirs;
  }

  /** All of a user's, or all but one. */
  async endOthers(userId: string, id: string | null = null): Promise<void> {
    await this.sessions.endOthers(userId, id);
    this.ended();
  }

  /** To be called after what ends sessions by other means, such as a new password. */
  ended(): void {
    this.forget();
    this.bus.send({ kind: 'sessions' });
  }

  /** `listener` runs when a session may have ended; for what stays open, such as sockets. */
  onEnd(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Of these sessions, those that have ended. */
  findEnded(ids: readonly string[]): Promise<string[]> {
    return this.sessions.findEnded(ids);
  }

  private async look(name: string, tokenSha256: Buffer, asStranger?: AsStranger): Promise<FoundSession | null> {
    if (asStranger && !this.remembered.has(name)) {
      await asStranger();
    }
    const before = this.timesForgotten;
    const row = await this.sessions.findByToken(tokenSha256);
    if (row === null) {
      this.remembered.delete(name);
      return null;
    }
    const found = foundOf(row);
    this.remembered.set(name, true);
    // One that was ended during the look-up may have been found alive.
    if (before === this.timesForgotten) {
      this.kept.set(name, found);
    }
    return found;
  }

  /** Aside of the request: it neither waits for this nor fails with it. */
  private noteUse(name: string, { session, user }: FoundSession): void {
    const moment = now();
    if (moment.getTime() - session.lastSeenAt.getTime() < SEEN_EVERY_MS) {
      return;
    }
    const noted = { user, session: { ...session, lastSeenAt: moment } };
    if (this.kept.has(name)) {
      this.kept.set(name, noted, { ttl: this.kept.getRemainingTTL(name) });
    }
    this.sessions.seen(session.id).catch((error: unknown) => {
      this.logger.warn(`The use of a session was not noted: ${(error as Error).message}`);
    });
  }

  private forget(): void {
    this.timesForgotten += 1;
    this.kept.clear();
    this.listeners.forEach((listener) => listener());
  }
}

function foundOf({ email, name, emailVerifiedAt, ...session }: SessionByToken): FoundSession {
  return { session, user: { id: session.userId, email, name, emailVerifiedAt } };
}
