import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { FilePart } from '../../media/media.repository.js';
import type { Failure } from '../../providers/provider.js';
import type { EmailAccount } from '../accounts/email-account.entity.js';
import type { EmailMessage } from '../messages/email-message.entity.js';
import type { EmailDelivery } from './email-delivery.entity.js';
import {
  AGAIN,
  CLAIM,
  DOUBT,
  FAIL,
  FIND,
  PAUSE,
  RELEASE,
  RESUME,
  SEND_AGAIN,
  SENT,
  SUBMIT,
} from './email-deliveries.sql.js';

/** A mail that this process is to hand in. */
export type DueDelivery = Tenant & Pick<EmailDelivery, 'id' | 'claims' | 'tries'>;

/** A mail with the account it goes out by. */
export interface QueuedMail
  extends
    Pick<EmailMessage, 'follows' | 'from' | 'to' | 'cc' | 'bcc' | 'subject' | 'text' | 'html' | 'automatic'>,
    Pick<
      EmailAccount,
      'host' | 'port' | 'secure' | 'username' | 'secret' | 'dkimDomain' | 'dkimSelector' | 'inboundName'
    > {
  readonly messageId: string;
  readonly files: readonly FilePart[];
  readonly createdAt: Date;
  readonly conversationNumber: number;
  readonly accountId: string;
  /** To the microsecond, as text. */
  readonly accountUpdatedAt: string;
}

@Injectable()
export class EmailDeliveriesRepository extends TenantRepository {
  constructor(private readonly all: Database) {
    super(all);
  }

  claim(except: readonly string[], most: number, leaseMs: number): Promise<DueDelivery[]> {
    return this.all.acrossTenants<DueDelivery & Record<string, unknown>>(CLAIM, [except, most, leaseMs]);
  }

  /** Whether it is to be handed in now, once. */
  async submit(tenant: Tenant, { id, claims }: DueDelivery): Promise<boolean> {
    const row = await this.row<{ answer: string }>(tenant, SUBMIT, id, claims);
    return row?.answer === 'go';
  }

  /** Null where it is gone. */
  async find(tenant: Tenant, id: string): Promise<QueuedMail | null> {
    return (await this.row<QueuedMail & Record<string, unknown>>(tenant, FIND, id)) ?? null;
  }

  async sent(tenant: Tenant, id: string): Promise<void> {
    const account = await this.row<{ id: string }>(tenant, SENT, id);
    if (account) {
      await this.resume(tenant, account.id);
    }
  }

  async fail(tenant: Tenant, id: string, { errorCode, providerCode, errorText }: Failure): Promise<void> {
    await this.row(tenant, FAIL, id, errorCode, providerCode ?? null, errorText ?? null);
  }

  async again(tenant: Tenant, { id, claims }: DueDelivery, seconds: number, why: Partial<Failure>): Promise<void> {
    await this.row(tenant, AGAIN, id, claims, seconds, why.providerCode ?? null, why.errorText ?? null);
  }

  async doubt(tenant: Tenant, { id, claims }: DueDelivery, seconds: number, why: string): Promise<void> {
    await this.row(tenant, DOUBT, id, claims, seconds, why);
  }

  /** False where it is known what came of it. */
  async sendAgain(tenant: Tenant, id: string): Promise<boolean> {
    return (await this.row(tenant, SEND_AGAIN, id)) !== undefined;
  }

  /** @param seconds null: until it is changed or tested */
  async pause(
    tenant: Tenant,
    { id, claims }: DueDelivery,
    { accountUpdatedAt }: QueuedMail,
    why: string,
    seconds: number | null,
  ): Promise<void> {
    await this.row(tenant, PAUSE, id, claims, why, seconds, accountUpdatedAt);
  }

  /** What waits for the account goes on. */
  resume(tenant: Tenant, accountId: string): Promise<void> {
    return this.transaction(tenant, async () => {
      await this.row(tenant, RESUME, accountId);
      await this.row(tenant, RELEASE, accountId);
    });
  }
}
