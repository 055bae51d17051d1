import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { mimeTypeOf } from '../../../engagement/knowledge/document-kind.js';
import type { DocumentType } from '../../../engagement/knowledge/document.entity.js';
import { PageReader } from '../../../engagement/knowledge/page-reader.js';
import type { ReadText } from '../../../engagement/knowledge/reading/readable.js';
import {
  DocumentsService,
  type DocumentChange,
  type DocumentRow,
} from '../../../engagement/knowledge/documents.service.js';
import { RETRIEVALS, RetrievalService } from '../../../engagement/knowledge/retrieval.service.js';
import { FilesService, type FileRow } from '../../../files/files.service.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersAllOf, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import { TakesUpload, type UploadedFile } from '../http/upload.js';
import {
  CreateDocumentDto,
  DocumentDto,
  DocumentsQueryDto,
  FoundChunkDto,
  ScrapePageDto,
  SearchQueryDto,
  UpdateDocumentDto,
  WholeDocumentDto,
} from './document.dto.js';
import { presentDocument, presentFound, presentWhole } from './documents.presenter.js';

const MAX_FOUND = 20;
const MAX_TITLE = 500;

@ApiTags('knowledge_base')
@Controller('api/v1/knowledge-base')
export class KnowledgeController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly retrieval: RetrievalService,
    private readonly pages: PageReader,
    private readonly files: FilesService,
  ) {}

  @Get()
  @Allows('knowledge-base', 'viewer')
  @Operation('List documents', { id: 'listDocuments', description: 'Newest first, without their texts.' })
  @AnswersListPageOf(DocumentDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: DocumentsQueryDto): Promise<ListPage<DocumentDto>> {
    const { search, type, status, category, sortBy, sortDir: direction } = query;
    const order = { sort: sortBy ?? 'created_at', direction } as const;
    const slice = sliceIn(query, 'created_at');
    const page = await this.documents.list(tenant, { search, type, status, category, ...order, ...slice });
    return new ListPage(page.items.map(presentDocument), query, page);
  }

  @Get('search')
  @Allows('knowledge-base', 'viewer')
  @Operation('Search documents', {
    id: 'searchDocuments',
    description: 'The parts of documents that are `ready` which say most of what is asked, best first: at most 20.',
  })
  @AnswersAllOf(FoundChunkDto, {
    description: 'The parts.',
    beside: {
      retrieval: {
        ...{ type: 'string', enum: [...RETRIEVALS], example: 'text' },
        description: 'How they were found: by their words, by vectors, or by words and then put in order by vectors.',
      },
    },
  })
  async search(
    @CurrentTenant() tenant: Tenant,
    @Query() { q }: SearchQueryDto,
  ): Promise<Data<readonly FoundChunkDto[]> & { readonly retrieval: string }> {
    const { sources, retrieval } = await this.retrieval.find(tenant, q, MAX_FOUND);
    return { data: sources.map(presentFound), retrieval };
  }

  @Post('scrape')
  @Allows('knowledge-base', 'agent', { limit: 'kb_scrape' })
  @Operation('Read page', {
    id: 'scrapePage',
    description:
      'Makes a document of what somebody would read on a page. It has 15 seconds and 5 MB, may lead elsewhere five times, and must be reachable by everybody; its `robots.txt` is heeded.',
    says: { 422: 'The page can not be fetched, or has no text.' },
    refuses: [503],
  })
  @Idempotent({ staged: true })
  @Answers(WholeDocumentDto, { status: 201, description: 'The document.' })
  scrape(@CurrentTenant() tenant: Tenant, @Body() body: ScrapePageDto): Staged<ReadText, Data<WholeDocumentDto>> {
    const { url, title, category = null } = body;
    return new Staged(
      () => this.pages.read(tenant, url),
      async (page) => {
        const about = { title: title ?? page.title ?? url.slice(0, MAX_TITLE), category, isPriority: false };
        const { text: content, language } = page;
        return data(
          presentWhole(await this.documents.createPage(tenant, { ...about, language, content, sourceUrl: url })),
        );
      },
      undefined,
      true,
    );
  }

  @Post()
  @Allows('knowledge-base', 'agent')
  @Operation('Create document', {
    id: 'createDocument',
    description:
      'As JSON, or as a form with a file. Texts are `ready` at once, or once they have vectors where a model makes some; files, and pages without `content`, are read by a worker. A workspace has at most 10,000, which are searched in 100,000 parts.',
    refuses: [503],
  })
  @Idempotent({ staged: true })
  @TakesUpload()
  @Answers(WholeDocumentDto, { status: 201, description: 'The document.' })
  create(
    @CurrentTenant() tenant: Tenant,
    @Body() body: CreateDocumentDto,
  ): Staged<FileRow | null, Data<WholeDocumentDto>> {
    const type = body.type ?? 'file';
    mustBeOf(type, body);
    const { file } = body;
    return new Staged(
      async () => (file ? this.keep(tenant, file) : null),
      async (kept) => data(presentWhole(await this.made(tenant, type, body, kept))),
      undefined,
      file != null,
    );
  }

  private async keep(tenant: Tenant, { draft, name }: UploadedFile): Promise<FileRow> {
    return this.files.keep(tenant, draft, { mimeType: await mimeTypeOf(draft, name), name });
  }

  private made(
    tenant: Tenant,
    type: DocumentType,
    body: CreateDocumentDto,
    file: FileRow | null,
  ): Promise<DocumentRow> {
    const { title, content = null, question = null, answer = null, category = null, language = null } = body;
    const about = { title, category, language, isPriority: body.isPriority === true };
    if (type === 'file') {
      return this.documents.createUnread(tenant, { type, ...about, file: file! });
    }
    if (type === 'url') {
      const sourceUrl = body.sourceUrl!;
      return content === null
        ? this.documents.createUnread(tenant, { type, ...about, sourceUrl })
        : this.documents.createPage(tenant, { ...about, sourceUrl, content });
    }
    return this.documents.create(tenant, { type, ...about, content, question, answer });
  }

  @Get(':id')
  @Allows('knowledge-base', 'viewer')
  @Operation('Retrieve document', { id: 'getDocument' })
  @Answers(WholeDocumentDto, { description: 'The document.' })
  async get(@CurrentTenant() tenant: Tenant, @ObjectParam('document') ref: ObjectRef): Promise<Data<WholeDocumentDto>> {
    return data(presentWhole(await this.documents.get(tenant, ref)));
  }

  @Put(':id')
  @Allows('knowledge-base', 'agent')
  @Operation('Update document', { id: 'updateDocument', description: 'Its type stays. What changes is found at once.' })
  @Answers(WholeDocumentDto, { description: 'The document.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('document') ref: ObjectRef,
    @Body() body: UpdateDocumentDto,
  ): Promise<Data<WholeDocumentDto>> {
    return data(presentWhole(await this.documents.update(tenant, ref, changeIn(body))));
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Allows('knowledge-base', 'agent')
  @Operation('Retry document', {
    id: 'retryDocument',
    description: 'One that has `failed` is read again.',
    says: { 422: 'It has not failed.' },
  })
  @Idempotent()
  @Answers(WholeDocumentDto, { description: 'The document.' })
  async retry(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('document') ref: ObjectRef,
  ): Promise<Data<WholeDocumentDto>> {
    return data(presentWhole(await this.documents.retry(tenant, ref)));
  }

  @Delete(':id')
  @Allows('knowledge-base', 'admin')
  @Operation('Delete document', { id: 'deleteDocument' })
  @AnswersNothing('The document is gone, and its file.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam('document') ref: ObjectRef): Promise<void> {
    return this.documents.remove(tenant, ref);
  }
}

/** The fields that each type may have, and those that it must. */
const FIELDS = {
  document: ['content'],
  qa: ['question', 'answer'],
  url: ['source_url', 'content'],
  file: ['file'],
} as const satisfies Readonly<Record<DocumentType, readonly string[]>>;
const NEEDED = { document: ['content'], qa: ['question', 'answer'], url: ['source_url'], file: ['file'] } as const;

/** @throws InvalidInput where its type asks for something that is missing, or has no place for what is there */
function mustBeOf(type: DocumentType, { content, question, answer, sourceUrl, file }: CreateDocumentDto): void {
  const given = { content, question, answer, source_url: sourceUrl, file };
  const errors: Record<string, string[]> = {};
  for (const [field, value] of Object.entries(given)) {
    if ((NEEDED[type] as readonly string[]).includes(field) && value == null) {
      errors[field] = [`The ${field} field is required.`];
    } else if (!(FIELDS[type] as readonly string[]).includes(field) && value != null) {
      errors[field] = [`A document of type ${type} has no ${field}.`];
    }
  }
  if (Object.keys(errors).length > 0) {
    throw new InvalidInput(errors);
  }
}

/** Null takes a category or a language away; elsewhere it says nothing. */
function changeIn(body: UpdateDocumentDto): DocumentChange {
  const { title, content, question, answer, category, isPriority, language, status } = body;
  const said = { title, content, question, answer, isPriority, status };
  const given = Object.entries(said).filter(([, value]) => value != null);
  return { ...(Object.fromEntries(given) as DocumentChange), category, language };
}
