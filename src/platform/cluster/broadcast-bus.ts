import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { now } from '../common/clock.js';
import { OutageLog } from '../common/outage-log.js';
import { Bus, type Signal } from './bus.js';
import { Outgoing } from './outgoing.js';
import { pack, toAscii, Unpacker } from './packets.js';

/** Milliseconds from one message to the next: PostgreSQL lets one NOTIFY commit at a time, in the whole cluster. */
const BETWEEN = 50;

/** Something that carries texts from each process to all, this one too. */
export interface Carrier {
  /** Bytes that one packet may have. */
  readonly limit: number;
  /** @param back called whenever it carries again: what was sent meanwhile is lost */
  start(hear: (packet: string) => void, back: () => void): void;
  /** Rejects where it can't. */
  publish(packets: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The bus of several processes: sends at once when idle, then what has gathered in between. */
@Injectable()
export class BroadcastBus extends Bus implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Bus');
  private readonly outages = new OutageLog(this.logger, 'Signals to other processes are lost');
  private readonly origin = randomUUID();
  private readonly unpacker = new Unpacker(this.origin);
  private readonly listeners = new Set<(signal: Signal) => void>();
  private readonly ending = new AbortController();
  private readonly outgoing = new Outgoing();
  private sending = false;
  private sent = 0;

  constructor(private readonly carrier: Carrier) {
    super();
  }

  onSignal(listener: (signal: Signal) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  send(signal: Signal): void {
    this.outgoing.add('clientId' in signal ? signal.clientId : null, this.nameOf(signal), toAscii(signal));
    if (!this.sending) {
      void this.sendWaiting();
    }
  }

  onApplicationBootstrap(): void {
    this.carrier.start(
      (packet) => this.hear(packet),
      () => [{ kind: 'events' } as const, { kind: 'sessions' } as const].forEach((signal) => this.tell(signal)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.carrier.stop();
  }

  /** What makes two of them one. */
  private nameOf(signal: Signal): string {
    switch (signal.kind) {
      case 'presence':
        return `presence ${signal.clientId} ${signal.channelId}`;
      case 'client_event':
      case 'typing':
      case 'presence_status':
        // Each is one of its own.
        return `client_event ${randomUUID()}`;
      default:
        return signal.kind;
    }
  }

  private async sendWaiting(): Promise<void> {
    const { signal } = this.ending;
    this.sending = true;
    while (!this.outgoing.isEmpty && !signal.aborted) {
      const { urgent, rest } = this.outgoing.take();
      await this.publish([urgent, rest].filter((texts) => texts.length > 0));
      await sleep(BETWEEN, undefined, { signal }).catch(() => undefined);
    }
    this.sending = false;
  }

  /** Each list is heard as a whole. */
  private async publish(lists: readonly (readonly string[])[]): Promise<void> {
    try {
      const packets = lists.flatMap((texts) => {
        this.sent += 1;
        return pack(`[${texts.join(',')}]`, this.origin, this.sent, this.carrier.limit);
      });
      await this.carrier.publish(packets);
      this.outages.over();
    } catch (error) {
      if (!this.ending.signal.aborted) {
        this.outages.began(error);
      }
    }
  }

  private hear(packet: string): void {
    const signals = this.unpacker.take(packet, now().getTime());
    if (Array.isArray(signals)) {
      (signals as Signal[]).forEach((signal) => this.tell(signal));
    }
  }

  private tell(signal: Signal): void {
    for (const listener of this.listeners) {
      try {
        listener(signal);
      } catch (error) {
        this.logger.error(error);
      }
    }
  }
}
