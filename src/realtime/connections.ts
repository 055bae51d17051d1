import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { ticks } from '../common/clock.js';
import { Replicas } from '../jobs/replicas.js';
import type { Connection, Ending } from './connection.js';

export const MAX_SOCKETS = Symbol('MAX_SOCKETS');

/** Milliseconds; how long a peer that is being closed has to say that it understood. */
export const CLOSE_TIMEOUT = 5_000;
/** Milliseconds of silence until a peer is asked whether it is there, and until it is given up. */
export const ACTIVITY_TIMEOUT = 120_000;
const PONG_TIMEOUT = 30_000;
const SWEEP_EVERY = 5_000;

/** The open sockets of this process, of every dialect: watches over them, and closes them at its end. */
@Injectable()
export class Connections implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly open = new Set<Connection>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(MAX_SOCKETS) private readonly max: number,
    replicas: Replicas,
  ) {
    // Taken for dead, it was no listener any more: what happened since may not be written down. They come back and catch up.
    replicas.onRejoin(() => {
      this.open.forEach((connection) => connection.end('goingDown', 'Please catch up'));
      return Promise.resolve();
    });
  }

  get isFull(): boolean {
    return this.open.size >= this.max;
  }

  /** @param over when it is closed, whoever closed it */
  add(connection: Connection, wire: WebSocket, over: () => void): void {
    this.open.add(connection);
    wire.on('ping', () => connection.heard(ticks()));
    wire.on('pong', () => connection.heard(ticks()));
    wire.on('close', () => {
      this.open.delete(connection);
      over();
    });
    // It is closed by then, with the code that says what was wrong.
    wire.on('error', () => undefined);
  }

  all(): Iterable<Connection> {
    return this.open;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.sweep(ticks()), SWEEP_EVERY);
  }

  /** Before the HTTP server is closed, which waits for them. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.open.forEach((connection) => connection.end('goingDown', 'Going down'));
    for (const end = ticks() + CLOSE_TIMEOUT; this.open.size > 0 && ticks() < end;) {
      await sleep(20);
    }
    this.open.forEach((connection) => connection.terminate());
  }

  endAllOf(clientId: string, why: Ending, reason: string): void {
    for (const connection of this.open) {
      if (connection.client.clientId === clientId) {
        connection.end(why, reason);
      }
    }
  }

  /** Asks those that have been silent for long, and gives up those that have not answered, at this moment (ticks()). */
  sweep(at: number): void {
    for (const connection of this.open) {
      const silent = at - connection.heardAt;
      if (silent > ACTIVITY_TIMEOUT + PONG_TIMEOUT) {
        connection.end('noPong', 'No pong');
      } else if (silent > ACTIVITY_TIMEOUT && !connection.wasPinged) {
        connection.wasPinged = true;
        connection.ping();
      }
    }
  }
}
