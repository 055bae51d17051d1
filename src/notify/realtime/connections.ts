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
import { sockets } from '../../platform/common/metrics.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import type { Connection, Ending } from './connection.js';
import { Tally } from './tally.js';

/** For the peer's half of the close handshake. */
export const CLOSE_TIMEOUT_MS = 5_000;
/** After so much silence a peer is sent a ping. */
export const ACTIVITY_TIMEOUT_MS = 120_000;
const PONG_TIMEOUT_MS = 30_000;
const SWEEP_EVERY_MS = 5_000;
/** A socket has to show something signed within this time: its address is known to everybody. */
const AUTHORIZE_WITHIN_MS = 30_000;

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
    // While this process was taken for dead it was not a listener, so events may not have been written: the apps have to ask again.
    replicas.onRejoin(() => {
      this.open.forEach((connection) => connection.end('goingDown', 'Please catch up'));
      return Promise.resolve();
    });
  }

  /** Whether one more may be added. @param address as neighbourhoodOf() writes it */
  hasRoomFor(client: Tenant | null, address: string): boolean {
    const isCrowd = this.ofAddress.of(address) >= this.config.sockets.perAddress;
    if (isCrowd && !this.hasWarned) {
      this.hasWarned = true;
      this.logger.warn('One address has all the sockets of SOCKETS_PER_ADDRESS. If it is a proxy, set TRUST_PROXY.');
    }
    return !isCrowd && this.open.size < this.config.sockets.total && (client === null || this.hasRoomOf(client));
  }

  /** A connection that came without a client is this one's from now on. False: the client has as many as it may. */
  settle(client: Tenant): boolean {
    const hasRoom = this.hasRoomOf(client);
    if (hasRoom) {
      this.ofClient.add(client.clientId);
    }
    return hasRoom;
  }

  /** @param over called when it is closed, whoever closed it */
  add(connection: Connection, wire: WebSocket, address: string, over: () => void): void {
    this.open.add(connection);
    sockets.inc({ dialect: connection.dialect });
    if (connection.client !== null) {
      this.ofClient.add(connection.client.clientId);
    }
    this.ofAddress.add(address);
    wire.on('ping', () => connection.touch(ticks()));
    wire.on('pong', () => connection.touch(ticks()));
    wire.on('close', () => {
      this.open.delete(connection);
      sockets.dec({ dialect: connection.dialect });
      if (connection.client !== null) {
        this.ofClient.remove(connection.client.clientId);
      }
      this.ofAddress.remove(address);
      over();
    });
    // `ws` has closed it by then, with the right code.
    wire.on('error', () => undefined);
  }

  all(): Iterable<Connection> {
    return this.open;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.sweep(ticks()), SWEEP_EVERY_MS);
  }

  /** Before the HTTP server is closed, which waits for its connections. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.open.forEach((connection) => connection.end('goingDown', 'Going down'));
    for (const end = ticks() + CLOSE_TIMEOUT_MS; this.open.size > 0 && ticks() < end;) {
      await sleep(20);
    }
    this.open.forEach((connection) => connection.terminate());
  }

  endAllOf(clientId: string, why: Ending, reason: string): void {
    for (const connection of this.open) {
      if (connection.client?.clientId === clientId) {
        connection.end(why, reason);
      }
    }
  }

  /**
   * Pings those that have been silent for long, ends those that did not answer, and those that never showed anything
   * signed. @param at ticks()
   */
  sweep(at: number): void {
    for (const connection of this.open) {
      const silent = at - connection.lastSeenAt;
      if (connection.isAnonymous && at - connection.openedAt > AUTHORIZE_WITHIN_MS) {
        connection.end('unauthorized', 'Not authorized within 30 seconds');
      } else if (silent > ACTIVITY_TIMEOUT_MS + PONG_TIMEOUT_MS) {
        connection.end('noPong', 'No pong');
      } else if (silent > ACTIVITY_TIMEOUT_MS && !connection.wasPinged) {
        connection.wasPinged = true;
        connection.ping();
      }
    }
  }

  private hasRoomOf({ clientId }: Tenant): boolean {
    return this.ofClient.of(clientId) < this.config.sockets.perClient;
  }
}
