import { Injectable, Logger } from '@nestjs/common';
import { Bus, type Signal } from '../../platform/cluster/bus.js';
import type { Connection } from './connection.js';

/** Somebody types in a channel, rests there, or has done. */
export type Typed = Omit<Extract<Signal, { readonly kind: 'typing' }>, 'kind'>;

/** @param by the connection that said it, where it is one of this process */
export type TypingListener = (typed: Typed, by?: Connection) => Promise<void>;

/**
 * Who is typing, of whichever dialect, told in the server's own words, which nobody can forge. Nothing of it is kept.
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

  /** `listener` hears of what happens at every process. */
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
        this.logger.warn(`Who is typing was not told: ${(error as Error).message}`);
      });
    }
  }
}
