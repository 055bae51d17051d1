import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { InboxService, type ConversationRow } from '../../conversations/inbox.service.js';
import { RepliesService } from '../../conversations/replies.service.js';
import { TimelineService } from '../../conversations/timeline.service.js';
import type { AssignStep, StatusStep, TextStep } from '../definition/definition.js';
import { ExecutionsRepository } from '../running/executions.repository.js';
import type { Subject } from '../running/subject.js';
import { said } from '../running/told-values.js';
import { contactIn } from './contact-steps.js';
import { StepFailure } from './step-failure.js';

const MAX_TEXT = 16_000;
export const MAX_SMS = 1_600;

/** A step that does nothing, and why. */
export interface Skipped {
  readonly skipped: string;
}

/** Steps that say something or change a conversation: within the transaction of the step. */
@Injectable()
export class ConversationSteps {
  constructor(
    private readonly inbox: InboxService,
    private readonly replies: RepliesService,
    private readonly timeline: TimelineService,
    private readonly executions: ExecutionsRepository,
  ) {}

  async say(tenant: Tenant, step: TextStep, subject: Subject): Promise<object | Skipped> {
    const { body, subject: subjectLine } = textsOf(step, subject);
    if (body === '') {
      return { skipped: 'nothing_to_say' };
    }
    switch (step.type) {
      case 'note':
        return this.note(tenant, subject, body);
      case 'send_reply':
        return this.reply(tenant, subject, body);
      case 'send_email':
        return this.begin(tenant, subject, { channel: 'email', message: body, subject: subjectLine! });
      case 'send_sms':
        return this.begin(tenant, subject, { channel: 'sms', message: body });
    }
  }

  async note(tenant: Tenant, subject: Subject, body: string): Promise<{ readonly note: number }> {
    const author = { userId: null, isAdmin: false };
    return { note: (await this.timeline.addNote(tenant, conversationIn(subject).id, author, body)).number };
  }

  async assign(tenant: Tenant, { user_id: user }: AssignStep, subject: Subject): Promise<object> {
    await this.inbox.assign(tenant, conversationIn(subject).id, null, user);
    return { user_id: user };
  }

  async set(tenant: Tenant, step: StatusStep, subject: Subject): Promise<object> {
    const status = step.type === 'close' ? 'closed' : step.status;
    await this.inbox.apply(tenant, conversationIn(subject), null, { status, snoozed_until: null });
    return { status };
  }

  /** @param aiReplyId what a model wrote: it counts as used */
  async reply(
    tenant: Tenant,
    subject: Subject,
    body: string,
    aiReplyId: string | null = null,
  ): Promise<{ readonly message: number } | Skipped> {
    const silent = await this.whySilent(tenant, subject);
    if (silent !== null) {
      return silent;
    }
    const item = await this.replies.reply(tenant, conversationIn(subject), {}, { body, aiReplyId });
    await this.executions.markAutomatic(tenant, item.id, true);
    return { message: item.number };
  }

  /** Who unsubscribed gets no mail that nobody wrote. */
  async whySilent(tenant: Tenant, subject: Subject): Promise<Skipped | null> {
    const { medium } = conversationIn(subject);
    const isSilent = medium === 'email' && (await this.isSuppressed(tenant, subject));
    return isSilent ? { skipped: 'unsubscribed' } : null;
  }

  private async begin(
    tenant: Tenant,
    subject: Subject,
    wanted: { readonly channel: 'email' | 'sms'; readonly message: string; readonly subject?: string },
  ): Promise<object | Skipped> {
    const { id } = contactIn(subject.contact);
    if (wanted.channel === 'email' && (await this.isSuppressed(tenant, subject))) {
      return { skipped: 'unsubscribed' };
    }
    const conversation = await this.replies.begin(tenant, {}, { contact: id, ...wanted });
    const newest = await this.timeline.messageIdOf(tenant, conversation.id, conversation.lastPosition);
    await this.executions.markAutomatic(tenant, newest, false);
    return { conversation: conversation.number };
  }

  private async isSuppressed(tenant: Tenant, { contact }: Subject): Promise<boolean> {
    return contact !== null && (await this.inbox.contactIn(tenant, contact.id)).isSuppressed;
  }
}

/** What a step says, as it says it now. */
export function textsOf(step: TextStep, { values }: Subject): { readonly subject?: string; readonly body: string } {
  const body = said(step.body, values)
    .trim()
    .slice(0, step.type === 'send_sms' ? MAX_SMS : MAX_TEXT);
  return step.type === 'send_email' ? { subject: said(step.subject, values, 'line'), body } : { body };
}

export function conversationIn({ conversation }: Subject): ConversationRow {
  if (conversation === null) {
    throw new StepFailure('There is no conversation.');
  }
  return conversation;
}
