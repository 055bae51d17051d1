import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../../config.js';
import { InboundEmailsService } from './inbound-emails.service.js';
import { SmtpListener } from './smtp-listener.js';

/** Listens by SMTP where that is wanted. */
@Injectable()
export class SmtpIntake implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('SmtpIntake');
  private listener: SmtpListener | null = null;

  constructor(
    @Inject(Config) private readonly settings: Pick<Config, 'inboundMail'>,
    private readonly mails: InboundEmailsService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { port, domain } = this.settings.inboundMail;
    if (port === 0 || domain === undefined) {
      return;
    }
    this.listener = new SmtpListener(this.mails);
    await this.listener.listen(port);
    this.logger.log(`Takes mails for ${domain} on port ${port}`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.listener?.close();
  }
}
