import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { Definition } from '../definition/definition.js';
import type { ComparedConversation } from '../running/conditions.js';
import type { Workflow } from '../workflow.entity.js';
import * as SQL from './triggers.sql.js';

/** As the functions of the database noted it. */
export interface TakenEvent extends Partial<ComparedConversation> {
  readonly id: string;
  readonly type: string;
  readonly contactId: string | null;
  readonly channelId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly chain: readonly string[];
  readonly text: string | null;
}

/** A workflow, with what its executions go by. */
export type Triggered = Pick<Workflow, 'id' | 'version' | 'status'> & {
  readonly number: number;
  readonly definition: Definition;
};

export interface Former {
  readonly isRunning: boolean;
  readonly last: Date;
}

/** A schedule that is due, of some client. */
export interface DueSchedule extends Tenant {
  readonly id: string;
}

/** One that is due: which time it is, and up to which contact it has come. */
export type FiringWorkflow = Triggered & { readonly fireAt: Date; readonly firedUpto: number };

type Row<T> = T & Record<string, unknown>;

@Injectable()
export class TriggersRepository extends TenantRepository {
  constructor(private readonly shared: Database) {
    super(shared);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** Whose events wait longest, but none of `except`. */
  async waiting(except: readonly string[]): Promise<Tenant | null> {
    const [tenant] = await this.shared.acrossTenants<Row<Tenant>>(SQL.WAITING, [except]);
    return tenant ?? null;
  }

  take(tenant: Tenant, most: number): Promise<TakenEvent[]> {
    return this.rows<Row<TakenEvent>>(tenant, SQL.TAKE, most);
  }

  active(tenant: Tenant, types: readonly string[]): Promise<Triggered[]> {
    return this.rows<Row<Triggered>>(tenant, SQL.ACTIVE, types);
  }

  /** By contacts. */
  async former(tenant: Tenant, workflowId: string, contactIds: readonly string[]): Promise<Map<string, Former>> {
    const rows = await this.rows<Row<Former> & { readonly contactId: string }>(
      ...([tenant, SQL.FORMER, workflowId, contactIds] as const),
    );
    return new Map(rows.map(({ contactId, ...former }) => [contactId, former]));
  }

  /** How many began within a day, by contacts. */
  async today(tenant: Tenant, contactIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.rows<{ contactId: string; n: number }>(tenant, SQL.TODAY, contactIds);
    return new Map(rows.map(({ contactId, n }) => [contactId, n]));
  }

  /** How many began within a minute. */
  async lately(tenant: Tenant): Promise<number> {
    return (await this.row<{ n: number }>(tenant, SQL.LATELY))!.n;
  }

  async come(tenant: Tenant, contactIds: readonly string[]): Promise<void> {
    await this.rows(tenant, SQL.COME, contactIds);
  }

  async drop(tenant: Tenant, ids: readonly string[]): Promise<void> {
    await this.rows(tenant, SQL.DROP, ids);
  }

  async postpone(tenant: Tenant): Promise<void> {
    await this.row(tenant, SQL.POSTPONE);
  }

  /** Of whichever client has one that was due first, but none of `except`. */
  async dueSchedule(except: readonly string[]): Promise<DueSchedule | null> {
    const [due] = await this.shared.acrossTenants<Row<DueSchedule>>(SQL.DUE_SCHEDULE, [except]);
    return due ?? null;
  }

  /** Null where it is due no more. */
  async lockDue(tenant: Tenant, id: string): Promise<FiringWorkflow | null> {
    return (await this.row<Row<FiringWorkflow>>(tenant, SQL.LOCK_DUE, id)) ?? null;
  }

  async fired(tenant: Tenant, id: string, fireAt: Date | null, upto: number): Promise<void> {
    await this.row(tenant, SQL.FIRED, id, fireAt, upto);
  }

  async throttle(tenant: Tenant, workflowId: string): Promise<void> {
    await this.row(tenant, SQL.THROTTLE, workflowId);
  }
}
