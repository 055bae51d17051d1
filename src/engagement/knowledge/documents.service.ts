import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { FilesService, type FileRow } from '../../files/files.service.js';
import { InvalidInput, invalid, notFound, Refusal, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { NumberedItems } from '../number-slice.js';
import { AiSettingsService } from '../ai/ai-settings.service.js';
import { cutText } from './cut-text.js';
import type { DocumentFilters, DocumentPage, DocumentSort } from './document-list.sql.js';
import type { DocumentType } from './document.entity.js';
import {
  DocumentsRepository,
  type DocumentRow,
  type DocumentText,
  type ListedDocument,
  type NewDocument,
} from './documents.repository.js';
import { textConfigOf } from './text-configs.js';

export type { DocumentRow, DocumentSort, ListedDocument };

export const MAX_DOCUMENTS = 10_000;
/** Of all documents of a workspace together. */
export const MAX_CHUNKS_OF_ALL = 100_000;

type Said = Omit<DocumentText, 'config'>;
/** What is said of a document besides its text. */
export type About = Pick<Said, 'title' | 'category' | 'isPriority' | 'language'>;
/** What a worker, or the next one to ask, takes the text from. */
export type NewSource = About &
  ({ readonly type: 'file'; readonly file: FileRow } | { readonly type: 'url'; readonly sourceUrl: string });
/** A page that was read already. */
export type NewPage = About & { readonly sourceUrl: string; readonly content: string };
const NO_SOURCE = { sourceUrl: null, fileId: null, fileName: null, fileSize: null };
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
  constructor(
    private readonly documents: DocumentsRepository,
    private readonly files: FilesService,
    private readonly models: AiSettingsService,
  ) {}

  /** @throws Refusal 409 where there are too many, or 422 */
  create(tenant: Tenant, { type, ...said }: NewText): Promise<DocumentRow> {
    const text = { ...said, config: textConfigOf(said.language) };
    const chunks = chunksOf(type, said);
    return this.documents.inTransaction(tenant, async () => {
      await this.mustHaveRoom(tenant, chunks.length);
      return this.insertCut(tenant, { type, ...text, ...NO_SOURCE }, chunks);
    });
  }

  /** A worker reads it. @throws Refusal 409 */
  createUnread(tenant: Tenant, source: NewSource): Promise<DocumentRow> {
    const { title, category, isPriority, language, type } = source;
    const about = { type, title, category, isPriority, language, content: null, question: null, answer: null };
    const from =
      source.type === 'file'
        ? { fileId: source.file.id, fileName: source.file.name, fileSize: source.file.size }
        : { sourceUrl: source.sourceUrl };
    return this.documents.inTransaction(tenant, async () => {
      await this.mustHaveRoom(tenant, 0);
      const config = textConfigOf(language);
      const document = { id: uuidv7(), status: 'extracting', config, ...about, ...NO_SOURCE, ...from } as const;
      const row = await this.documents.insert(tenant, document);
      if (row.fileId !== null) {
        await this.files.retain(tenant, [row.fileId]);
      }
      return row;
    });
  }

  /** @throws Refusal 409 */
  createPage(tenant: Tenant, { sourceUrl, ...said }: NewPage): Promise<DocumentRow> {
    const chunks = cutText(said.content);
    return this.documents.inTransaction(tenant, async () => {
      await this.mustHaveRoom(tenant, chunks.length);
      const text = { ...said, question: null, answer: null, config: textConfigOf(said.language) };
      return this.insertCut(tenant, { type: 'url', ...text, ...NO_SOURCE, sourceUrl }, chunks);
    });
  }

  /** What has failed is read again. @throws Refusal 404 or 422 */
  async retry(tenant: Tenant, ref: ObjectRef): Promise<DocumentRow> {
    const row = await this.documents.retry(tenant, ref);
    if (!row) {
      await this.get(tenant, ref);
      throw unfit('Only a document that has failed can be tried again.');
    }
    return row;
  }

  /** Those of these ids that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<readonly ListedDocument[]> {
    return this.documents.findMany(tenant, ids);
  }

  /**
   * What a worker has taken has this text, in chunks. Nothing happens where somebody changed it since.
   * @throws Refusal 409
   */
  async cut(tenant: Tenant, { id, run, title, content, type }: DocumentRow): Promise<void> {
    const chunks = chunksOf(type, { content, question: null, answer: null });
    await this.documents.inTransaction(tenant, async () => {
      const { chunks: others } = await this.documents.count(tenant);
      const row = await this.documents.lock(tenant, id);
      if (row?.run === run) {
        mustFitInto(others - row.chunksCount, chunks.length);
        await this.documents.setChunks(tenant, { id, title, status: row.status }, chunks, {
          ...(await this.next(tenant)),
          run,
        });
      }
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
      // One that is being read is cut once it is read, unless somebody says here what it says.
      const isRead = ['ready', 'paused', 'embedding'].includes(was.status) || change.content !== undefined;
      if (!isRead || !isCutAnew(was, changed)) {
        return changed;
      }
      const chunks = chunksOf(was.type, said);
      mustFitInto(counted.chunks - was.chunksCount, chunks.length);
      const next = await this.next(tenant);
      // What could be found before still is, by its words.
      const to = status === 'paused' || was.status === 'ready' ? status : next.to;
      return (await this.documents.setChunks(tenant, { ...changed, status: was.status }, chunks, { ...next, to }))!;
    });
  }

  /** @throws Refusal 404 */
  async remove(tenant: Tenant, ref: ObjectRef): Promise<void> {
    await this.documents.inTransaction(tenant, async () => {
      const { fileId } = found(await this.documents.remove(tenant, ref));
      if (fileId !== null) {
        await this.files.deleteUnheld(tenant, [fileId]);
      }
    });
  }

  private async insertCut(
    tenant: Tenant,
    document: Omit<NewDocument, 'id' | 'status'>,
    chunks: readonly string[],
  ): Promise<DocumentRow> {
    const row = await this.documents.insert(tenant, { id: uuidv7(), status: 'chunking', ...document });
    return (await this.documents.setChunks(tenant, row, chunks, await this.next(tenant)))!;
  }

  /** What becomes of one that is cut: a worker makes its vectors, where the workspace has a model for that. */
  private async next(tenant: Tenant): Promise<{ readonly to: 'embedding' | 'ready'; readonly isDue: boolean }> {
    const isDue = (await this.models.embeddingModelOf(tenant)) !== null;
    return { to: isDue ? 'embedding' : 'ready', isDue };
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
