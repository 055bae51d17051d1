import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DocumentsService, type DocumentChange } from '../../../engagement/knowledge/documents.service.js';
import { RetrievalService } from '../../../engagement/knowledge/retrieval.service.js';
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
import {
  CreateDocumentDto,
  DocumentDto,
  DocumentsQueryDto,
  FoundChunkDto,
  SearchQueryDto,
  UpdateDocumentDto,
  WholeDocumentDto,
} from './document.dto.js';
import { presentDocument, presentFound, presentWhole } from './documents.presenter.js';

const MAX_FOUND = 20;

@ApiTags('knowledge_base')
@Controller('api/v1/knowledge-base')
export class KnowledgeController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly retrieval: RetrievalService,
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
        ...{ type: 'string', enum: ['text'], example: 'text' },
        description: 'How they were found: by their words.',
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

  @Post()
  @Allows('knowledge-base', 'agent')
  @Operation('Create document', {
    id: 'createDocument',
    description: 'A workspace has at most 10,000, which are searched in 100,000 parts.',
  })
  @Idempotent()
  @Answers(WholeDocumentDto, { status: 201, description: 'The document.' })
  async create(@CurrentTenant() tenant: Tenant, @Body() body: CreateDocumentDto): Promise<Data<WholeDocumentDto>> {
    const { type, title, content = null, question = null, answer = null, category = null, language = null } = body;
    const said = { title, content, question, answer, category, language, isPriority: body.isPriority === true };
    mustBeOf(type, said);
    return data(presentWhole(await this.documents.create(tenant, { type, ...said })));
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

  @Delete(':id')
  @Allows('knowledge-base', 'admin')
  @Operation('Delete document', { id: 'deleteDocument' })
  @AnswersNothing('The document is gone, and its file.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam('document') ref: ObjectRef): Promise<void> {
    return this.documents.remove(tenant, ref);
  }
}

type Said = Pick<CreateDocumentDto, 'content' | 'question' | 'answer'>;

/** @throws InvalidInput where its type asks for something that is missing, or has no place for what is there */
function mustBeOf(type: CreateDocumentDto['type'], said: Said): void {
  const fields = { document: ['content'], qa: ['question', 'answer'] } as const;
  const errors: Record<string, string[]> = {};
  for (const field of ['content', 'question', 'answer'] as const) {
    const isOf = (fields[type] as readonly string[]).includes(field);
    if (isOf && said[field] === null) {
      errors[field] = [`The ${field} field is required.`];
    } else if (!isOf && said[field] !== null) {
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
