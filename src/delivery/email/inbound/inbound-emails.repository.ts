import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { InboundEmail } from './inbound-email.entity.js';
import { ACCEPT, CLAIM, FAIL, LIST_FAILED, REMOVE, RETRY } from './inbound-emails.sql.js';

/** A mail that this process is to understand. */
export type DueMail = Tenant &
  Pick<InboundEmail, 'id' | 'accountId' | 'envelopeFrom' | 'envelopeTo' | 'attempts'> & { readonly fileId: string };

/** A mail of which nothing came. */
export interface FailedMail {
  readonly id: string;
  readonly error: string;
  readonly createdAt: Date;
}

type NewRow = Pick<InboundEmail, 'id' | 'accountId' | 'fileId' | 'envelopeFrom' | 'error'> & {
  readonly envelopeTo: readonly string[];
};

@Injectable()
export class InboundEmailsRepository extends TenantRepository {
  constructor(private readonly all: Database) {
    super(all);
  }

  async insert(tenant: Tenant, row: NewRow): Promise<void> {
    const { id, accountId, fileId, envelopeFrom, envelopeTo, error } = row;
    await this.row(tenant, ACCEPT, id, accountId, fileId, envelopeFrom, envelopeTo, error);
  }

  claim(except: readonly string[], most: number, leaseMs: number): Promise<DueMail[]> {
    return this.all.acrossTenants<DueMail & Record<string, unknown>>(CLAIM, [except, most, leaseMs]);
  }

  async remove(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, REMOVE, id);
  }

  async fail(tenant: Tenant, id: string, error: string): Promise<void> {
    await this.row(tenant, FAIL, id, error);
  }

  listFailed(tenant: Tenant, accountId: string, most: number): Promise<FailedMail[]> {
    return this.rows<FailedMail & Record<string, unknown>>(tenant, LIST_FAILED, accountId, most);
  }

  /** False where there is none. */
  async retry(tenant: Tenant, accountId: string, id: string): Promise<boolean> {
    return (await this.row(tenant, RETRY, accountId, id)) !== undefined;
  }
}
