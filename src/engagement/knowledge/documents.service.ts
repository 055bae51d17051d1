import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { InvalidInput, invalid, notFound, Refusal, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { NumberedItems } from '../number-slice.js';
import { cutText } from './cut-text.js';
import type { DocumentFilters, DocumentPage, DocumentSort } from './document-list.sql.js';
import type { DocumentType } from './document.entity.js';
import {
  DocumentsRepository,
  type DocumentRow,
  type DocumentText,
  type ListedDocument,
} from './documents.repository.js';
import { textConfigOf } from './text-configs.js';

export type { DocumentRow, DocumentSort, ListedDocument };

export const MAX_DOCUMENTS = 10_000;
/** Of all documents of a workspace together. */
export const MAX_CHUNKS_OF_ALL = 100_000;

type Said = Omit<DocumentText, 'config'>;
export type NewText = Said & { readonly type: Extract<DocumentType, 'document' | 'qa'> };
/** What is undefined stays. */
export type DocumentChange = { readonly [K in keyof Said]?: Said[K] } & { readonly status?: 'ready' | 'paused' };

/** What the team has asked for: filters, an order, and a part of it. */
export interface DocumentsQuery extends Omit<DocumentFilters, 'words'>, Omit<DocumentPage, 'after'> {
  readonly search?: string | null;
  readonly after: ObjectRef | null;
}

/** What a team knows: texts, and questions with their answers. */
@Injectable()
export class DocumentsService {
  constructor(private readonly documents: DocumentsRepository) {}

  /** @throws Refusal 409 where there are too many, or 422 */
  create(tenant: Tenant, { type, ...said }: NewText): Promise<DocumentRow> {
    const text = { ...said, config: textConfigOf(said.language) };
    const chunks = chunksOf(type, said);
    return this.documents.inTransaction(tenant, async () => {
      await this.mustHaveRoom(tenant, chunks.length);
      const document = { id: uuidv7(), type, status: 'ready', sourceUrl: null, ...text } as const;
      return this.documents.setChunks(tenant, await this.documents.insert(tenant, document), chunks);
    });
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<DocumentRow> {
    return found(await this.documents.find(tenant, ref));
  }

  /** @throws Refusal 422 on `after` */
  async list(
    tenant: Tenant,
    { search, after, type, status, category, ...page }: DocumentsQuery,
  ): Promise<NumberedItems<ListedDocument>> {
    const behind = after === null ? null : await this.documents.find(tenant, after);
    if (after !== null && !behind) {
      throw new InvalidInput({ after: ['The selected after is invalid.'] });
    }
    const words = (search ?? '').split(/\s+/).filter((word) => word !== '');
    const filters = { type, status, category, words };
    return this.documents.list(tenant, filters, { ...page, after: behind?.number ?? null });
  }

  /** What is searched is cut anew where it changes. @throws Refusal 404, 409 or 422 */
  update(tenant: Tenant, ref: ObjectRef, change: DocumentChange): Promise<DocumentRow> {
    return this.documents.inTransaction(tenant, async () => {
      const counted = await this.documents.count(tenant);
      const was = found(await this.documents.lock(tenant, ref));
      const { status = was.status, ...said } = { ...was, ...withoutUndefined(change) };
      mustFit(was, change);
      const text = { ...said, config: textConfigOf(said.language), status };
      const changed = await this.documents.update(tenant, was.id, text);
      if (!isCutAnew(was, changed)) {
        return changed;
      }
      const chunks = chunksOf(was.type, said);
      mustFitInto(counted.chunks - was.chunksCount, chunks.length);
      return this.documents.setChunks(tenant, changed, chunks);
    });
  }

  /** @throws Refusal 404 */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    found(await this.documents.remove(tenant, ref));
  }

  /** Until the end of the transaction nobody else adds to them. @throws Refusal 409 */
  private async mustHaveRoom(tenant: Tenant, chunks: number): Promise<void> {
    const counted = await this.documents.count(tenant);
    if (counted.documents >= MAX_DOCUMENTS) {
      throw new Refusal('limit_reached', `A workspace may not have more than ${MAX_DOCUMENTS} documents`);
    }
    mustFitInto(counted.chunks, chunks);
  }
}

function mustFitInto(others: number, chunks: number): void {
  if (others + chunks > MAX_CHUNKS_OF_ALL) {
    const most = `${MAX_CHUNKS_OF_ALL} chunks of about 3,000 characters`;
    throw new Refusal('limit_reached', `The documents of a workspace may not have more than ${most}`);
  }
}

/** @throws Refusal 422 */
function mustFit({ type, status }: DocumentRow, change: DocumentChange): void {
  const [wrong] = (type === 'qa' ? ['content'] : ['question', 'answer']).filter(
    (field) => change[field as keyof DocumentChange] != null,
  );
  if (wrong !== undefined) {
    throw invalid(wrong, `A document of type ${type} has no ${wrong}.`);
  }
  if (change.status !== undefined && !['ready', 'paused'].includes(status)) {
    throw unfit('Only a document that is ready can be paused.');
  }
}

function isCutAnew(was: DocumentRow, is: DocumentRow): boolean {
  const cut = ['title', 'content', 'question', 'answer', 'config'] as const;
  return cut.some((field) => was[field] !== is[field]);
}

/** @throws Refusal 422 where there is nothing to find */
function chunksOf(type: DocumentType, { content, question, answer }: Pick<Said, 'content' | 'question' | 'answer'>) {
  return cutText(type === 'qa' ? `${question}\n\n${answer}` : (content ?? ''));
}

function withoutUndefined<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function found<T>(row: T | null): T {
  if (row === null) {
    throw notFound('document');
  }
  return row;
}
