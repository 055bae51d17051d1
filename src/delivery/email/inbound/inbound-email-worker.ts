import { Injectable, Logger } from '@nestjs/common';
import { QueueWorker } from '../../../notify/worker/queue-worker.js';
import { WorkSlots } from '../../../notify/worker/work-slots.js';
import { Bus } from '../../../platform/cluster/bus.js';
import { SECOND_MS } from '../../../platform/common/durations.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { OutageLog } from '../../../platform/common/outage-log.js';
import { Database } from '../../../platform/database/database.js';
import { MailFiles } from '../messages/mail-files.js';
import { MailReader, MailTooHeavy } from '../reading/mail-reader.js';
import { readHeaders } from '../reading/read-mail.js';
import { InboundEmailsRepository, type DueMail } from './inbound-emails.repository.js';
import { MailFiling } from './mail-filing.js';

/** They are read one after another; what is slow is to keep their files. */
const MAX_MAILS = 8;
const MAX_MAILS_PER_CLIENT = 4;
/** After this one that was taken is due again: all that are before it in the reader may take their time. */
const LEASE_MS = 300 * SECOND_MS;
const MAX_ATTEMPTS = 10;

/** Understands the mails that were taken. What a process loses when it dies is found again in the database. */
@Injectable()
export class InboundEmailWorker extends QueueWorker {
  private readonly logger = new Logger('InboundEmail');
  private readonly outages = new OutageLog(this.logger, 'Mails can not be understood');

  constructor(
    database: Database,
    bus: Bus,
    private readonly mails: InboundEmailsRepository,
    private readonly files: MailFiles,
    private readonly reader: MailReader,
    private readonly filing: MailFiling,
  ) {
    super(database, bus, new WorkSlots(MAX_MAILS, MAX_MAILS_PER_CLIENT));
  }

  protected override look(): Promise<void> {
    return this.beginDue(
      this.outages,
      MAX_MAILS_PER_CLIENT,
      (most) => this.mails.claim(this.slots.full, most, LEASE_MS),
      (due) => this.understand(due),
    );
  }

  private async understand(due: DueMail): Promise<void> {
    const tenant = { clientId: due.clientId, livemode: due.livemode };
    const why = await this.attempt(tenant, due);
    if (why !== null) {
      await this.mails.fail(tenant, due.id, why);
    }
  }

  /** Why nothing will come of it; null: nothing is wrong. @throws what may be over at the next attempt */
  private async attempt(tenant: Pick<DueMail, 'clientId' | 'livemode'>, due: DueMail): Promise<string | null> {
    try {
      const raw = await this.files.read(tenant, due.fileId);
      if (!raw) {
        return 'The mail is gone';
      }
      const mail = await this.reader.read(raw).catch((error: unknown) => {
        if (error instanceof MailTooHeavy) {
          return readHeaders(raw, 'too_heavy');
        }
        throw error;
      });
      return await this.filing.file(tenant, due, raw, mail);
    } catch (error) {
      if ((error instanceof Refusal && error.kind !== 'unavailable') || due.attempts >= MAX_ATTEMPTS) {
        this.logger.error(error);
        return (error as Error).message;
      }
      throw error;
    }
  }
}
