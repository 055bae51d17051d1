import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Sweep } from '../../notify/worker/sweep.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { InboxRepository } from './inbox.repository.js';

/** In one transaction, of one client. */
const BATCH_CONVERSATIONS = 100;

/** Opens conversations that were snoozed until now; each is woken by one process of all. */
@Injectable()
export class SnoozeWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly outages = new OutageLog(new Logger('SnoozeWorker'), 'Snoozed conversations can not be opened');
  private readonly sweep = new Sweep(() => this.wake());
  private ending = false;

  constructor(private readonly conversations: InboxRepository) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await this.sweep.end();
  }

  private async wake(): Promise<void> {
    try {
      while (!this.ending && (await this.conversations.wake(BATCH_CONVERSATIONS)) > 0) {
        // There may be more, of this client or another.
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }
}
