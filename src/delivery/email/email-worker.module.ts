import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { EmailModule } from './email.module.js';
import { ImapKeeper } from './imap/imap-keeper.js';
import { InboundEmailWorker } from './inbound/inbound-email-worker.js';
import { MailDispatcher } from './outbound/mail-dispatcher.js';
import { MailWriter } from './outbound/mail-writer.js';
import { OutboundEmailWorker } from './outbound/outbound-email-worker.js';
import { MailReader } from './reading/mail-reader.js';

@Module({
  imports: [EmailModule, FilesModule, OutboundModule],
  providers: [ImapKeeper, InboundEmailWorker, MailReader, OutboundEmailWorker, MailDispatcher, MailWriter],
})
export class EmailWorkerModule {}
