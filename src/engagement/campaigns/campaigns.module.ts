import { Module } from '@nestjs/common';
import { EmailModule } from '../../delivery/email/email.module.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { ContactsModule } from '../contacts.module.js';
import { TrackingModule } from '../tracking/tracking.module.js';
import { AudiencesService } from './audiences.service.js';
import { CampaignMails } from './campaign-mails.js';
import { CampaignSendingService } from './campaign-sending.service.js';
import { CampaignsRepository } from './campaigns.repository.js';
import { CampaignsService } from './campaigns.service.js';
import { RecipientListsService } from './recipient-lists.service.js';
import { RecipientsRepository } from './recipients.repository.js';

/** Mails to many. */
@Module({
  imports: [ContactsModule, EmailModule, OutboundModule, TrackingModule],
  providers: [
    ...[CampaignsService, CampaignsRepository, AudiencesService, CampaignSendingService, CampaignMails],
    ...[RecipientsRepository, RecipientListsService],
  ],
  exports: [
    ...[CampaignsService, CampaignSendingService, RecipientListsService],
    ...[RecipientsRepository, CampaignsRepository, CampaignMails],
  ],
})
export class CampaignsModule {}
