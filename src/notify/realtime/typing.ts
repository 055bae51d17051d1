import { Injectable, Logger } from '@nestjs/common';
import { Bus, type Signal } from '../../platform/cluster/bus.js';
import type { Connection } from './connection.js';

/** Somebody has started, paused or finished typing in a channel. */
export type Typed = Omit<Extract<Signal, { readonly kind: 'typing' }>, 'kind'>;

/** @param by the connection that said it, where it is one of this process */
export type TypingListener = (typed: Typed, by?: Connection) => Promise<void>;

/**
 * Who is typing, in any dialect. The server writes these events itself, so that no customer can forge them. Not stored.
 */
@Injectable()
export class Typing {
  private readonly logger = new Logger('Typing');
  private readonly listeners: TypingListener[] = [];

  constructor(private readonly bus: Bus) {
    bus.onSignal((signal) => {
      if (signal.kind === 'typing') {
        this.hear(signal);
      }
    });
  }

  /** `listener` gets those of every process. */
  onTyped(listener: TypingListener): void {
    this.listeners.push(listener);
  }

  notify(typed: Typed, by: Connection): void {
    this.hear(typed, by);
    this.bus.send({ ...typed, kind: 'typing' });
  }

  private hear(typed: Typed, by?: Connection): void {
    for (const listener of this.listeners) {
      listener(typed, by).catch((error: unknown) => {
        this.logger.warn(`A typing indicator was not sent: ${(error as Error).message}`);
      });
    }
  }
}
