import { Injectable } from '@nestjs/common';
import { MembersService } from '../../channels/members.service.js';
import { invalid, notFound } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { CustomerSessionsService } from '../../customers/sessions/customer-sessions.service.js';
import { Database } from '../../platform/database/database.js';
import { FilesService } from '../../files/files.service.js';
import { ErasureRepository } from './erasure.repository.js';

/** So that no transaction holds its locks for long. */
const CHANNELS = 100;
const MESSAGES = 1_000;
const FILES = 1_000;

/** Erases a customer; its messages stay, without a sender. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly erasure: ErasureRepository,
    private readonly members: MembersService,
    private readonly sessions: CustomerSessionsService,
    private readonly files: FilesService,
    private readonly database: Database,
  ) {}

  /**
   * Deletes a customer and what it uploaded and did not send; what it said stays, without a sender. In one transaction, or
   * in several where there is much of it: after each everything counts right, and an erasure that was cut short goes on
   * when it is asked for again.
   * @throws Refusal 404, or 422 on `id`
   */
  async erase(tenant: Tenant, customerId: string): Promise<void> {
    // Their rows go with the customer's; but who they let in is known here for a while.
    await this.sessions.revokeAll(tenant, customerId);
    let end = await this.eraseSome(tenant, customerId);
    if (end === 'unknown') {
      throw notFound('customer');
    }
    while (end === 'more') {
      end = await this.eraseSome(tenant, customerId);
    }
  }

  private eraseSome(tenant: Tenant, customerId: string): Promise<'unknown' | 'more' | 'erased'> {
    return this.database.transaction(tenant, async () => {
      const left = await this.members.leaveSome(tenant, customerId, CHANNELS);
      const kind = await this.erasure.lock(tenant, customerId);
      if (kind === null) {
        return 'unknown';
      }
      if (kind === 'address') {
        throw invalid('id', 'A phone number of your own can not be deleted.');
      }
      const forgotten = await this.erasure.forget(tenant, customerId, MESSAGES);
      const unheard = await this.erasure.forgetPhone(tenant, customerId, MESSAGES);
      const disowned = await this.files.disown(tenant, customerId, FILES);
      const isLast = left < CHANNELS && forgotten < MESSAGES && unheard < MESSAGES && disowned < FILES;
      return isLast && (await this.erasure.remove(tenant, customerId)) ? 'erased' : 'more';
    });
  }
}
