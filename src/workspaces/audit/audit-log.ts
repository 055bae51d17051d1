import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import type { Holder } from '../../platform/database/database.js';
import type { Slice, Sliced } from '../../platform/database/numbered-list.js';
import type { AuditedAction } from './audit-entry.entity.js';
import { AuditRepository, type AuditRow } from './audit.repository.js';

export type { AuditRow };

/** Of a workspace; the oldest go first. */
export const MAX_ENTRIES = 10_000;

/** Who asks for a change, in which workspace. */
export interface Actor {
  readonly tenant: Holder;
  readonly userId: string;
}

/** What is told of a change. */
export interface Audited {
  /** The id of what was changed, as the API writes it. */
  readonly subject?: string;
  /** Never anything secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Who changed what in a workspace. */
@Injectable()
export class AuditLog {
  constructor(private readonly entries: AuditRepository) {}

  /** Does `work`, and writes down who did it in the same transaction: both happen, or neither. */
  during<T>(
    { tenant, userId }: Actor,
    action: AuditedAction,
    work: () => Promise<T>,
    tell: (end: T) => Audited,
  ): Promise<T> {
    return this.entries.inTransaction(tenant, async () => {
      const end = await work();
      const { subject = null, details = {} } = tell(end);
      await this.entries.write(tenant, { id: uuidv7(), userId, action, subject, details }, MAX_ENTRIES);
      return end;
    });
  }

  /** Newest first. */
  list(workspace: Holder, slice: Slice): Promise<Sliced<AuditRow>> {
    return this.entries.list(workspace, slice);
  }
}
