import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { LiveService } from '../../../delivery/live/live.service.js';
import { Connections } from '../../../notify/realtime/connections.js';
import { loadPatiently, routeByClient } from '../../../notify/realtime/event-batches.js';
import { WorkspaceAudiences } from '../../../notify/realtime/workspace-audiences.js';
import { Feed, type FeedEvent } from '../../../platform/outbox/feed.js';
import { presentChange } from './live.presenter.js';

/**
 * After so many events the event loop has a turn: a message may have 64 KB, and frames that are all written at once would fill
 * the buffer of who reads as fast as it can.
 */
const EVENTS_PER_TURN = 4;

/** Tells each event, once it is committed, to the pages of its workspace, whichever protocol they speak. */
@Injectable()
export class UiRouter {
  private readonly logger = new Logger('UiRouter');

  constructor(
    feed: Feed,
    private readonly audiences: WorkspaceAudiences,
    private readonly live: LiveService,
    private readonly connections: Connections,
  ) {
    feed.onEvents((events) => routeByClient(events, (clientId, own) => this.routeFor(clientId, own)));
  }

  /** Where changes can't be told the sockets are closed: their pages come back and are told what they missed. */
  private async routeFor(clientId: string, events: readonly FeedEvent[]): Promise<void> {
    const tenant = this.audiences.tenantOf(clientId);
    if (!tenant) {
      return;
    }
    try {
      const changes = await loadPatiently(() => this.live.changesOf(tenant, events), this.logger);
      for (const [at, change] of changes.entries()) {
        if (at % EVENTS_PER_TURN === EVENTS_PER_TURN - 1) {
          await nextTurn();
        }
        this.audiences.publish(clientId, presentChange(tenant, change));
      }
    } catch (error) {
      this.logger.error(`Changes could not be told: ${(error as Error).message}`);
      this.connections.endAllOf(clientId, 'goingDown', 'Please catch up');
    }
  }
}
