import { Module } from '@nestjs/common';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { DeliveryModule } from '../delivery.module.js';
import { SmppKeeper } from '../providers/smpp/smpp-keeper.js';
import { Acceptances } from './acceptances.js';
import { CatchUp } from './catch-up.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';
import { DeliveryWorker } from './delivery-worker.js';
import { JobsRepository } from './jobs.repository.js';
import { Submissions } from './submissions.js';

@Module({
  imports: [DeliveryModule, OutboundModule],
  providers: [DeliveryWorker, DeliveryDispatcher, Submissions, Acceptances, JobsRepository, SmppKeeper, CatchUp],
})
export class DeliveryWorkerModule {}
