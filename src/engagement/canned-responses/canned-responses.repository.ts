import { Injectable } from '@nestjs/common';
import { LOCK_CLIENT } from '../../clients/client-lock.sql.js';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { CannedResponse } from './canned-response.entity.js';
import {
  COUNT_CANNED,
  CREATE_CANNED,
  DELETE_CANNED,
  FIND_ADDRESSEE,
  FIND_CANNED,
  LIST_CANNED,
  UPDATE_CANNED,
  USE_CANNED,
} from './canned-responses.sql.js';
import type { DescribedContact } from '../templates/contact-values.js';

export type CannedRow = Omit<CannedResponse, 'clientId' | 'number' | 'client' | 'owner'> & { readonly number: number };
export type NewCanned = Pick<
  CannedResponse,
  'id' | 'title' | 'content' | 'shortcut' | 'scope' | 'ownerId' | 'category'
>;
/** What is undefined stays; null takes a shortcut or a category away. */
export interface CannedChange {
  readonly title?: string | null;
  readonly content?: string | null;
  readonly shortcut?: string | null;
  readonly scope?: CannedResponse['scope'] | null;
  readonly category?: string | null;
}
/** Whom a conversation is with, and who writes. */
export type Addressee = DescribedContact & { readonly workspaceName: string; readonly agentName: string | null };

@Injectable()
export class CannedResponsesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Until the end of the transaction nobody else adds to them. */
  async count(tenant: Tenant): Promise<number> {
    await this.row(tenant, LOCK_CLIENT);
    return (await this.row<{ total: number }>(tenant, COUNT_CANNED))!.total;
  }

  list(tenant: Tenant, userId: string | null, category: string | null, words: readonly string[]): Promise<CannedRow[]> {
    return this.rows<CannedRow & Record<string, unknown>>(tenant, LIST_CANNED, userId, category, words);
  }

  async find(tenant: Tenant, userId: string | null, ref: ObjectRef): Promise<CannedRow | null> {
    return (await this.row<CannedRow>(tenant, FIND_CANNED, userId, ...refValues(ref))) ?? null;
  }

  async insert(tenant: Tenant, canned: NewCanned): Promise<CannedRow | 'taken'> {
    const { id, ownerId, title, content, shortcut, scope, category } = canned;
    const values = [id, ownerId, title, content, shortcut, scope, category];
    return (await this.rowUnlessTaken<CannedRow>(tenant, CREATE_CANNED, ...values))!;
  }

  /** Null where there is none. */
  async update(
    tenant: Tenant,
    userId: string | null,
    ref: ObjectRef,
    { title, content, shortcut, scope, category }: CannedChange,
  ): Promise<CannedRow | null | 'taken'> {
    const values = [
      ...[title ?? null, content ?? null, shortcut !== undefined, shortcut ?? null, scope ?? null],
      ...[category !== undefined, category ?? null],
    ];
    const row = await this.rowUnlessTaken<CannedRow>(tenant, UPDATE_CANNED, userId, ...refValues(ref), ...values);
    return row ?? null;
  }

  async delete(tenant: Tenant, id: string): Promise<void> {
    await this.row(tenant, DELETE_CANNED, id);
  }

  async use(tenant: Tenant, userId: string | null, ref: ObjectRef): Promise<string | null> {
    return (await this.row<{ id: string }>(tenant, USE_CANNED, userId, ...refValues(ref)))?.id ?? null;
  }

  /** Null where there is no such conversation. */
  async findAddressee(tenant: Tenant, userId: string | null, conversation: ObjectRef): Promise<Addressee | null> {
    const values = [userId, ...refValues(conversation)];
    return (await this.row<Addressee & Record<string, unknown>>(tenant, FIND_ADDRESSEE, ...values)) ?? null;
  }

  override transaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return super.transaction(tenant, work);
  }
}
