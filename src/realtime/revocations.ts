import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CallerCache } from '../clients/caller-cache.js';
import { Bus } from '../jobs/bus.js';
import { RealtimeRepository } from './realtime.repository.js';
import { CLOSE, type Socket } from './socket.js';
import { Sockets } from './sockets.js';

/** Milliseconds. What is revoked ends within five seconds, be the signal lost; and nobody says that something expired. */
const EVERY = 2_000;

/** Closes the sockets whose session or key no longer lets anybody in. */
@Injectable()
export class Revocations implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Revocations');
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private isAsked = false;

  constructor(
    private readonly sockets: Sockets,
    private readonly realtime: RealtimeRepository,
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

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), EVERY);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Asked meanwhile, looks once more: the answer under way may be older than what was revoked. */
  private async look(): Promise<void> {
    this.isAsked = true;
    if (this.isLooking) {
      return;
    }
    this.isLooking = true;
    while (this.isAsked) {
      this.isAsked = false;
      try {
        await this.closeRevoked();
      } catch (error) {
        this.logger.warn(`Revoked sockets were not looked for: ${(error as Error).message}`);
      }
    }
    this.isLooking = false;
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
