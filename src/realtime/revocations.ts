import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Bus } from '../jobs/bus.js';
import { RealtimeRepository } from './realtime.repository.js';
import { CLOSE, type Socket } from './socket.js';
import { Sockets } from './sockets.js';

/** Milliseconds. What is revoked ends within five seconds. */
const EVERY = 2_000;

/** Closes the sockets whose session or key no longer lets anybody in. */
@Injectable()
export class Revocations implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Revocations');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly sockets: Sockets,
    private readonly realtime: RealtimeRepository,
    bus: Bus,
  ) {
    bus.onSignal(({ kind }) => {
      if (kind === 'sessions') {
        this.look();
      }
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), EVERY);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    this.looking ??= this.closeRevoked()
      .catch((error: unknown) => this.logger.warn(`Revoked sockets were not looked for: ${(error as Error).message}`))
      .finally(() => {
        this.looking = undefined;
      });
  }

  private async closeRevoked(): Promise<void> {
    const owned = new Map<string, { readonly clientId: string; readonly id: string; readonly sockets: Socket[] }>();
    for (const socket of this.sockets.all()) {
      const id = socket.owner?.sessionId ?? socket.owner?.apiKeyId;
      if (id != null) {
        const one = owned.get(id) ?? { clientId: socket.client.clientId, id, sockets: [] };
        owned.set(id, one);
        one.sockets.push(socket);
      }
    }
    if (owned.size === 0) {
      return;
    }
    for (const id of await this.realtime.findRevoked([...owned.values()])) {
      owned.get(id)!.sockets.forEach((socket) => socket.close(CLOSE.unauthorized, 'Revoked'));
    }
  }
}
