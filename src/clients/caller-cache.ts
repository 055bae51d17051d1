import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { AsStranger } from '../platform/common/rate-limit/as-stranger.js';
import type { Site } from '../platform/common/tenancy/origin.js';

/**
 * Milliseconds. A revoked key or session must stop within five seconds everywhere; the rest is for the look-up itself.
 */
const TTL_MS = 4_000;
/** Milliseconds for which the cache does not look at the clock again; by default it sets a timer in every one. */
const TTL_RESOLUTION_MS = 100;
const MAX_ENTRIES = 10_000;
/** Names of callers that were admitted before. */
const MAX_REMEMBERED = 50_000;

/** Callers, by their keys or session. */
export interface Caller extends Site {
  readonly clientId: string;
  readonly livemode: boolean;
  readonly rateLimit: number | null;
  readonly totalRateLimit: number | null;
}

export interface Inquiry<T> {
  /** Called before a look-up for a name that was not admitted before. */
  readonly asStranger?: AsStranger | undefined;
  /** Whether who was found may enter; wrong keys can be those of a client that is known. */
  readonly isWelcome?: (caller: T) => boolean;
}

type Look = () => Promise<Caller | null>;
type IsWelcome = (caller: Caller) => boolean;

/** Looking a caller up takes a quarter of a request's time, so the result is kept for a few seconds. */
@Injectable()
export class CallerCache {
  private readonly admitted = new LRUCache<string, Caller>({
    max: MAX_ENTRIES,
    ttl: TTL_MS,
    ttlResolution: TTL_RESOLUTION_MS,
  });
  /** Unknown and refused callers. Kept apart, so that no number of wrong keys evicts the right ones. */
  private readonly unwelcome = new LRUCache<string, { readonly caller: Caller | null }>({
    max: MAX_ENTRIES,
    ttl: TTL_MS,
    ttlResolution: TTL_RESOLUTION_MS,
  });
  /** Names that were admitted once; whether they still are is looked up. */
  private readonly remembered = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  /** Questions under way. Not the cache's own `fetch`: what is deleted there meanwhile fails whoever waits for it. */
  private readonly asked = new Map<string, Promise<Caller | null>>();
  private readonly listeners = new Set<() => void>();
  private timesForgotten = 0;

  /** Who was admitted under this name a moment ago, without a look-up. */
  known<T extends Caller>(name: string): T | undefined {
    return this.admitted.get(name) as T | undefined;
  }

  /** @param name of one kind of caller only, for what is found under it is taken for one of that kind */
  async find<T extends Caller>(
    name: string,
    look: () => Promise<T | null>,
    { asStranger, isWelcome = () => true }: Inquiry<T> = {},
  ): Promise<T | null> {
    const known = this.known<T>(name);
    if (known) {
      return known;
    }
    const unwelcome = this.unwelcome.get(name);
    if (unwelcome) {
      return unwelcome.caller as T | null;
    }
    if (asStranger && !this.remembered.has(name)) {
      await asStranger();
    }
    return (await (this.asked.get(name) ?? this.ask(name, look, isWelcome as IsWelcome))) as T | null;
  }

  /** Forgets one caller. */
  forget(name: string): void {
    this.admitted.delete(name);
    this.notify();
  }

  /** Forgets every caller of a client. */
  forgetClient(clientId: string): void {
    for (const [name, caller] of this.admitted.entries()) {
      if (caller.clientId === clientId) {
        this.admitted.delete(name);
      }
    }
    this.notify();
  }

  /** `listener` runs when a caller is forgotten, as it may be revoked; for what stays open, such as sockets. */
  onForget(listener: () => void): void {
    this.listeners.add(listener);
  }

  private notify(): void {
    this.timesForgotten += 1;
    // Whose these are is not known.
    this.unwelcome.clear();
    this.listeners.forEach((listener) => listener());
  }

  private ask(name: string, look: Look, isWelcome: IsWelcome): Promise<Caller | null> {
    const question = this.answer(name, look, isWelcome).finally(() => this.asked.delete(name));
    this.asked.set(name, question);
    return question;
  }

  /** A caller that was forgotten during the look-up is looked up again: the result may be outdated. */
  private async answer(name: string, look: Look, isWelcome: IsWelcome): Promise<Caller | null> {
    for (;;) {
      const before = this.timesForgotten;
      const caller = await look();
      if (before === this.timesForgotten) {
        this.keep(name, caller, caller !== null && isWelcome(caller));
        return caller;
      }
    }
  }

  private keep(name: string, caller: Caller | null, isWelcome: boolean): void {
    if (isWelcome) {
      this.admitted.set(name, caller!);
      this.remembered.set(name, true);
    } else {
      this.unwelcome.set(name, { caller });
      this.remembered.delete(name);
    }
  }
}
