import { Injectable } from '@nestjs/common';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { itemsOf, type KnownSlice, type NumberedItems } from '../number-slice.js';
import type { ContactImport } from './contact-import.entity.js';
import * as SQL from './imports.sql.js';

export type ImportRecord = Pick<
  ContactImport,
  | 'id'
  | 'kind'
  | 'state'
  | 'name'
  | 'options'
  | 'fileId'
  | 'rows'
  | 'created'
  | 'updated'
  | 'skipped'
  | 'errors'
  | 'errorCount'
  | 'createdAt'
  | 'startedAt'
  | 'endedAt'
> & { readonly number: number };

/** One that a worker has taken. */
export type ImportJob = Pick<
  ContactImport,
  'id' | 'clientId' | 'options' | 'fileId' | 'lines' | 'rows' | 'attempts' | 'errorCount'
> & { readonly livemode: boolean; readonly cursor: number };

/** What came of some rows. */
export interface Tally {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly problems: readonly string[];
}

/** How far an import has come. */
export interface Place {
  readonly cursor: number;
  readonly lines: number;
}

type NewImport = Pick<ContactImport, 'id' | 'kind' | 'state' | 'name' | 'options' | 'fileId'>;
type Named = Pick<ImportRecord, 'id'>;

@Injectable()
export class ImportsRepository extends TenantRepository {
  constructor(private readonly shared: Database) {
    super(shared);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** Undoes what `work` did where it comes to nothing. */
  unlessNothing<T>(tenant: Tenant, work: () => Promise<T | null>): Promise<T | null> {
    return this.transaction(tenant, () => this.shared.rollbackUnless(work, (end) => end !== null));
  }

  async insert(tenant: Tenant, { id, kind, state, name, options, fileId }: NewImport): Promise<ImportRecord> {
    const values = [id, kind, state, name, JSON.stringify(options), fileId];
    return (await this.row<ImportRecord>(tenant, SQL.CREATE, ...values))!;
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<ImportRecord | null> {
    return (await this.row<ImportRecord>(tenant, SQL.FIND, ...refValues(ref))) ?? null;
  }

  /** Those that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<ImportRecord[]> {
    return this.rows<ImportRecord>(tenant, SQL.FIND_MANY, ids);
  }

  async list(tenant: Tenant, slice: KnownSlice): Promise<NumberedItems<ImportRecord>> {
    const { limit, offset, after, direction } = slice;
    const rows = await this.rows<ImportRecord & { readonly totalItems: number }>(
      ...([tenant, SQL.LIST[direction], limit + 1, offset, after] as const),
    );
    return itemsOf(rows, limit);
  }

  async start(tenant: Tenant, { id }: Named): Promise<ImportRecord | null> {
    return (await this.row<ImportRecord>(tenant, SQL.START, id)) ?? null;
  }

  async cancel(tenant: Tenant, ref: ObjectRef): Promise<ImportRecord | null> {
    return (await this.row<ImportRecord>(tenant, SQL.CANCEL, ...refValues(ref))) ?? null;
  }

  /** Of one that is done at once. */
  async count(tenant: Tenant, { id }: Named, tally: Tally): Promise<ImportRecord> {
    return (await this.row<ImportRecord>(tenant, SQL.COUNT, id, 0, ...valuesOf(tally)))!;
  }

  /** False where it was cancelled, or another process has taken it over. */
  async move(tenant: Tenant, job: ImportJob, replicaId: string, tally: Tally, { cursor, lines }: Place) {
    const values = [job.id, job.rows, ...valuesOf(tally), replicaId, cursor, lines];
    return (await this.row(tenant, SQL.MOVE, ...values)) !== undefined;
  }

  /** Null where it was cancelled, or another process has taken it over. */
  async end(
    tenant: Tenant,
    { id }: Named,
    replicaId: string,
    state: 'completed' | 'failed',
    problem: string | null,
  ): Promise<Pick<ImportRecord, 'id' | 'fileId'> | null> {
    return (
      (await this.row<Pick<ImportRecord, 'id' | 'fileId'>>(tenant, SQL.END, id, replicaId, state, problem)) ?? null
    );
  }

  async release(tenant: Tenant, { id }: Named, replicaId: string, dueInMs: number): Promise<void> {
    await this.row(tenant, SQL.RELEASE, id, replicaId, dueInMs);
  }

  findErrors(
    tenant: Tenant,
    { id }: Named,
    after: number,
    limit: number,
  ): Promise<{ readonly after: number; readonly problems: readonly string[] }[]> {
    return this.rows(tenant, SQL.FIND_ERRORS, id, after, limit);
  }

  /** One, or none: of whichever client has waited longest, but none of `except`. */
  claim(except: readonly string[], replicaId: string): Promise<ImportJob[]> {
    return this.shared.acrossTenants<ImportJob>(SQL.CLAIM, [except, replicaId]);
  }
}

function valuesOf({ rows, created, updated, skipped, problems }: Tally): unknown[] {
  return [rows, created, updated, skipped, problems];
}
