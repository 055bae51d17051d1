import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { now } from '../common/clock.js';
import { Trouble } from '../common/trouble.js';
import { Bus, type Signal } from './bus.js';
import { pack, Unpacker } from './packets.js';

/** Milliseconds from one message to the next: PostgreSQL lets one NOTIFY commit at a time, in the whole cluster. */
const BETWEEN = 50;
/** Signals that wait at most; what comes on top while the way is blocked is lost. */
const MAX_WAITING = 1_000;

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
  private readonly trouble = new Trouble(this.logger, 'Signals to other processes are lost');
  private readonly origin = randomUUID();
  private readonly unpacker = new Unpacker(this.origin);
  private readonly listeners = new Set<(signal: Signal) => void>();
  private readonly ending = new AbortController();
  /** By what makes two of them one. */
  private waiting = new Map<string, Signal>();
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
    if (this.waiting.size < MAX_WAITING) {
      this.waiting.set(this.nameOf(signal), signal);
    }
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
    while (this.waiting.size > 0 && !signal.aborted) {
      const signals = [...this.waiting.values()];
      this.waiting = new Map();
      await this.publish(signals);
      await sleep(BETWEEN, undefined, { signal }).catch(() => undefined);
    }
    this.sending = false;
  }

  private async publish(signals: readonly Signal[]): Promise<void> {
    try {
      this.sent += 1;
      await this.carrier.publish(pack(signals, this.origin, this.sent, this.carrier.limit));
      this.trouble.over();
    } catch (error) {
      if (!this.ending.signal.aborted) {
        this.trouble.began(error);
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
