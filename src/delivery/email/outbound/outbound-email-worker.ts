import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../../notify/worker/work-slots.js';
import { Bus } from '../../../platform/cluster/bus.js';
import { SECOND_MS } from '../../../platform/common/durations.js';
import { OutageLog } from '../../../platform/common/outage-log.js';
import { Database } from '../../../platform/database/database.js';
import { EmailDeliveriesRepository } from './email-deliveries.repository.js';
import { MailDispatcher } from './mail-dispatcher.js';

/** Each holds a mail with its files: 25 MB at most. */
const MAX_MAILS = 40;
/** Its server may take a minute for each. */
const MAX_MAILS_PER_CLIENT = 4;
/** After this one that was taken is due again; to fetch its files and hand it in takes far less. */
const LEASE_MS = 300 * SECOND_MS;

/** Hands in the mails that are due. What a process loses when it dies is found again in the database. */
@Injectable()
export class OutboundEmailWorker extends QueueWorker {
  private readonly logger = new Logger('OutboundEmail');
  private readonly outages = new OutageLog(this.logger, 'Mails can not be sent');

  constructor(
    database: Database,
    bus: Bus,
    private readonly mails: EmailDeliveriesRepository,
    private readonly dispatcher: MailDispatcher,
  ) {
    super(database, bus, new WorkSlots(MAX_MAILS, MAX_MAILS_PER_CLIENT));
  }

  protected override look(): Promise<void> {
    return this.beginDue(
      this.outages,
      MAX_MAILS_PER_CLIENT,
      (most) => this.mails.claim(this.slots.full, most, LEASE_MS),
      (due) => this.dispatcher.send(due),
    );
  }
}
