import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery.module.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';
import { DeliveryWorker } from './delivery-worker.js';
import { JobsRepository } from './jobs.repository.js';

@Module({ imports: [DeliveryModule], providers: [DeliveryWorker, DeliveryDispatcher, JobsRepository] })
export class DeliveryWorkerModule {}
