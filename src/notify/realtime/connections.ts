import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { WebSocket } from 'ws';
import { Config } from '../../config.js';
import { ticks } from '../../platform/common/clock.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import type { Connection, Ending } from './connection.js';
import { Tally } from './tally.js';

/** Milliseconds; how long a peer that is being closed has to say that it understood. */
export const CLOSE_TIMEOUT = 5_000;
/** Milliseconds of silence until a peer is asked whether it is there, and until it is given up. */
export const ACTIVITY_TIMEOUT = 120_000;
const PONG_TIMEOUT = 30_000;
const SWEEP_EVERY = 5_000;
/** Milliseconds in which a socket has to show whose it is; the address of a socket is known to everybody. */
const ANONYMOUS_MS = 30_000;

/** The open sockets of this process, of every dialect: watches over them, and closes them at its end. */
@Injectable()
export class Connections implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Connections');
  private readonly open = new Set<Connection>();
  private readonly ofClient = new Tally();
  private readonly ofAddress = new Tally();
  private hasWarned = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Config) private readonly config: Pick<Config, 'sockets'>,
    replicas: Replicas,
  ) {
    // Taken for dead, it was no listener any more: what happened since may not be written down. They come back and catch up.
    replicas.onRejoin(() => {
      this.open.forEach((connection) => connection.end('goingDown', 'Please catch up'));
      return Promise.resolve();
    });
  }

  /** Whether one more may be added. @param address whoever is counted as one: neighbourhoodOf() */
  hasRoomFor({ clientId }: Tenant, address: string): boolean {
    const isCrowd = this.ofAddress.of(address) >= this.config.sockets.perAddress;
    if (isCrowd && !this.hasWarned) {
      this.hasWarned = true;
      this.logger.warn('One address has all the sockets of SOCKETS_PER_ADDRESS. If it is a proxy, set TRUST_PROXY.');
    }
    return (
      !isCrowd &&
      this.open.size < this.config.sockets.total &&
      this.ofClient.of(clientId) < this.config.sockets.perClient
    );
  }

  /** @param over when it is closed, whoever closed it */
  add(connection: Connection, wire: WebSocket, address: string, over: () => void): void {
    const { clientId } = connection.client;
    this.open.add(connection);
    this.ofClient.add(clientId);
    this.ofAddress.add(address);
    wire.on('ping', () => connection.heard(ticks()));
    wire.on('pong', () => connection.heard(ticks()));
    wire.on('close', () => {
      this.open.delete(connection);
      this.ofClient.remove(clientId);
      this.ofAddress.remove(address);
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

  /**
   * Asks those that have been silent for long, gives up those that have not answered, and ends those that never showed
   * whose they are, at this moment (ticks()).
   */
  sweep(at: number): void {
    for (const connection of this.open) {
      const silent = at - connection.heardAt;
      if (connection.isAnonymous && at - connection.openedAt > ANONYMOUS_MS) {
        connection.end('unauthorized', 'Not authorized within 30 seconds');
      } else if (silent > ACTIVITY_TIMEOUT + PONG_TIMEOUT) {
        connection.end('noPong', 'No pong');
      } else if (silent > ACTIVITY_TIMEOUT && !connection.wasPinged) {
        connection.wasPinged = true;
        connection.ping();
      }
    }
  }
}
