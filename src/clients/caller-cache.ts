import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Site } from '../common/tenancy/origin.js';

/** Milliseconds. A revoked key or session must stop within five seconds everywhere; the rest is for the look-up itself. */
const TTL = 4_000;
const MAX_ENTRIES = 10_000;

/** What is known of whoever asks, by keys or by a session. */
export interface Caller extends Site {
  readonly clientId: string;
  readonly livemode: boolean;
  readonly rateLimit: number | null;
  readonly totalRateLimit: number | null;
}

/** Asking the database who a caller is costs a quarter of a request, so the answer is kept for a few seconds. */
@Injectable()
export class CallerCache {
  private readonly known = new LRUCache<string, Caller>({ max: MAX_ENTRIES, ttl: TTL });
  /** Questions under way. Not the cache's own `fetch`: what is deleted there meanwhile fails whoever waits for it. */
  private readonly asked = new Map<string, Promise<Caller | null>>();
  private readonly listeners = new Set<() => void>();
  private timesForgotten = 0;

  /** @param name of one kind of caller only, for what is found under it is taken for one of that kind */
  async find<T extends Caller>(name: string, look: () => Promise<T | null>): Promise<T | null> {
    return (this.known.get(name) ?? (await (this.asked.get(name) ?? this.ask(name, look)))) as T | null;
  }

  /** Forgets one caller. */
  forget(name: string): void {
    this.known.delete(name);
    this.tell();
  }

  /** Forgets every caller of a client. */
  forgetClient(clientId: string): void {
    for (const [name, caller] of this.known.entries()) {
      if (caller.clientId === clientId) {
        this.known.delete(name);
      }
    }
    this.tell();
  }

  /** Who is forgotten may have lost its leave: called then, for those who let it in for longer than one question. */
  onForget(listener: () => void): void {
    this.listeners.add(listener);
  }

  private tell(): void {
    this.timesForgotten += 1;
    this.listeners.forEach((listener) => listener());
  }

  private ask(name: string, look: () => Promise<Caller | null>): Promise<Caller | null> {
    const question = this.answer(name, look).finally(() => this.asked.delete(name));
    this.asked.set(name, question);
    return question;
  }

  /** Whoever is forgotten meanwhile may have been read before the change that was the reason: asked again. */
  private async answer(name: string, look: () => Promise<Caller | null>): Promise<Caller | null> {
    for (;;) {
      const before = this.timesForgotten;
      const caller = await look();
      if (before === this.timesForgotten) {
        if (caller) {
          this.known.set(name, caller);
        }
        return caller;
      }
    }
  }
}
