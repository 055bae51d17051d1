import { Injectable } from '@nestjs/common';
import { CustomerSessionsService } from '../../customers/sessions/customer-sessions.service.js';
import { checkMetadata } from '../../platform/common/fields/metadata.js';
import { invalid, notFound, Refusal, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { SuppressionsService } from '../suppressions/suppressions.service.js';
import { ContactMergesRepository } from './contact-merges.repository.js';
import { ContactsRepository } from './contacts.repository.js';
import { ContactsService, type ContactDetails } from './contacts.service.js';
import { mergedFields, type Keep } from './merged-fields.js';

/** Channels, and messages, that one transaction moves. */
const MAX_MOVED = 10_000;
const MAX_TRIES = 5;

/** Two contacts that are one person become one contact. */
@Injectable()
export class ContactMergesService {
  constructor(
    private readonly merges: ContactMergesRepository,
    private readonly repository: ContactsRepository,
    private readonly contacts: ContactsService,
    private readonly suppressions: SuppressionsService,
    private readonly sessions: CustomerSessionsService,
  ) {}

  /**
   * All that another contact has becomes what this one has; asked for again, nothing changes.
   * @throws Refusal 404, or 422 on `other_id`, on `keep.custom_fields`, or where there is too much to move
   */
  async merge(tenant: Tenant, ref: ObjectRef, otherRef: ObjectRef, keep: Keep): Promise<ContactDetails> {
    const id = await this.repository.inTransaction(tenant, async () => {
      const [stays, goes] = await this.hold(tenant, ref, otherRef);
      if (goes !== null) {
        await this.mergeHeld(tenant, stays, goes, keep);
      }
      return stays;
    });
    return this.contacts.get(tenant, id);
  }

  /** What a contact that was merged within the last 30 days is part of: its number. */
  async findMerged(tenant: Tenant, ref: ObjectRef): Promise<number | null> {
    return (await this.merges.findMerged(tenant, ref))?.number ?? null;
  }

  /** @returns their ids; null for the other where it is this one already */
  private async hold(
    tenant: Tenant,
    ref: ObjectRef,
    otherRef: ObjectRef,
  ): Promise<readonly [stays: string, goes: string | null]> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const [stays] = await this.repository.findIds(tenant, [ref]);
      const [goes] = await this.repository.findIds(tenant, [otherRef]);
      if (!stays) {
        throw notFound('contact');
      }
      if (!goes && (await this.merges.findMerged(tenant, otherRef))?.id === stays.id) {
        return [stays.id, null];
      }
      if (!goes || goes.id === stays.id) {
        throw invalid(
          'other_id',
          goes ? 'A contact can not be merged with itself.' : 'The selected other_id is invalid.',
        );
      }
      const outcome = await this.merges.hold(tenant, stays.id, goes.id, MAX_MOVED);
      if (outcome === 'held') {
        return [stays.id, goes.id];
      }
      if (outcome === 'too_much') {
        throw unfit(`The other contact has more than ${MAX_MOVED} messages or channels.`);
      }
    }
    throw new Refusal('unavailable', 'Others are changing the same contacts. Nothing was changed.', { retryAfter: 1 });
  }

  private async mergeHeld(tenant: Tenant, staysId: string, goesId: string, keep: Keep): Promise<void> {
    const stays = await this.merges.get(tenant, staysId);
    const goes = await this.merges.get(tenant, goesId);
    const { fields, customer, former } = mergedFields(stays, goes, keep);
    const problem = checkMetadata(fields.customFields);
    if (problem) {
      throw invalid('keep.custom_fields', `The custom fields of both together: ${problem.says}`);
    }
    // Their rows go with the customer's; but who they let in is known here for a while.
    await this.sessions.revokeAll(tenant, goesId);
    await this.merges.merge(tenant, staysId, goesId);
    // The copy first: the triggers of the customer then find nothing that is left to change.
    await this.repository.update(tenant, staysId, fields);
    await this.repository.updateCustomer(tenant, staysId, {
      ...customer,
      email: fields.email,
      metadata: fields.customFields,
    });
    await this.merges.remember(tenant, staysId, goes, former);
    if (fields.status === 'unsubscribed' && fields.email !== null) {
      await this.suppressions.add(tenant, fields.email, 'unsubscribed', 'contact');
    }
  }
}
