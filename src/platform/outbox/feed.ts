import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { now } from '../common/clock.js';
import { OutageLog } from '../common/outage-log.js';
import { Database } from '../database/database.js';
import { Bus } from '../cluster/bus.js';
import { Replicas } from '../cluster/replicas.js';
import { FeedRepository, type FeedEvent } from './feed.repository.js';
import type { SequenceGaps } from './sequence-gaps.js';

export type { FeedEvent };

const POLL_EVERY_MS = 1_000;
const BATCH_EVENTS = 500;
/** Under load, so that each read finds more than one event. */
const PAUSE_BETWEEN_READS_MS = 5;
/** A page that is reloaded is back by then. */
const KEEP_AFTER_LAST_SOCKET_MS = 5_000;
/** For transactions that may not have seen the new listener. */
const MAX_WAIT_FOR_WRITERS_MS = 10_000;
const WRITERS_POLL_MS = 20;

/** A client that has sockets at this process. */
interface ListenedClient {
  count: number;
  /** Fulfilled when no event committed from then on can be missed. */
  ready: Promise<void>;
  release?: NodeJS.Timeout;
}

/**
 * The events of the clients that this process listens to, each once, in the order of their numbers as far as it
 * matters: within a channel. Reads when a commit is notified, here or on the bus, and every second in case a signal got
 * lost.
 */
@Injectable()
export class Feed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Feed');
  private readonly outages = new OutageLog(this.logger, 'Events can not be read');
  private readonly listeners: ((events: readonly FeedEvent[]) => Promise<void>)[] = [];
  private readonly held = new Map<string, ListenedClient>();
  private leaving: Promise<unknown> = Promise.resolve();
  /** Where the feed has read to; undefined while it listens to no client. */
  private position: Promise<SequenceGaps> | undefined;
  private reading: Promise<void> | undefined;
  private readUpTo = new Date(0);
  private wanted = false;
  private polled = false;
  private ending = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: FeedRepository,
    private readonly replicas: Replicas,
    private readonly bus: Bus,
    private readonly database: Database,
  ) {}

  /** All that was committed before this moment has been handed on. */
  get watermark(): Date {
    return this.readUpTo;
  }

  /** How old what has not been handed on may be; 0 where nobody listens. */
  get lagMs(): number {
    return this.position ? Math.max(0, now().getTime() - this.readUpTo.getTime()) : 0;
  }

  /** `listener` gets the events in order, one batch at a time: the next waits for its promise. */
  onEvents(listener: (events: readonly FeedEvent[]) => Promise<void>): void {
    this.listeners.push(listener);
  }

  /**
   * Fulfilled when no event of this client can be missed any more: all that came before is committed, and can be
   * queried. Each call is to be followed by one of `leave`, except where it rejects.
   */
  async listen(clientId: string): Promise<void> {
    const held = this.held.get(clientId) ?? this.hold(clientId);
    clearTimeout(held.release);
    held.count += 1;
    try {
      // It is replaced where this process had to register again meanwhile.
      for (let ready; ready !== held.ready; await ready) {
        ready = held.ready;
      }
    } catch (error) {
      held.count -= 1;
      if (held.count === 0 && this.held.get(clientId) === held) {
        this.held.delete(clientId);
      }
      throw error;
    }
  }

  /** For seven days at least the client's events are written, whoever listens: for readers that ask for what they missed. */
  keep(clientId: string): Promise<void> {
    return this.repository.keep(clientId);
  }

  leave(clientId: string): void {
    const held = this.held.get(clientId);
    if (held) {
      held.count -= 1;
      if (held.count === 0) {
        held.release = setTimeout(() => this.letGo(clientId), KEEP_AFTER_LAST_SOCKET_MS).unref();
      }
    }
  }

  onApplicationBootstrap(): void {
    this.database.commits.onNotify(() => this.look());
    this.bus.onSignal(({ kind }) => {
      if (kind === 'events') {
        this.look();
      }
    });
    this.replicas.onRejoin(() => this.holdAgain());
    this.timer = setInterval(() => {
      this.polled = true;
      this.look();
    }, POLL_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    clearInterval(this.timer);
    await this.reading;
  }

  private hold(clientId: string): ListenedClient {
    const held: ListenedClient = { count: 0, ready: this.begin(clientId) };
    this.held.set(clientId, held);
    return held;
  }

  private async holdAgain(): Promise<void> {
    for (const [clientId, held] of this.held) {
      held.ready = this.begin(clientId);
    }
    await Promise.all([...this.held.values()].map(({ ready }) => ready));
  }

  private async begin(clientId: string): Promise<void> {
    await Promise.all([this.start(), this.replicas.registered, this.leaving]);
    await this.repository.listen(clientId);
    await this.writersGone();
  }

  /** Fixes the position before the first client is listened to, so that none of its events is skipped. */
  private start(): Promise<SequenceGaps> {
    if (!this.position) {
      this.readUpTo = now();
      this.position = this.repository.position().catch((error: unknown) => {
        this.position = undefined;
        throw error;
      });
    }
    return this.position;
  }

  /** Transactions that began before the listener's row was visible may have changed something without an event. */
  private async writersGone(): Promise<void> {
    const deadline = now().getTime() + MAX_WAIT_FOR_WRITERS_MS;
    let writers = await this.repository.writers();
    while (writers.size > 0) {
      if (now().getTime() > deadline) {
        this.logger.warn('A transaction is open for very long; what it changes may not be told to new sockets.');
        return;
      }
      await sleep(WRITERS_POLL_MS);
      const still = await this.repository.writers();
      writers = new Set([...writers].filter((one) => still.has(one)));
    }
  }

  private letGo(clientId: string): void {
    this.held.delete(clientId);
    if (this.held.size === 0) {
      this.position = undefined;
    }
    // Where it fails, events are written needlessly until this process ends. A client that comes back waits for it.
    this.leaving = Promise.allSettled([this.leaving, this.repository.leave(clientId)]);
  }

  /** At once, or again after the read under way, which may have begun too early. */
  private look(): void {
    this.wanted = true;
    if (!this.reading && this.position) {
      this.reading = this.readOn();
    }
  }

  private async readOn(): Promise<void> {
    while (this.wanted && !this.ending) {
      this.wanted = false;
      const asked = now();
      try {
        await this.readAll();
        this.readUpTo = asked;
        this.outages.over();
      } catch (error) {
        this.outages.began(error);
      }
      await sleep(PAUSE_BETWEEN_READS_MS);
    }
    this.reading = undefined;
  }

  private async readAll(): Promise<void> {
    const gaps = await this.position;
    if (!gaps) {
      return;
    }
    if (this.polled && gaps.missing.length > 0) {
      gaps.suspect(await this.repository.writers());
    }
    this.polled = false;
    for (let more = true; more && !this.ending;) {
      const reading = await this.repository.read(gaps, BATCH_EVENTS);
      more = reading.more;
      if (reading.events.length > 0) {
        await this.notify(reading.events);
      }
    }
  }

  private async notify(events: readonly FeedEvent[]): Promise<void> {
    for (const listener of this.listeners) {
      try {
        await listener(events);
      } catch (error) {
        this.logger.error(error);
      }
    }
  }
}
