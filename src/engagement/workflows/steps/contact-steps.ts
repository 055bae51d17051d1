import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ContactsService, type ContactChange } from '../../contacts/contacts.service.js';
import { TagsService } from '../../tags/tags.service.js';
import type { FieldStep, TagStep } from '../definition/definition.js';
import type { Subject } from '../running/subject.js';
import { said } from '../running/told-values.js';
import { StepFailure } from './step-failure.js';

const MAX_TEXT = 255;
const FIELDS: Readonly<Record<string, keyof ContactChange>> = {
  ...{ first_name: 'firstName', last_name: 'lastName', company: 'company', job_title: 'jobTitle', city: 'city' },
  ...{ country: 'country', timezone: 'timezone', lead_score: 'leadScore', status: 'status' },
};

/** Steps that change the contact: within the transaction of the step. */
@Injectable()
export class ContactSteps {
  constructor(
    private readonly contacts: ContactsService,
    private readonly tags: TagsService,
  ) {}

  async tag(tenant: Tenant, { type, tag_id: number }: TagStep, { contact }: Subject): Promise<object> {
    const { id } = contactIn(contact);
    const [tag] = await this.tags.findMany(tenant, [number]);
    if (!tag) {
      throw new StepFailure('The tag is gone.');
    }
    const change = type === 'add_tag' ? { add: [tag.id], remove: [] } : { add: [], remove: [tag.id] };
    return { changed: (await this.tags.change(tenant, [id], change)).size > 0 };
  }

  /** Who unsubscribed stays so, whatever a workflow says. */
  async set(tenant: Tenant, { field, value }: FieldStep, { contact, values }: Subject): Promise<object> {
    const { id, customFields } = contactIn(contact);
    const becomes = typeof value === 'string' ? said(value, values, 'line') : value;
    const key = /^custom\.(.*)$/s.exec(field)?.[1];
    const change: ContactChange =
      key === undefined
        ? { [FIELDS[field]!]: typeof becomes === 'string' ? becomes.slice(0, MAX_TEXT) : becomes }
        : { customFields: withKey(customFields, key, becomes) };
    await this.contacts.update(tenant, id, change, false);
    return { [field]: becomes };
  }
}

export function contactIn<Contact>(contact: Contact | null): Contact {
  if (contact === null) {
    throw new StepFailure('There is no contact.');
  }
  return contact;
}

function withKey(fields: Readonly<Record<string, unknown>>, key: string, value: unknown): Record<string, unknown> {
  const others = Object.entries(fields).filter(([name]) => name !== key);
  return Object.fromEntries(value === null ? others : [...others, [key, value]]);
}
