import { Module } from '@nestjs/common';
import { ChannelsModule } from '../../channels/channels.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { FilesModule } from '../../files/files.module.js';
import { MessagesModule } from '../../messages/messages.module.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { AccountTrials } from './accounts/account-trials.js';
import { AccountSecretRotation } from './accounts/account-secret-rotation.js';
import { AccountSecrets } from './accounts/account-secrets.js';
import { EmailAccountsRepository } from './accounts/email-accounts.repository.js';
import { EmailAccountsService } from './accounts/email-accounts.service.js';
import { InboundEmailsRepository } from './inbound/inbound-emails.repository.js';
import { InboundEmailsService } from './inbound/inbound-emails.service.js';
import { Bounces } from './inbound/bounces.js';
import { BulkMails } from './inbound/bulk-mails.js';
import { OwnMails } from './inbound/own-mails.js';
import { MailFiling } from './inbound/mail-filing.js';
import { ImapMailboxesRepository } from './imap/imap-mailboxes.repository.js';
import { EmailMessagesRepository } from './messages/email-messages.repository.js';
import { MailFiles } from './messages/mail-files.js';
import { MailDeliveriesService } from './outbound/mail-deliveries.service.js';
import { EmailDeliveriesRepository } from './outbound/email-deliveries.repository.js';
import { SmtpClient } from './smtp/smtp-client.js';
import { MailAddresses } from './threads/mail-addresses.js';
import { TrackingSecrets } from './threads/tracking-secrets.js';

/** How messages reach mailboxes, and come from them. */
@Module({
  imports: [ChannelsModule, CustomersModule, FilesModule, MessagesModule, OutboundModule],
  providers: [
    ...[EmailAccountsService, EmailAccountsRepository, AccountSecrets, AccountSecretRotation, AccountTrials],
    ...[
      InboundEmailsService,
      InboundEmailsRepository,
      MailFiling,
      OwnMails,
      ...[Bounces, BulkMails],
      EmailMessagesRepository,
      MailFiles,
    ],
    ...[TrackingSecrets, MailAddresses, EmailDeliveriesRepository, MailDeliveriesService, ImapMailboxesRepository],
    {
      provide: SmtpClient,
      inject: [OutboundPolicy],
      useFactory: ({ resolve }: OutboundPolicy) => new SmtpClient(resolve),
    },
  ],
  exports: [
    ...[EmailAccountsService, AccountSecrets, AccountTrials, EmailDeliveriesRepository, SmtpClient],
    ...[InboundEmailsService, InboundEmailsRepository, MailFiling, MailFiles, MailAddresses, TrackingSecrets],
    ...[MailDeliveriesService, ImapMailboxesRepository],
  ],
})
export class EmailModule {}
