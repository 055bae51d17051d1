import { Injectable } from '@nestjs/common';
import { Database, type Holder } from '../../platform/database/database.js';
import { slicedOf, type NumberedRow, type Slice, type Sliced } from '../../platform/database/numbered-list.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { AuditEntry } from './audit-entry.entity.js';
import { LIST_AUDIT, WRITE_AUDIT } from './audit.sql.js';

export type NewAuditEntry = Pick<AuditEntry, 'id' | 'userId' | 'action' | 'subject' | 'details'>;

/** The user's name and e-mail are null where the account is gone. */
export type AuditRow = NewAuditEntry &
  Pick<AuditEntry, 'createdAt'> & { readonly userName: string | null; readonly userEmail: string | null };
type Row<T> = T & Record<string, unknown>;

@Injectable()
export class AuditRepository extends TenantRepository {
  constructor(private readonly anywhere: Database) {
    super(anywhere);
  }

  /** @param kept how many of a client's there may be */
  async write(workspace: Holder, entry: NewAuditEntry, kept: number): Promise<void> {
    const { id, userId, action, subject, details } = entry;
    await this.rows(workspace, WRITE_AUDIT, id, userId, action, subject, JSON.stringify(details), kept);
  }

  async list(workspace: Holder, { limit, offset }: Slice): Promise<Sliced<AuditRow>> {
    return slicedOf(await this.rows<Row<NumberedRow<AuditRow>>>(workspace, LIST_AUDIT, limit, offset));
  }

  inTransaction<T>(workspace: Holder, work: () => Promise<T>): Promise<T> {
    return this.anywhere.transaction(workspace, work);
  }
}
