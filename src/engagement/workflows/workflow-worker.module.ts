import { Module } from '@nestjs/common';
import { ExecutionWorker } from './running/execution-worker.js';
import { ScheduleWorker } from './triggers/schedule-worker.js';
import { TriggerWorker } from './triggers/trigger-worker.js';
import { WorkflowsModule } from './workflows.module.js';

/** For processes that work. */
@Module({ imports: [WorkflowsModule], providers: [TriggerWorker, ScheduleWorker, ExecutionWorker] })
export class WorkflowWorkerModule {}
