import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TagsService } from '../../../engagement/tags/tags.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import { CreateTagDto, TagDto, TagsQueryDto, UpdateTagDto } from './tag.dto.js';
import { presentTag } from './tags.presenter.js';

@ApiTags('tags')
@Controller('api/v1/tags')
export class EngagementTagsController {
  constructor(private readonly tags: TagsService) {}

  @Get()
  @Allows('tags', 'viewer')
  @Operation('List tags', { id: 'listTags', description: 'Newest first.' })
  @AnswersListPageOf(TagDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: TagsQueryDto): Promise<ListPage<TagDto>> {
    const slice = { ...sliceIn(query), direction: query.sortDir };
    const page = await this.tags.list(tenant, slice, query.search ?? null);
    return new ListPage(page.items.map(presentTag), query, page);
  }

  @Post()
  @Allows('tags', 'agent')
  @Operation('Create tag', { id: 'createTag' })
  @Idempotent()
  @Answers(TagDto, { status: 201, description: 'The new tag.' })
  async create(@CurrentTenant() tenant: Tenant, @Body() body: CreateTagDto): Promise<Data<TagDto>> {
    return data(presentTag(await this.tags.create(tenant, body)));
  }

  @Get(':id')
  @Allows('tags', 'viewer')
  @Operation('Retrieve tag', { id: 'getTag' })
  @Answers(TagDto, { description: 'The tag.' })
  async get(@CurrentTenant() tenant: Tenant, @ObjectParam('tag') ref: ObjectRef): Promise<Data<TagDto>> {
    return data(presentTag(await this.tags.get(tenant, ref)));
  }

  @Put(':id')
  @Allows('tags', 'agent')
  @Operation('Update tag', { id: 'updateTag' })
  @Answers(TagDto, { description: 'The tag.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('tag') ref: ObjectRef,
    @Body() body: UpdateTagDto,
  ): Promise<Data<TagDto>> {
    return data(presentTag(await this.tags.update(tenant, ref, body)));
  }

  @Delete(':id')
  @Allows('tags', 'admin')
  @Operation('Delete tag', { id: 'deleteTag', description: 'Its contacts lose it.' })
  @AnswersNothing('The tag is gone.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam('tag') ref: ObjectRef): Promise<void> {
    return this.tags.remove(tenant, ref);
  }
}
