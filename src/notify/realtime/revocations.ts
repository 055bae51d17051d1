import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CallerCache } from '../../clients/caller-cache.js';
import { Bus } from '../../platform/cluster/bus.js';
import type { Connection } from './connection.js';
import { Connections } from './connections.js';
import { RevocationsRepository } from './revocations.repository.js';

/** For lost signals, so that a revocation takes effect within five seconds; and for what expires, which sends none. */
const LOOK_EVERY_MS = 2_000;

/** Closes the sockets whose client is disabled, or whose session or key is revoked or has expired. */
@Injectable()
export class Revocations implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Revocations');
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private isAsked = false;

  constructor(
    private readonly connections: Connections,
    private readonly repository: RevocationsRepository,
    callers: CallerCache,
    bus: Bus,
  ) {
    callers.onForget(() => {
      bus.send({ kind: 'sessions' });
      void this.look();
    });
    bus.onSignal(({ kind }) => {
      if (kind === 'sessions') {
        void this.look();
      }
    });
  }

  /** Asks the database: what a cache said a moment ago may be outdated. */
  async isRevoked(clientId: string, id: string): Promise<boolean> {
    return (await this.repository.findRevoked([{ clientId, id }])).size > 0;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Called during a look, looks once more: the answer under way may be older than the revocation. */
  private async look(): Promise<void> {
    this.isAsked = true;
    if (this.isLooking) {
      return;
    }
    this.isLooking = true;
    while (this.isAsked) {
      this.isAsked = false;
      try {
        await this.closeDisabled();
        await this.closeRevoked();
      } catch (error) {
        this.logger.warn(`Revoked sockets were not looked for: ${(error as Error).message}`);
      }
    }
    this.isLooking = false;
  }

  /** By their client, since sockets that have not subscribed yet have no session or key. */
  private async closeDisabled(): Promise<void> {
    const clientIds = new Set([...this.connections.all()].flatMap(({ client }) => client?.clientId ?? []));
    const disabled = clientIds.size === 0 ? [] : await this.repository.findDisabled([...clientIds]);
    disabled.forEach((id) => this.connections.endAllOf(id, 'forbidden', 'The client is disabled'));
  }

  private async closeRevoked(): Promise<void> {
    const owned = new Map<string, { readonly clientId: string; readonly id: string; readonly those: Connection[] }>();
    for (const connection of this.connections.all()) {
      const { credentialId: id, client } = connection;
      if (id !== null && client !== null) {
        const one = owned.get(id) ?? { clientId: client.clientId, id, those: [] };
        owned.set(id, one);
        one.those.push(connection);
      }
    }
    if (owned.size === 0) {
      return;
    }
    for (const id of await this.repository.findRevoked([...owned.values()])) {
      owned.get(id)!.those.forEach((connection) => connection.end('unauthorized', 'Revoked'));
    }
  }
}
