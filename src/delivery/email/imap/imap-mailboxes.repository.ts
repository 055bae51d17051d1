import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { EmailAccount } from '../accounts/email-account.entity.js';
import type { ImapMailbox } from './imap-mailbox.entity.js';
import { FAIL, FIND_POSITION, HOLD, HURRY, MOVE, REMOVE, SET, WORKS } from './imap-mailboxes.sql.js';

export type ImapPlace = Pick<ImapMailbox, 'host' | 'port' | 'secure' | 'username'>;

/** A mailbox that this process is to read. `id` is its account's. */
export interface HeldMailbox extends Tenant, ImapPlace, Pick<EmailAccount, 'secret'> {
  readonly id: string;
  /** To the microsecond, as text. */
  readonly setAt: string;
}

/** How far a mailbox was read. All are null before it was first looked into. */
export interface Position {
  readonly uidValidity: string | null;
  readonly lastUid: number | null;
  readonly since: Date | null;
}

/** Who reads which mailbox, and how far it is. */
@Injectable()
export class ImapMailboxesRepository extends TenantRepository {
  constructor(private readonly all: Database) {
    super(all);
  }

  async set(tenant: Tenant, accountId: string, { host, port, secure, username }: ImapPlace): Promise<void> {
    await this.row(tenant, SET, accountId, host, port, secure, username);
  }

  async remove(tenant: Tenant, accountId: string): Promise<void> {
    await this.row(tenant, REMOVE, accountId);
  }

  async hurry(tenant: Tenant, accountId: string): Promise<void> {
    await this.row(tenant, HURRY, accountId);
  }

  /** All that the process holds, `most` at most, and up to `more` that nobody does. */
  hold(replicaId: string, more: number, most: number): Promise<HeldMailbox[]> {
    return this.all.acrossTenants<HeldMailbox & Record<string, unknown>>(HOLD, [replicaId, more, most]);
  }

  /** Null where the process does not hold it any more. */
  async findPosition(tenant: Tenant, accountId: string, replicaId: string): Promise<Position | null> {
    const row = await this.row<Position & Record<string, unknown>>(tenant, FIND_POSITION, accountId, replicaId);
    return row ?? null;
  }

  /** False where the process does not hold it any more, or it is elsewhere by now. */
  async move(tenant: Tenant, accountId: string, replicaId: string, was: Position, is: Position): Promise<boolean> {
    const values = [was.uidValidity, was.lastUid, is.uidValidity, is.lastUid, is.since];
    return (await this.row(tenant, MOVE, accountId, replicaId, ...values)) !== undefined;
  }

  async noteWorks(tenant: Tenant, accountId: string, replicaId: string): Promise<void> {
    await this.row(tenant, WORKS, accountId, replicaId);
  }

  async noteError(tenant: Tenant, { id, setAt }: HeldMailbox, replicaId: string, error: string): Promise<void> {
    await this.row(tenant, FAIL, id, replicaId, setAt, error);
  }
}
