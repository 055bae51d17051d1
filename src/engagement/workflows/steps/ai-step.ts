import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { AiRepliesService, type GeneratedReply } from '../../ai/replies/ai-replies.service.js';
import type { ConversationRow } from '../../conversations/inbox.service.js';
import type { AiStep } from '../definition/definition.js';
import type { Subject } from '../running/subject.js';
import { conversationIn, ConversationSteps, MAX_SMS, type Skipped } from './conversation-steps.js';

/** What a model wrote, and where it is an answer. */
export interface Draft {
  readonly conversation: ConversationRow;
  readonly generated: GeneratedReply;
}

/** A reply of the workspace's model, noted for the team or sent. What it wrote is text, and never rendered as a template. */
@Injectable()
export class AiSteps {
  constructor(
    private readonly replies: AiRepliesService,
    private readonly conversationSteps: ConversationSteps,
  ) {}

  /** Outside of transactions. Of whom nothing would be sent to, no model is told. @throws AiRefusal, StepFailure */
  async draft(tenant: Tenant, step: AiStep, subject: Subject): Promise<Draft | Skipped> {
    const conversation = conversationIn(subject);
    const silent = await this.whySilent(tenant, step, subject);
    return (
      silent ?? { conversation, generated: await this.replies.generate(tenant, { userId: null, about: conversation }) }
    );
  }

  /** What was drafted, in the conversation that it was drafted for. */
  async say(tenant: Tenant, step: AiStep, subject: Subject, draft: Draft | Skipped): Promise<object | Skipped> {
    if ('skipped' in draft) {
      return draft;
    }
    const { conversation, generated } = draft;
    const { id, reply, model, tokensIn, tokensOut } = generated;
    const [where, what] = [
      { ...subject, conversation },
      { model, tokens_used: tokensIn + tokensOut },
    ];
    if (step.mode !== 'send') {
      return { ...(await this.conversationSteps.note(tenant, where, reply)), ...what };
    }
    const body = conversation.medium === 'sms' ? reply.slice(0, MAX_SMS) : reply;
    return { ...(await this.conversationSteps.reply(tenant, where, body, id)), ...what };
  }

  /** What it would do. No model is asked. @throws AiRefusal, StepFailure */
  async try(tenant: Tenant, step: AiStep, subject: Subject): Promise<object | Skipped> {
    conversationIn(subject);
    const { mode = 'note' } = step;
    const silent = await this.whySilent(tenant, step, subject);
    if (silent === null) {
      await this.replies.mustBeReady(tenant);
    }
    return { mode, ...silent };
  }

  private whySilent(tenant: Tenant, { mode }: AiStep, subject: Subject): Promise<Skipped | null> {
    return mode === 'send' ? this.conversationSteps.whySilent(tenant, subject) : Promise.resolve(null);
  }
}
