import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SegmentsService, type CountedSegment } from '../../../engagement/segments/segments.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ContactDto } from '../contacts/contact.dto.js';
import { presentContact } from '../contacts/contacts.presenter.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { ListQuery, sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import {
  AddedContactsDto,
  CreateSegmentDto,
  PreviewSegmentDto,
  SegmentContactsDto,
  SegmentDto,
  SegmentPreviewDto,
  UpdateSegmentDto,
} from './segment.dto.js';
import { presentSegment } from './segments.presenter.js';

@ApiTags('segments')
@Controller('api/v1/segments')
export class EngagementSegmentsController {
  constructor(private readonly segments: SegmentsService) {}

  @Get()
  @Allows('contacts', 'viewer')
  @Operation('List segments', { id: 'listSegments', description: 'Newest first.' })
  @AnswersListPageOf(SegmentDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListQuery): Promise<ListPage<SegmentDto>> {
    const page = await this.segments.list(tenant, { ...sliceIn(query), direction: query.sortDir });
    return new ListPage(
      page.items.map((one) => presentSegment(one, one.membersCount)),
      query,
      page,
    );
  }

  @Post()
  @Allows('contacts', 'agent')
  @Operation('Create segment', { id: 'createSegment' })
  @Idempotent()
  @Answers(SegmentDto, { status: 201, description: 'The new segment.' })
  async create(@CurrentTenant() tenant: Tenant, @Body() body: CreateSegmentDto): Promise<Data<SegmentDto>> {
    return shown(await this.segments.create(tenant, { ...body, type: body.type ?? 'dynamic' }));
  }

  @Post('preview')
  @HttpCode(200)
  @Allows('contacts', 'viewer')
  @Operation('Preview segment', { id: 'previewSegment', description: 'Who a filter finds. Nothing is kept.' })
  @Idempotent()
  @Answers(SegmentPreviewDto, { description: 'Whom it finds.' })
  async preview(
    @CurrentTenant() tenant: Tenant,
    @Body() { filter }: PreviewSegmentDto,
  ): Promise<Data<SegmentPreviewDto>> {
    const { total, items } = await this.segments.preview(tenant, filter);
    return data({ contacts_count: total, sample: items.map(presentContact) });
  }

  @Get(':id')
  @Allows('contacts', 'viewer')
  @Operation('Retrieve segment', { id: 'getSegment' })
  @Answers(SegmentDto, { description: 'The segment, its contacts counted.' })
  async get(@CurrentTenant() tenant: Tenant, @ObjectParam('segment') ref: ObjectRef): Promise<Data<SegmentDto>> {
    return shown(await this.segments.get(tenant, ref));
  }

  @Put(':id')
  @Allows('contacts', 'agent')
  @Operation('Update segment', { id: 'updateSegment' })
  @Answers(SegmentDto, { description: 'The segment.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('segment') ref: ObjectRef,
    @Body() body: UpdateSegmentDto,
  ): Promise<Data<SegmentDto>> {
    return shown(await this.segments.update(tenant, ref, body));
  }

  @Delete(':id')
  @Allows('contacts', 'admin')
  @Operation('Delete segment', {
    id: 'deleteSegment',
    description: 'Its contacts stay.',
    says: { 422: 'A campaign that is not sent yet is for it.' },
  })
  @AnswersNothing('The segment is gone.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam('segment') ref: ObjectRef): Promise<void> {
    return this.segments.remove(tenant, ref);
  }

  @Get(':id/contacts')
  @Allows('contacts', 'viewer')
  @Operation('List contacts of segment', { id: 'listSegmentContacts', description: 'Newest first.' })
  @AnswersListPageOf(ContactDto)
  async contacts(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('segment') ref: ObjectRef,
    @Query() query: ListQuery,
  ): Promise<ListPage<ContactDto>> {
    const page = await this.segments.contacts(tenant, ref, { ...sliceIn(query), direction: query.sortDir });
    return new ListPage(page.items.map(presentContact), query, page);
  }

  @Post(':id/contacts')
  @HttpCode(200)
  @Allows('contacts', 'agent')
  @Operation('Add contacts to segment', { id: 'addSegmentContacts', description: 'Of a static segment.' })
  @Idempotent()
  @Answers(AddedContactsDto, { description: 'How many came into it.' })
  async add(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('segment') ref: ObjectRef,
    @Body() { contactIds }: SegmentContactsDto,
  ): Promise<Data<AddedContactsDto>> {
    return data({ added: await this.segments.add(tenant, ref, contactIds) });
  }

  @Delete(':id/contacts')
  @Allows('contacts', 'agent')
  @Operation('Take contacts out of segment', { id: 'takeSegmentContacts', description: 'Of a static segment.' })
  @AnswersNothing('They are not in it.')
  take(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('segment') ref: ObjectRef,
    @Body() { contactIds }: SegmentContactsDto,
  ): Promise<void> {
    return this.segments.take(tenant, ref, contactIds);
  }
}

function shown(segment: CountedSegment): Data<SegmentDto> {
  return data(presentSegment(segment, segment.contactsCount));
}
