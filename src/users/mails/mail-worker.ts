import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { nextWaitMs } from '../../notify/backoff.js';
import { Sweep } from '../../notify/worker/sweep.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../platform/common/durations.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Mails } from './mails.js';
import { MailsRepository, type DueMail } from './mails.repository.js';

/** At once. */
const BATCH = 10;
/** For twelve hours: longer than most mail servers are away. */
const PLAN_MS = [2 * SECOND_MS, 15 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 9 * HOUR_MS];

/** Sends mails, and tries again what the mail server does not take yet. What a process loses when it dies is found again. */
@Injectable()
export class MailWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Mail');
  private readonly outages = new OutageLog(this.logger, 'Mails can not be looked for');
  private readonly sweep = new Sweep(() => this.look());
  private stopping = false;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly mails: Mails,
    private readonly repository: MailsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
    this.stopListening = this.repository.onQueue(() => this.sweep.call());
  }

  onModuleDestroy(): void {
    this.stopping = true;
    this.stopListening?.();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
  }

  private async look(): Promise<void> {
    try {
      for (let found = BATCH; found === BATCH && !this.stopping;) {
        const due = await this.repository.claim(BATCH);
        found = due.length;
        await Promise.all(due.map((mail) => this.attempt(mail)));
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  private async attempt(mail: DueMail): Promise<void> {
    try {
      await this.mails.send(mail);
    } catch (error) {
      await this.postpone(mail, error as Error & { readonly responseCode?: number });
      return;
    }
    await this.repository.done(mail);
  }

  /** What the mail server refuses for good (5xx) is not tried again. */
  private async postpone(
    mail: DueMail,
    { message, responseCode = 0 }: Error & { responseCode?: number },
  ): Promise<void> {
    const waitMs = responseCode >= 500 ? null : nextWaitMs(PLAN_MS, mail.attempts, 0, Math.random());
    this.logger.warn(
      `A mail (${mail.kind}) was not sent${waitMs === null ? ', and will not be' : ' and is tried again'}: ${message}`,
    );
    await (waitMs === null ? this.repository.done(mail) : this.repository.later(mail, waitMs / SECOND_MS));
  }
}
