import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Connection, Ending, SocketUser } from '../../notify/realtime/connection.js';
import { Connections } from '../../notify/realtime/connections.js';
import { UserSessions } from '../../users/sessions/user-sessions.js';
import { Memberships } from '../memberships.js';
import { MemberSocketsRepository } from './member-sockets.repository.js';

/** For what another process changed, and for lost signals: a socket is closed within five seconds. */
const LOOK_EVERY_MS = 2_000;

interface Asked extends SocketUser {
  readonly clientId: string;
}

/** Closes the sockets of users whose session has ended, or who are members no longer. */
@Injectable()
export class MemberSockets implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('MemberSockets');
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private isAsked = false;

  constructor(
    private readonly connections: Connections,
    private readonly sessions: UserSessions,
    private readonly repository: MemberSocketsRepository,
    memberships: Memberships,
  ) {
    sessions.onEnd(() => void this.look());
    memberships.onForget(() => void this.look());
  }

  /** Why this user may not hear of this workspace; null: it may. Asks the database: what a cache said may be outdated. */
  async endingOf(asked: Asked): Promise<Ending | null> {
    const [ending] = await this.endingsOf([asked]);
    return ending ?? null;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Called during a look, looks once more: the answer under way may be older than the change. */
  private async look(): Promise<void> {
    this.isAsked = true;
    if (this.isLooking) {
      return;
    }
    this.isLooking = true;
    while (this.isAsked) {
      this.isAsked = false;
      try {
        await this.closeThoseWhoLeft();
      } catch (error) {
        this.logger.warn(`Sockets of former members were not looked for: ${(error as Error).message}`);
      }
    }
    this.isLooking = false;
  }

  private async closeThoseWhoLeft(): Promise<void> {
    const asked: Asked[] = [];
    const held: Connection[] = [];
    for (const connection of this.connections.all()) {
      const { client, user } = connection;
      if (client !== null && user !== null) {
        asked.push({ ...user, clientId: client.clientId });
        held.push(connection);
      }
    }
    (await this.endingsOf(asked)).forEach((ending, at) => {
      if (ending !== null) {
        held[at]!.end(ending, ending === 'forbidden' ? 'Not a member' : 'The session has ended');
      }
    });
  }

  private async endingsOf(asked: readonly Asked[]): Promise<Array<Ending | null>> {
    if (asked.length === 0) {
      return [];
    }
    const sessionIds = [...new Set(asked.map(({ sessionId }) => sessionId))];
    const [ended, left] = await Promise.all([this.sessions.findEnded(sessionIds), this.repository.findLeft(asked)]);
    const [sessions, places] = [new Set(ended), new Set(left)];
    return asked.map(({ sessionId }, at) =>
      sessions.has(sessionId) ? 'unauthorized' : places.has(at) ? 'forbidden' : null,
    );
  }
}
