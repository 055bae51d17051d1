import { Injectable } from '@nestjs/common';
import { invalid } from '../../platform/common/errors/refusal.js';
import { checkMetadata } from '../../platform/common/fields/metadata.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import { AccessRefusal } from '../../platform/common/tenancy/access-refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { SuppressionsService } from '../suppressions/suppressions.service.js';
import { TagsService } from '../tags/tags.service.js';
import { ContactsBulkRepository, type BulkSet, type HeldContact } from './contacts-bulk.repository.js';
import { ContactListsService } from './contact-lists.service.js';

/** Contacts that are changed at once. */
export const MAX_CONTACTS = 1_000;

/** Whom a change is about: these, or all of a segment. */
export type Whom = { readonly contacts: readonly ObjectRef[] } | { readonly segment: ObjectRef };

export interface BulkChange {
  readonly addTags: readonly ObjectRef[];
  readonly removeTags: readonly ObjectRef[];
  readonly set: BulkSet;
}

/** The same by ids of tags. */
interface KnownChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly set: BulkSet;
}

/** One change of many contacts. */
@Injectable()
export class ContactsBulkService {
  constructor(
    private readonly bulk: ContactsBulkRepository,
    private readonly lists: ContactListsService,
    private readonly tags: TagsService,
    private readonly suppressions: SuppressionsService,
  ) {}

  /** @throws Refusal 422 on what is not there */
  async resolve(tenant: Tenant, { addTags, removeTags, set }: BulkChange): Promise<KnownChange> {
    const add = await this.tags.resolve(tenant, addTags, 'add_tag_ids');
    return { add, remove: await this.tags.resolve(tenant, removeTags, 'remove_tag_ids'), set };
  }

  /**
   * All of it or nothing.
   * @param mayResubscribe whether who asks may make one active that is unsubscribed
   * @returns how many are another than before; null where these are too many to change at once
   * @throws Refusal 403, or 422 on what is not there
   */
  async change(tenant: Tenant, whom: Whom, change: BulkChange, mayResubscribe: boolean): Promise<number | null> {
    const ids = await this.idsOf(tenant, whom);
    if (ids === null) {
      return null;
    }
    const known = await this.resolve(tenant, change);
    return this.bulk.inTransaction(tenant, async () => {
      const held = await this.bulk.hold(tenant, ids);
      if (!mayResubscribe && held.some((one) => isLifted(one, known.set))) {
        throw new AccessRefusal({ role: 'admin' });
      }
      if (held.some((one) => isTooMuch(one, known.set))) {
        throw invalid('set.custom_fields', 'Some of these contacts would have more custom fields than there may be.');
      }
      return this.apply(tenant, held, known);
    });
  }

  /** The same of each that may be changed. Within a transaction. @returns also why others may not */
  async changeEach(
    tenant: Tenant,
    contacts: readonly { readonly id: string; readonly number: number }[],
    change: KnownChange,
    mayResubscribe: boolean,
  ): Promise<{ readonly changed: number; readonly problems: readonly string[] }> {
    const held = await this.bulk.hold(
      tenant,
      contacts.map(({ id }) => id),
    );
    const whyNot = (one: HeldContact): string | null =>
      !mayResubscribe && isLifted(one, change.set)
        ? 'only an admin subscribes it again'
        : isTooMuch(one, change.set)
          ? 'it would have more custom fields than there may be'
          : null;
    const reasons = new Map(held.map((one) => [one.id, whyNot(one)]));
    const problems = contacts.flatMap(({ id, number }) =>
      reasons.get(id) == null ? [] : [`Contact ${number}: ${reasons.get(id)}`],
    );
    const changeable = held.filter(({ id }) => reasons.get(id) === null);
    return { changed: await this.apply(tenant, changeable, change), problems };
  }

  private async apply(
    tenant: Tenant,
    held: readonly HeldContact[],
    { add, remove, set }: KnownChange,
  ): Promise<number> {
    const ids = held.map(({ id }) => id);
    const changed = await this.bulk.update(tenant, ids, set);
    const tagged = await this.tags.change(tenant, ids, { add, remove });
    await this.suppressions.liftMany(tenant, emailsOf(held.filter((one) => isLifted(one, set))));
    const left = held.filter((one) => set.status === 'unsubscribed' && one.status !== set.status);
    await this.suppressions.addMany(tenant, emailsOf(left), 'unsubscribed', 'contact');
    return new Set([...changed, ...tagged]).size;
  }

  /** Null where there are too many. */
  private async idsOf(tenant: Tenant, whom: Whom): Promise<string[] | null> {
    if ('contacts' in whom) {
      return this.lists.resolveIds(tenant, whom.contacts, 'contact_ids');
    }
    const filters = await this.lists.resolve(tenant, { segment: whom.segment });
    const { items, hasMore } = await this.lists.page(
      ...([tenant, filters, { sort: 'created_at', direction: 'desc' }] as const),
      { limit: MAX_CONTACTS, offset: 0, after: null },
    );
    return hasMore ? null : items.map(({ id }) => id);
  }
}

function isLifted(one: HeldContact, { status }: BulkSet): boolean {
  return one.status === 'unsubscribed' && status !== undefined && status !== 'unsubscribed';
}

function isTooMuch(one: HeldContact, { customFields = {} }: BulkSet): boolean {
  return checkMetadata({ ...one.customFields, ...customFields }) !== null;
}

function emailsOf(held: readonly { readonly email: string | null }[]): string[] {
  return held.flatMap(({ email }) => email ?? []);
}
