import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { readPhoneNumber } from '../../delivery/texts/phone-number.js';
import { ErasureService } from '../../messages/deletion/erasure.service.js';
import { invalid, notFound } from '../../platform/common/errors/refusal.js';
import { AccessRefusal } from '../../platform/common/tenancy/access-refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { SuppressionsService, type SuppressionRow } from '../suppressions/suppressions.service.js';
import { TagsService } from '../tags/tags.service.js';
import type { ContactStatus } from './contact.entity.js';
import { ContactsRepository, type ContactFields, type ContactRow, type HeldContact } from './contacts.repository.js';
import { written } from './names.js';

export type { ContactFields, ContactRow };

/** What somebody writes of a contact; what is absent stays, or is as a new one has it. */
export interface ContactChange extends Partial<Omit<ContactFields, 'status'>> {
  readonly status?: ContactStatus;
  /** These tags and no others. */
  readonly tags?: readonly ObjectRef[];
}

export type NewContact = ContactChange & { readonly firstName: string; readonly email: string };

export interface ContactDetails extends ContactRow {
  readonly conversationsCount: number;
  readonly suppression: SuppressionRow | null;
}

const NEW: ContactFields = {
  ...{ firstName: null, lastName: null, email: null, phone: null, company: null, jobTitle: null },
  ...{ city: null, country: null, timezone: null, leadScore: 0, status: 'active', customFields: {} },
};

/** One contact at a time. Many: see ContactListsService and ContactsBulkService. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly contacts: ContactsRepository,
    private readonly tags: TagsService,
    private readonly suppressions: SuppressionsService,
    private readonly erasure: ErasureService,
  ) {}

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<ContactDetails> {
    const contact = await this.contacts.find(tenant, ref);
    if (!contact) {
      throw notFound('contact');
    }
    const { email } = contact;
    const suppression = email === null ? null : await this.suppressions.findOfEmail(tenant, email);
    return { ...contact, suppression };
  }

  /** @throws Refusal 422 on `email` or `tag_ids` */
  async create(tenant: Tenant, { tags = [], ...given }: NewContact): Promise<ContactDetails> {
    const tagIds = await this.tags.resolve(tenant, tags, 'tag_ids');
    const fields = { ...NEW, ...given };
    const id = uuidv7();
    await this.contacts.inTransaction(tenant, async () => {
      await this.refuseEmail(tenant, given.email, null);
      const customer = { email: given.email, metadata: fields.customFields, phone: numberIn(fields.phone) };
      const { name, profile } = written({ firstName: given.firstName, lastName: fields.lastName }, null);
      if (!(await this.contacts.insertCustomer(tenant, id, { ...customer, name, profile }))) {
        await this.refuseEmail(tenant, given.email, null);
        // Another took the phone number at this moment.
        await this.contacts.insertCustomer(tenant, id, { ...customer, name, profile, phone: null });
      }
      await this.contacts.update(tenant, id, fields);
      await this.tags.replace(tenant, id, tagIds);
      await this.suppressIf(tenant, fields);
    });
    return this.get(tenant, id);
  }

  /**
   * @param mayResubscribe whether who asks may make one active that is unsubscribed
   * @throws Refusal 404, 403, or 422 on `email` or `tag_ids`
   */
  async update(
    tenant: Tenant,
    ref: ObjectRef,
    change: ContactChange,
    mayResubscribe: boolean,
  ): Promise<ContactDetails> {
    const { tags, ...given } = change;
    const tagIds = tags && (await this.tags.resolve(tenant, tags, 'tag_ids'));
    const id = await this.contacts.inTransaction(tenant, async () => {
      const held = await this.contacts.lock(tenant, ref);
      if (!held) {
        throw notFound('contact');
      }
      if (held.status === 'unsubscribed' && (given.status ?? held.status) !== held.status) {
        if (!mayResubscribe) {
          throw new AccessRefusal({ role: 'admin' });
        }
        await this.liftOf(tenant, held);
      }
      await this.write(tenant, held, given);
      if (tagIds) {
        await this.tags.replace(tenant, held.id, tagIds);
      }
      return held.id;
    });
    return this.get(tenant, id);
  }

  /** Erases the customer, as the core does. @throws Refusal 404 */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    const { id } = await this.get(tenant, ref);
    await this.erasure.erase(tenant, id);
  }

  private async write(tenant: Tenant, held: HeldContact, given: Omit<ContactChange, 'tags'>): Promise<void> {
    const { id, name, profile, ...was } = held;
    const becomes: ContactFields = { ...was, ...given };
    if (becomes.email !== was.email && becomes.email !== null) {
      await this.refuseEmail(tenant, becomes.email, id);
    }
    const { firstName, lastName } = becomes;
    const isRenamed = given.firstName !== undefined || given.lastName !== undefined;
    const names = isRenamed ? written({ firstName, lastName }, profile) : { name, profile };
    // Removed, it is the customer's no more either, who is known by the e-mail as well.
    const number = numberIn(given.phone ?? null);
    const isPhoneChanged = given.phone === null ? becomes.email !== null : number !== null;
    // The copy first: the triggers of the customer then find nothing that is left to change.
    await this.contacts.update(tenant, id, becomes);
    const customer = { ...names, email: becomes.email, metadata: becomes.customFields };
    const end = await this.contacts.updateCustomer(tenant, id, {
      ...customer,
      ...(isPhoneChanged ? { phone: number } : {}),
    });
    if (end === 'taken') {
      throw emailTaken();
    }
    if (was.status !== 'unsubscribed') {
      await this.suppressIf(tenant, becomes);
    }
  }

  private async suppressIf(tenant: Tenant, { status, email }: Pick<ContactFields, 'status' | 'email'>): Promise<void> {
    if (status === 'unsubscribed' && email !== null) {
      await this.suppressions.add(tenant, email, 'unsubscribed', 'contact');
    }
  }

  private async liftOf(tenant: Tenant, { email }: HeldContact): Promise<void> {
    if (email !== null) {
      await this.suppressions.lift(tenant, email);
    }
  }

  private async refuseEmail(tenant: Tenant, email: string, except: string | null): Promise<void> {
    const { taken, own } = await this.contacts.findEmail(tenant, email, except);
    if (own) {
      throw invalid('email', 'This is an address of the workspace itself.');
    }
    if (taken) {
      throw emailTaken();
    }
  }
}

function emailTaken() {
  return invalid('email', 'A contact with this email already exists in this workspace.');
}

/** In international format; null where it is not written so that everybody understands it. */
function numberIn(phone: string | null): string | null {
  return phone === null ? null : readPhoneNumber(phone, undefined);
}
