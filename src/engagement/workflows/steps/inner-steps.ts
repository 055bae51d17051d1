import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { Step } from '../definition/definition.js';
import type { Subject } from '../running/subject.js';
import { ContactSteps } from './contact-steps.js';
import { ConversationSteps } from './conversation-steps.js';

export type InnerStep = Exclude<Step, { readonly type: 'wait' | 'branch' | 'webhook' | 'ai_reply' }>;

/** Steps whose whole effect lies in the database: within the transaction of the step. */
@Injectable()
export class InnerSteps {
  constructor(
    private readonly contactSteps: ContactSteps,
    private readonly conversationSteps: ConversationSteps,
  ) {}

  perform(tenant: Tenant, step: InnerStep, subject: Subject): Promise<object> {
    switch (step.type) {
      case 'add_tag':
      case 'remove_tag':
        return this.contactSteps.tag(tenant, step, subject);
      case 'set_field':
        return this.contactSteps.set(tenant, step, subject);
      case 'assign':
        return this.conversationSteps.assign(tenant, step, subject);
      case 'set_status':
      case 'close':
        return this.conversationSteps.set(tenant, step, subject);
      default:
        return this.conversationSteps.say(tenant, step, subject);
    }
  }
}
