import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { sign } from '../../../notify/webhooks/signature.js';
import { now } from '../../../platform/common/clock.js';
import { OutboundClient } from '../../../platform/common/outbound/outbound-client.js';
import { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { WebhookStep } from '../definition/definition.js';
import type { ExecutionJob } from '../running/executions.repository.js';
import type { Subject } from '../running/subject.js';
import { WorkflowsRepository } from '../workflows.repository.js';
import { StepDelay, StepFailure } from './step-failure.js';

const TOO_MANY = 429;
const TIME_OUT = 408;

/** What a receiver, and a workflow that is triggered by it, knows this step of this execution by, however often it is sent. */
export function webhookIdOf(executionId: string, stepId: string): string {
  return `wfx_${executionId}.${stepId}`;
}

/** The execution that such an id is of; null where it is of none. */
export function executionIn(webhookId: string): string | null {
  return /^wfx_([\da-f-]{36})\.[a-z0-9_-]{1,40}$/.exec(webhookId)?.[1] ?? null;
}

/** A POST, signed with the secret of the workflow. Of the answer only the status counts. */
@Injectable()
export class WebhookSteps implements OnModuleDestroy {
  private readonly client: OutboundClient;

  constructor(
    private readonly policy: OutboundPolicy,
    private readonly workflows: WorkflowsRepository,
  ) {
    this.client = new OutboundClient(policy.resolve);
  }

  onModuleDestroy(): void {
    this.client.close();
  }

  /** Outside of transactions. @throws StepDelay where it may be taken later, StepFailure where it is refused */
  async send(
    tenant: Tenant,
    job: ExecutionJob,
    step: WebhookStep,
    subject: Subject,
    stop: AbortSignal,
  ): Promise<object> {
    const [workflow] = await this.workflows.findMany(tenant, [job.workflowId]);
    if (!workflow) {
      throw new StepFailure('The workflow is gone.');
    }
    const body = JSON.stringify(payloadOf(job, step, subject));
    const headers = sign(webhookIdOf(job.id, step.id), now(), body, [workflow.secret]);
    const { status, error } = await this.client.post(
      { url: step.url, rules: this.policy.rulesFor(tenant), headers, body },
      stop,
    );
    if (status === null || status >= 500 || status === TOO_MANY || status === TIME_OUT) {
      throw new StepDelay(status === null ? (error ?? 'No answer') : `It answered ${status}.`);
    }
    if (status < 200 || status >= 300) {
      throw new StepFailure(`It answered ${status}.`);
    }
    return { status };
  }
}

export function payloadOf(
  { workflowNumber, number }: Pick<ExecutionJob, 'workflowNumber' | 'number'>,
  { id }: Pick<WebhookStep, 'id'>,
  { contact, conversation, trigger }: Subject,
): object {
  return {
    ...{ workflow_id: workflowNumber, execution_id: number, step: id },
    contact: contact && {
      ...{ id: contact.number, uuid: contact.id, name: contact.name, email: contact.email, phone: contact.phone },
      ...{ status: contact.status, lead_score: contact.leadScore, custom_fields: contact.customFields },
    },
    conversation: conversation && {
      ...{ id: conversation.number, uuid: conversation.id, subject: conversation.subject },
      ...{ channel: conversation.medium, status: conversation.status },
    },
    trigger,
  };
}
