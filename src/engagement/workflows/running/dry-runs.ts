import { Injectable } from '@nestjs/common';
import { invalid } from '../../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ContactListsService } from '../../contacts/contact-lists.service.js';
import { InboxService } from '../../conversations/inbox.service.js';
import { afterStep, END, stepOf, type Definition, type Step, type StepType } from '../definition/definition.js';
import { AiSteps } from '../steps/ai-step.js';
import { textsOf } from '../steps/conversation-steps.js';
import { InnerSteps } from '../steps/inner-steps.js';
import { failureIn } from '../steps/step-failure.js';
import { WorkflowsService } from '../workflows.service.js';
import { ExecutionsRepository, type ExecutionRow } from './executions.repository.js';
import { Subjects, type Subject } from './subject.js';

/** What somebody asks a workflow to be tried with. */
export interface Trial {
  readonly contact: ObjectRef | null;
  readonly conversation: ObjectRef | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface TriedStep {
  readonly id: string;
  readonly type: StepType;
  readonly status: 'completed' | 'skipped' | 'failed';
  readonly output: object | null;
  readonly error: string | null;
}

export interface DryRun {
  /** Why it would not begin. */
  readonly reason: 'conditions' | null;
  readonly steps: readonly TriedStep[];
}

type About = Pick<ExecutionRow, 'contactId' | 'channelId' | 'trigger'>;

/**
 * What a workflow would do. Its steps are really done, so that each sees what those before it did, and then undone: what lies
 * outside is not asked at all.
 */
@Injectable()
export class DryRuns {
  constructor(
    private readonly workflows: WorkflowsService,
    private readonly executions: ExecutionsRepository,
    private readonly contacts: ContactListsService,
    private readonly inbox: InboxService,
    private readonly subjects: Subjects,
    private readonly steps: InnerSteps,
    private readonly ai: AiSteps,
  ) {}

  /** @throws Refusal 404, 422 on `contact_id` and `conversation_id` */
  async try(tenant: Tenant, ref: ObjectRef, { payload, ...trial }: Trial): Promise<DryRun> {
    const { id, definition } = await this.workflows.get(tenant, ref);
    const about = { ...(await this.peopleOf(tenant, trial)), trigger: { type: definition.trigger.type, ...payload } };
    return this.executions.undone(tenant, async () => {
      await this.executions.begin(tenant, [id]);
      const { conditions } = definition;
      const isMet =
        !conditions || (await this.subjects.isTrue(tenant, conditions, await this.subjects.of(tenant, about)));
      return isMet
        ? { reason: null, steps: await this.walk(tenant, definition, about) }
        : { reason: 'conditions', steps: [] };
    });
  }

  /** Up to the end, or to what can not be done. */
  private async walk(tenant: Tenant, definition: Definition, about: About): Promise<TriedStep[]> {
    const tried: TriedStep[] = [];
    let at: string = definition.steps[0]!.id;
    while (at !== END) {
      const step = stepOf(definition, at)!;
      const { id, type } = step;
      try {
        const { output, to } = await this.take(tenant, definition, step, await this.subjects.of(tenant, about));
        tried.push({ id, type, status: 'skipped' in output ? 'skipped' : 'completed', output, error: null });
        at = to;
      } catch (error) {
        const failure = failureIn(error);
        if (failure === null) {
          throw error;
        }
        tried.push({ id, type, status: 'failed', output: null, error: failure.says });
        at = END;
      }
    }
    return tried;
  }

  private async take(
    tenant: Tenant,
    definition: Definition,
    step: Step,
    subject: Subject,
  ): Promise<{ readonly output: object; readonly to: string }> {
    const next = afterStep(definition, step);
    switch (step.type) {
      case 'branch': {
        const isTrue = await this.subjects.isTrue(tenant, step.if, subject);
        const to = isTrue ? step.then : afterStep(definition, step, step.else);
        return { output: { held: isTrue, to }, to };
      }
      // As if nothing came while it waits.
      case 'wait':
        return { output: { for: step.for }, to: next };
      case 'webhook':
        return { output: { url: step.url }, to: next };
      case 'ai_reply':
        return { output: await this.ai.try(tenant, step, subject), to: next };
      case 'note':
      case 'send_reply':
      case 'send_email':
      case 'send_sms': {
        const done = await this.steps.perform(tenant, step, subject);
        // What it would be called, it never will be.
        const skipped = 'skipped' in done ? { skipped: done.skipped } : {};
        return { output: { ...textsOf(step, subject), ...skipped }, to: next };
      }
      default:
        return { output: await this.steps.perform(tenant, step, subject), to: next };
    }
  }

  private async peopleOf(
    tenant: Tenant,
    { contact, conversation }: Omit<Trial, 'payload'>,
  ): Promise<Pick<About, 'contactId' | 'channelId'>> {
    const contactId = contact === null ? null : await this.contacts.findId(tenant, contact);
    if (contact !== null && contactId === null) {
      unknown('contact_id');
    }
    const talk = conversation === null ? null : await this.inbox.find(tenant, conversation);
    if (conversation !== null && (talk === null || (contactId !== null && talk.contactId !== contactId))) {
      unknown('conversation_id');
    }
    return { contactId: contactId ?? talk?.contactId ?? null, channelId: talk?.id ?? null };
  }
}

function unknown(path: string): never {
  throw invalid(path, `The selected ${path} is invalid.`);
}
