import { setMaxListeners } from 'node:events';
import { Injectable, Logger } from '@nestjs/common';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Database } from '../../platform/database/database.js';
import { Bus } from '../../platform/cluster/bus.js';
import { Deliverer, type EndpointName } from '../webhooks/deliverer.js';
import { QueueWorker } from './queue-worker.js';
import { WorkSlots } from './work-slots.js';

/** Served at once by this process; nearly all of the time they only wait. */
const MAX_ENDPOINTS = 200;
const MAX_ENDPOINTS_PER_CLIENT = 20;
/** For attempts under way when the process ends; less than a shutdown has in all. */
const DRAIN_MS = 10_000;

/**
 * Serves the endpoints that have something due: asks PostgreSQL for them whenever there are new events, and once a
 * second. Each process takes as many as it has slots for; the lease says which process has an endpoint.
 */
@Injectable()
export class WebhookWorker extends QueueWorker {
  private readonly logger = new Logger('WebhookWorker');
  private readonly looking = new OutageLog(this.logger, 'What is due can not be looked for');
  private readonly delivering = new OutageLog(this.logger, 'Webhooks can not be delivered');
  private readonly abandon = new AbortController();

  constructor(
    database: Database,
    bus: Bus,
    private readonly deliverer: Deliverer,
  ) {
    super(database, bus, new WorkSlots(MAX_ENDPOINTS, MAX_ENDPOINTS_PER_CLIENT));
    setMaxListeners(MAX_ENDPOINTS, this.abandon.signal);
  }

  override onModuleDestroy(): void {
    super.onModuleDestroy();
    setTimeout(() => this.abandon.abort(), DRAIN_MS).unref();
  }

  protected override async look(): Promise<void> {
    try {
      const { full, free, mostOfOne } = this.slots;
      const waiting = free > 0 ? await this.deliverer.waiting({ except: full, most: free, mostOfOne }) : [];
      for (const name of waiting) {
        if (!this.stop.signal.aborted && this.slots.hasRoomFor(name.clientId)) {
          this.slots.take(
            name.clientId,
            () => this.deliver(name),
            () => this.sweep.call(),
          );
        }
      }
      this.looking.over();
    } catch (error) {
      this.looking.began(error);
    }
  }

  private async deliver(name: EndpointName): Promise<void> {
    try {
      await this.deliverer.deliver(name, this.stop.signal, this.abandon.signal);
      this.delivering.over();
    } catch (error) {
      // An attempt that was not recorded is still due.
      if (!this.abandon.signal.aborted) {
        this.delivering.began(error);
      }
    }
  }
}
