import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ContactListsService } from '../../contacts/contact-lists.service.js';
import { InboxService, type ConversationRow } from '../../conversations/inbox.service.js';
import type { ContactRow } from '../../contacts/contacts.service.js';
import type { Filter } from '../../segments/filter.js';
import type { Values } from '../../templates/template.js';
import { contactLeaves, holds } from './conditions.js';
import { ExecutionsRepository, type ExecutionRow } from './executions.repository.js';
import { toldValues } from './told-values.js';

/** Whom an execution is about, as it is now. */
export interface Subject {
  readonly contact: ContactRow | null;
  /** What triggered it was said there; else where the contact and the team last wrote. */
  readonly conversation: ConversationRow | null;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly values: Values;
}

type About = Pick<ExecutionRow, 'contactId' | 'channelId' | 'trigger'>;

@Injectable()
export class Subjects {
  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly contacts: ContactListsService,
    private readonly inbox: InboxService,
  ) {}

  async of(tenant: Tenant, { contactId, channelId, trigger }: About): Promise<Subject> {
    const [contact = null] = contactId === null ? [] : await this.contacts.findMany(tenant, [contactId]);
    const newest = async (): Promise<string | null> =>
      contactId === null ? null : this.executions.newestConversation(tenant, contactId);
    const channel = channelId ?? (await newest());
    const conversation = channel === null ? null : await this.inbox.find(tenant, channel);
    const values = toldValues(contact, await this.executions.workspaceName(tenant), trigger);
    return { contact, conversation, trigger, values };
  }

  async isTrue(tenant: Tenant, filter: Filter, { contact, conversation, trigger }: Subject): Promise<boolean> {
    const leaves = contactLeaves(filter);
    const held = contact && (await this.executions.held(tenant, leaves, [contact.id])).get(contact.id);
    return holds(filter, { conversation, trigger }, held ?? []);
  }
}
