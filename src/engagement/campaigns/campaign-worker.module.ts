import { Module } from '@nestjs/common';
import { EmailModule } from '../../delivery/email/email.module.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { ContactsModule } from '../contacts.module.js';
import { CampaignDispatcher } from './campaign-dispatcher.js';
import { CampaignPreparation } from './campaign-preparation.js';
import { CampaignWorker } from './campaign-worker.js';
import { CampaignsModule } from './campaigns.module.js';

/** For processes that work. */
@Module({
  imports: [CampaignsModule, ContactsModule, EmailModule, OutboundModule],
  providers: [CampaignWorker, CampaignDispatcher, CampaignPreparation],
})
export class CampaignWorkerModule {}
