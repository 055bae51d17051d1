import { Injectable } from '@nestjs/common';
import { LOCK_CLIENT } from '../../clients/client-lock.sql.js';
import { refValues, type ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { Binding } from '../binding.js';
import { itemsOf, type NumberedItems } from '../number-slice.js';
import { pageOfDocuments, type DocumentFilters, type DocumentPage } from './document-list.sql.js';
import type { KnowledgeDocument } from './document.entity.js';
import * as SQL from './documents.sql.js';

/** Without its text, as lists have it. */
export type ListedDocument = Pick<
  KnowledgeDocument,
  | 'id'
  | 'type'
  | 'status'
  | 'error'
  | 'title'
  | 'question'
  | 'answer'
  | 'category'
  | 'isPriority'
  | 'language'
  | 'config'
  | 'sourceUrl'
  | 'fileId'
  | 'fileName'
  | 'fileSize'
  | 'chunksCount'
  | 'usageCount'
  | 'run'
  | 'createdAt'
  | 'updatedAt'
> & { readonly number: number };
export type DocumentRow = ListedDocument & Pick<KnowledgeDocument, 'content'>;
/** What the team sets. */
export type DocumentText = Pick<
  DocumentRow,
  'title' | 'content' | 'question' | 'answer' | 'category' | 'isPriority' | 'language' | 'config'
>;
export type NewDocument = DocumentText &
  Pick<DocumentRow, 'id' | 'type' | 'status' | 'sourceUrl' | 'fileId' | 'fileName' | 'fileSize'>;
/** One that a worker has taken. */
export type DocumentJob = DocumentRow &
  Pick<KnowledgeDocument, 'clientId' | 'attempts'> & { readonly livemode: boolean };
type Taken = Pick<DocumentRow, 'id' | 'run'>;

export interface UnembeddedChunk {
  readonly n: number;
  readonly text: string;
}

interface Embedded {
  readonly model: string | null;
  readonly error: string | null;
  readonly dueInMs: number | null;
}

@Injectable()
export class DocumentsRepository extends TenantRepository {
  constructor(private readonly shared: Database) {
    super(shared);
  }

  inTransaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.transaction(tenant, work);
  }

  /** Until the end of the transaction nobody else adds to them. */
  async count(tenant: Tenant): Promise<{ readonly documents: number; readonly chunks: number }> {
    await this.row(tenant, LOCK_CLIENT);
    return (await this.row<{ documents: number; chunks: number }>(tenant, SQL.COUNT))!;
  }

  async find(tenant: Tenant, ref: ObjectRef): Promise<DocumentRow | null> {
    return (await this.row<DocumentRow>(tenant, SQL.FIND, ...refValues(ref))) ?? null;
  }

  /** Nobody else changes it until the end of the transaction. */
  async lock(tenant: Tenant, ref: ObjectRef): Promise<DocumentRow | null> {
    return (await this.row<DocumentRow>(tenant, SQL.LOCK, ...refValues(ref))) ?? null;
  }

  async list(tenant: Tenant, filters: DocumentFilters, page: DocumentPage): Promise<NumberedItems<ListedDocument>> {
    const binding = new Binding();
    const text = pageOfDocuments(filters, { ...page, limit: page.limit + 1 }, binding);
    const rows = await this.rows<ListedDocument & { readonly totalItems: number }>(tenant, { text }, ...binding.values);
    return itemsOf(rows, page.limit);
  }

  async insert(tenant: Tenant, document: NewDocument): Promise<DocumentRow> {
    const { id, type, status, title, content, question, answer, category, isPriority, language, config } = document;
    const values = [id, type, status, title, content, question, answer, category, isPriority, language, config];
    const { sourceUrl, fileId, fileName, fileSize } = document;
    return (await this.row<DocumentRow>(tenant, SQL.CREATE, ...values, sourceUrl, fileId, fileName, fileSize))!;
  }

  async update(
    tenant: Tenant,
    id: string,
    {
      title,
      content,
      question,
      answer,
      category,
      isPriority,
      language,
      config,
      status,
    }: DocumentText & Pick<DocumentRow, 'status'>,
  ): Promise<DocumentRow> {
    const values = [title, content, question, answer, category, isPriority, language, config, status];
    return (await this.row<DocumentRow>(tenant, SQL.UPDATE, id, ...values))!;
  }

  /** Null where there is none. */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<Pick<DocumentRow, 'id' | 'fileId'> | null> {
    return (await this.row<Pick<DocumentRow, 'id' | 'fileId'>>(tenant, SQL.REMOVE, ...refValues(ref))) ?? null;
  }

  /**
   * In place of those there are; it comes to state `to`, and where it `isDue` a worker makes vectors of them. Null where it was
   * taken by somebody else since `run`.
   */
  async setChunks(
    tenant: Tenant,
    { id, title, status }: Pick<DocumentRow, 'id' | 'title' | 'status'>,
    chunks: readonly string[],
    {
      to,
      isDue,
      run = null,
    }: { readonly to: DocumentRow['status']; readonly isDue: boolean; readonly run?: number | null },
  ): Promise<DocumentRow | null> {
    await this.shared.planAnew();
    await this.row(tenant, SQL.REMOVE_CHUNKS, id);
    return (await this.row<DocumentRow>(tenant, SQL.INSERT_CHUNKS, id, chunks, title, status, to, run, isDue)) ?? null;
  }

  findUnembedded(tenant: Tenant, { id }: Taken, model: string, limit: number): Promise<UnembeddedChunk[]> {
    return this.rows<UnembeddedChunk & Record<string, unknown>>(tenant, SQL.FIND_UNEMBEDDED, id, model, limit);
  }

  /** False where somebody took it since, or it is gone. */
  async embed(
    tenant: Tenant,
    { id, run }: Taken,
    made: readonly { readonly n: number; readonly vector: Buffer }[],
    model: string,
  ): Promise<boolean> {
    const [ns, vectors] = [made.map(({ n }) => n), made.map(({ vector }) => vector)];
    return (await this.rows(tenant, SQL.EMBED, id, run, ns, vectors, model)).length > 0;
  }

  /** It is ready: with vectors of `model`, or without, as `error` says; then it is due again. */
  async embedded(
    tenant: Tenant,
    { id, run }: Taken,
    { model = null, error = null, dueInMs = null }: Partial<Embedded>,
  ): Promise<void> {
    await this.row(tenant, SQL.EMBEDDED, id, run, model, error, dueInMs);
  }

  /** All of whom the installation's model is. */
  async embedByInstallation(model: string): Promise<void> {
    await this.shared.acrossTenants(SQL.EMBED_BY_INSTALLATION, [model]);
  }

  /** Those that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<ListedDocument[]> {
    return this.rows<ListedDocument>(tenant, SQL.FIND_MANY, ids);
  }

  /** Null where it has not failed. */
  async retry(tenant: Tenant, ref: ObjectRef): Promise<DocumentRow | null> {
    return (await this.row<DocumentRow>(tenant, SQL.RETRY, ...refValues(ref))) ?? null;
  }

  /** Null where somebody took it since, or it is gone. */
  async extracted(
    tenant: Tenant,
    { id, run }: Taken,
    { content, language, config }: Pick<DocumentRow, 'content' | 'language' | 'config'>,
  ): Promise<DocumentRow | null> {
    return (await this.row<DocumentRow>(tenant, SQL.EXTRACTED, id, run, content, language, config)) ?? null;
  }

  async fail(tenant: Tenant, { id, run }: Taken, problem: string): Promise<void> {
    await this.row(tenant, SQL.FAIL, id, run, problem);
  }

  async release(tenant: Tenant, { id, run }: Taken, dueInMs: number): Promise<void> {
    await this.row(tenant, SQL.RELEASE, id, run, dueInMs);
  }

  /** One, or none: of whichever client has waited longest, but none of `except`. */
  claim(except: readonly string[], replicaId: string): Promise<DocumentJob[]> {
    return this.shared.acrossTenants<DocumentJob>(SQL.CLAIM, [except, replicaId]);
  }
}
