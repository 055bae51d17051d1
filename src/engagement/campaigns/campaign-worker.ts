import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../notify/worker/work-slots.js';
import { Bus } from '../../platform/cluster/bus.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { ticks } from '../../platform/common/clock.js';
import { SECOND_MS } from '../../platform/common/durations.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Database } from '../../platform/database/database.js';
import { CampaignDispatcher } from './campaign-dispatcher.js';
import { CampaignPreparation } from './campaign-preparation.js';
import { RecipientsRepository, type ClaimedRecipient, type DueAccount } from './recipients.repository.js';

/** Connections to mail servers: in this process, and to that of one account. */
const MAX_LANES = 40;
const MAX_LANES_PER_ACCOUNT = 5;
/** Taken at once; a lane sends them one after another. */
const LANE_MAILS = 50;
/** Recovered at once. */
const MAX_LOST = 1_000;

/** Makes recipients of campaigns, and sends what is due by accounts that may. What a process loses when it dies the others find. */
@Injectable()
export class CampaignWorker extends QueueWorker {
  private readonly outages = new OutageLog(new Logger('Campaigns'), 'Campaigns can not go on');
  private preparedAt = -Infinity;
  /** What lanes are at. */
  private readonly held = new Set<string>();
  /** Whether the database may know of something as ours that no lane is at: an answer of it did not come. */
  private mayHaveLost = false;

  constructor(
    database: Database,
    bus: Bus,
    private readonly recipients: RecipientsRepository,
    private readonly preparation: CampaignPreparation,
    private readonly dispatcher: CampaignDispatcher,
    private readonly replicas: Replicas,
  ) {
    super(database, bus, new WorkSlots(MAX_LANES, MAX_LANES_PER_ACCOUNT));
  }

  /** Until it is registered, nothing that a process takes can be told from what a dead one left. */
  override onApplicationBootstrap(): void {
    void this.replicas.registered.then(() => super.onApplicationBootstrap());
  }

  protected override async look(): Promise<void> {
    try {
      await this.recover();
      const hasMore = await this.prepare();
      while (this.slots.free > 0 && !this.stop.signal.aborted && (await this.begin()) > 0) {
        // There may be more of the same accounts.
      }
      this.outages.over();
      if (hasMore && !this.stop.signal.aborted) {
        this.sweep.call();
      }
    } catch (error) {
      this.failed(error);
    }
  }

  private async recover(): Promise<void> {
    if (this.mayHaveLost) {
      this.mayHaveLost = (await this.recipients.recoverOwn(MAX_LOST, this.replicas.id, [...this.held])) === MAX_LOST;
    }
  }

  private failed(error: unknown): void {
    this.mayHaveLost = true;
    this.outages.began(error);
  }

  /** Once a second, and again at once where there is more. */
  private async prepare(): Promise<boolean> {
    if (ticks() - this.preparedAt < SECOND_MS) {
      return false;
    }
    const hasMore = await this.preparation.go();
    this.preparedAt = hasMore ? -Infinity : ticks();
    return hasMore;
  }

  /** A lane of each account that is due. @returns how many recipients were taken */
  private async begin(): Promise<number> {
    let taken = 0;
    for (const account of await this.recipients.dueAccounts(this.slots.full, this.slots.free)) {
      const claimed = await this.dispatcher.claim(account, LANE_MAILS);
      const own = claimed.filter(({ waitMs }) => waitMs !== null);
      taken += claimed.length;
      if (own.length > 0) {
        this.take(account, own);
      }
    }
    return taken;
  }

  private take(account: DueAccount, claimed: readonly ClaimedRecipient[]): void {
    const ids = claimed.map(({ id }) => id);
    ids.forEach((id) => this.held.add(id));
    this.slots.take(
      account.accountId,
      () =>
        this.dispatcher
          .send(account, claimed, this.stop.signal)
          .catch((error: unknown) => this.failed(error))
          .finally(() => ids.forEach((id) => this.held.delete(id))),
      () => this.sweep.call(),
    );
  }
}
