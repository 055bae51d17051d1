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

/** Milliseconds. */
const POLL_EVERY = 1_000;
const BATCH = 500;
/** Milliseconds from one reading to the next under load, so that each finds more than one event. */
const BREATH = 5;
/** Milliseconds for which a client without sockets is kept: a reload is back by then. */
const GRACE = 5_000;
/** Milliseconds to wait for writers that may not have seen that somebody listens. */
const PATIENCE = 10_000;
const LOOK_AGAIN = 20;

/** A client that this process holds sockets of. */
interface Held {
  count: number;
  /** Fulfilled when all that is committed from then on will be heard. */
  ready: Promise<void>;
  farewell?: NodeJS.Timeout;
}

/**
 * The events of the clients that this process listens to, each once, in the order of their numbers as far as it matters:
 * within a channel. Reads when a bell rings, here or on the bus, and every second in case none was heard.
 */
@Injectable()
export class Feed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Feed');
  private readonly outages = new OutageLog(this.logger, 'Events can not be read');
  private readonly listeners: ((events: readonly FeedEvent[]) => Promise<void>)[] = [];
  private readonly held = new Map<string, Held>();
  private leaving: Promise<unknown> = Promise.resolve();
  /** Where the reading stands; undefined while nobody listens. */
  private position: Promise<SequenceGaps> | undefined;
  private reading: Promise<void> | undefined;
  private heard = new Date(0);
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

  /** All that was committed before this moment has been told, but for what a transaction of before it commits after it. */
  get watermark(): Date {
    return this.heard;
  }

  /** `listener` gets what happened, in order, one batch at a time: the next waits for its promise. */
  onEvents(listener: (events: readonly FeedEvent[]) => Promise<void>): void {
    this.listeners.push(listener);
  }

  /**
   * Fulfilled when no event of this client can be missed any more: what is not heard is committed, and can be asked for.
   * To be followed by as many `leave`, except where it rejects.
   */
  async listen(clientId: string): Promise<void> {
    const held = this.held.get(clientId) ?? this.hold(clientId);
    clearTimeout(held.farewell);
    held.count += 1;
    try {
      // Another one where this process had to register again meanwhile.
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

  leave(clientId: string): void {
    const held = this.held.get(clientId);
    if (held) {
      held.count -= 1;
      if (held.count === 0) {
        held.farewell = setTimeout(() => this.letGo(clientId), GRACE).unref();
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
    }, POLL_EVERY);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    clearInterval(this.timer);
    await this.reading;
  }

  private hold(clientId: string): Held {
    const held: Held = { count: 0, ready: this.begin(clientId) };
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

  /** Before the first client is listened to, so that nothing of it is passed over. */
  private start(): Promise<SequenceGaps> {
    if (!this.position) {
      this.heard = now();
      this.position = this.repository.position().catch((error: unknown) => {
        this.position = undefined;
        throw error;
      });
    }
    return this.position;
  }

  /** Whoever began to write before the listener was there to see may have written without an event. */
  private async writersGone(): Promise<void> {
    const deadline = now().getTime() + PATIENCE;
    let writers = await this.repository.writers();
    while (writers.size > 0) {
      if (now().getTime() > deadline) {
        this.logger.warn('A transaction is open for very long; what it changes may not be told to new sockets.');
        return;
      }
      await sleep(LOOK_AGAIN);
      const still = await this.repository.writers();
      writers = new Set([...writers].filter((one) => still.has(one)));
    }
  }

  private letGo(clientId: string): void {
    this.held.delete(clientId);
    if (this.held.size === 0) {
      this.position = undefined;
    }
    // Where it fails, events are written for nobody until this process ends. Who comes back waits for it.
    this.leaving = Promise.allSettled([this.leaving, this.repository.leave(clientId)]);
  }

  /** At once, or as soon as the reading under way is done: it may have begun too early. */
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
        this.heard = asked;
        this.outages.over();
      } catch (error) {
        this.outages.began(error);
      }
      await sleep(BREATH);
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
      const reading = await this.repository.read(gaps, BATCH);
      more = reading.more;
      if (reading.events.length > 0) {
        await this.tell(reading.events);
      }
    }
  }

  private async tell(events: readonly FeedEvent[]): Promise<void> {
    for (const listener of this.listeners) {
      try {
        await listener(events);
      } catch (error) {
        this.logger.error(error);
      }
    }
  }
}
