import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { now } from '../common/clock.js';
import { OutageLog } from '../common/outage-log.js';
import { Bus, type Signal } from './bus.js';
import { Outgoing } from './outgoing.js';
import { pack, toAscii, Unpacker } from './packets.js';

/** Between two messages: PostgreSQL lets one NOTIFY commit at a time, in the whole cluster. */
const MIN_INTERVAL_MS = 50;

/** Carries texts from each process to all, this one too. */
export interface Carrier {
  readonly maxPacketBytes: number;
  /** @param onReconnect called after each outage: what was sent meanwhile is lost */
  start(onPacket: (packet: string) => void, onReconnect: () => void): void;
  /** Rejects where it can't. */
  publish(packets: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The bus of several processes: sends at once when idle, and else what has gathered since the last message. */
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
      (packet) => this.receive(packet),
      () => [{ kind: 'events' } as const, { kind: 'sessions' } as const].forEach((signal) => this.notify(signal)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.carrier.stop();
  }

  /** Of two signals under one name only the later is sent. */
  private nameOf(signal: Signal): string {
    switch (signal.kind) {
      case 'presence':
        return `presence ${signal.clientId} ${signal.channelId}`;
      case 'client_event':
      case 'typing':
      case 'presence_status':
        // Never merged.
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
      await sleep(MIN_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
    this.sending = false;
  }

  /** Each list arrives as a whole or not at all. */
  private async publish(lists: readonly (readonly string[])[]): Promise<void> {
    try {
      const packets = lists.flatMap((texts) => {
        this.sent += 1;
        return pack(`[${texts.join(',')}]`, this.origin, this.sent, this.carrier.maxPacketBytes);
      });
      await this.carrier.publish(packets);
      this.outages.over();
    } catch (error) {
      if (!this.ending.signal.aborted) {
        this.outages.began(error);
      }
    }
  }

  private receive(packet: string): void {
    const signals = this.unpacker.take(packet, now().getTime());
    if (Array.isArray(signals)) {
      (signals as Signal[]).forEach((signal) => this.notify(signal));
    }
  }

  private notify(signal: Signal): void {
    for (const listener of this.listeners) {
      try {
        listener(signal);
      } catch (error) {
        this.logger.error(error);
      }
    }
  }
}
