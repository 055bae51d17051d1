import { Module } from '@nestjs/common';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { AiRepliesModule } from '../ai/replies/ai-replies.module.js';
import { ContactsModule } from '../contacts.module.js';
import { InboxModule } from '../conversations/conversations.module.js';
import { WorkflowReferences } from './definition/workflow-references.js';
import { DryRuns } from './running/dry-runs.js';
import { ExecutionsRepository } from './running/executions.repository.js';
import { ExecutionsService } from './running/executions.service.js';
import { Runner } from './running/runner.js';
import { Subjects } from './running/subject.js';
import { AiSteps } from './steps/ai-step.js';
import { ContactSteps } from './steps/contact-steps.js';
import { ConversationSteps } from './steps/conversation-steps.js';
import { InnerSteps } from './steps/inner-steps.js';
import { WebhookSteps } from './steps/webhook-step.js';
import { Admissions } from './triggers/admissions.js';
import { Schedules } from './triggers/schedules.js';
import { Triggerings } from './triggers/triggerings.js';
import { TriggersRepository } from './triggers/triggers.repository.js';
import { WorkflowsRepository } from './workflows.repository.js';
import { WorkflowsService } from './workflows.service.js';

/** What a team has done by itself. */
@Module({
  imports: [AiRepliesModule, ContactsModule, InboxModule, OutboundModule],
  providers: [
    ...[WorkflowsService, WorkflowsRepository, WorkflowReferences],
    ...[Admissions, Triggerings, Schedules, TriggersRepository],
    ...[ExecutionsService, ExecutionsRepository, Runner, DryRuns, Subjects],
    ...[InnerSteps, ContactSteps, ConversationSteps, WebhookSteps, AiSteps],
  ],
  exports: [WorkflowsService, ExecutionsService, ExecutionsRepository, Runner, DryRuns, Triggerings, Schedules],
})
export class WorkflowsModule {}
