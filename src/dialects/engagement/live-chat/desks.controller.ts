import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DesksService } from '../../../engagement/live-chat/desks.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { ListQuery, sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import { CreateDeskDto, DeskDto, UpdateDeskDto } from './desk.dto.js';
import { presentDesk } from './desks.presenter.js';

const DeskParam = () => ObjectParam('desk', { typeId: 'customer' });

@ApiTags('live_chat')
@Controller('api/v1/live-chat/desks')
export class LiveChatDesksController {
  constructor(private readonly desks: DesksService) {}

  @Get()
  @Allows('conversations', 'viewer')
  @Operation('List desks', { id: 'listLiveChatDesks', description: 'Newest first.' })
  @AnswersListPageOf(DeskDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListQuery): Promise<ListPage<DeskDto>> {
    const page = await this.desks.list(tenant, { ...sliceIn(query), direction: query.sortDir });
    return new ListPage(page.items.map(presentDesk), query, page);
  }

  @Post()
  @Allows('conversations', 'admin')
  @Idempotent()
  @Operation('Create desk', { id: 'createLiveChatDesk', description: 'A workspace has at most 100.' })
  @Answers(DeskDto, { status: 201, description: 'The new desk.' })
  async create(@CurrentTenant() tenant: Tenant, @Body() body: CreateDeskDto): Promise<Data<DeskDto>> {
    return data(presentDesk(await this.desks.create(tenant, body)));
  }

  @Get(':id')
  @Allows('conversations', 'viewer')
  @Operation('Retrieve desk', { id: 'getLiveChatDesk' })
  @Answers(DeskDto, { description: 'The desk.' })
  async get(@CurrentTenant() tenant: Tenant, @DeskParam() ref: ObjectRef): Promise<Data<DeskDto>> {
    return data(presentDesk(await this.desks.get(tenant, ref)));
  }

  @Put(':id')
  @Allows('conversations', 'admin')
  @Operation('Update desk', { id: 'updateLiveChatDesk' })
  @Answers(DeskDto, { description: 'The desk.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @DeskParam() ref: ObjectRef,
    @Body() body: UpdateDeskDto,
  ): Promise<Data<DeskDto>> {
    return data(presentDesk(await this.desks.update(tenant, ref, body)));
  }

  @Delete(':id')
  @Allows('conversations', 'admin')
  @Operation('Delete desk', {
    id: 'deleteLiveChatDesk',
    description: 'No conversation begins with it any more; those that there are stay.',
  })
  @AnswersNothing('The desk is gone.')
  remove(@CurrentTenant() tenant: Tenant, @DeskParam() ref: ObjectRef): Promise<void> {
    return this.desks.remove(tenant, ref);
  }
}
