import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { InvalidInput } from '../platform/common/errors/refusal.js';
import { StatusResult } from '../platform/common/http/status-result.js';
import { IdParam } from '../platform/common/ids/id-param.js';
import { AnswersListOf, Idempotent, Operation } from '../platform/common/openapi/operation.js';
import type { Page } from '../platform/common/pagination/page.js';
import {
  AlsoForCustomers,
  CurrentCustomer,
  CurrentTenant,
  MayRead,
  Requires,
} from '../platform/common/tenancy/access.js';
import { audienceOf } from '../platform/common/tenancy/audience.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { ChannelDto, CreateChannelDto, ListChannelsQuery, UpdateChannelDto } from './channel.dto.js';
import { presentChannel, presentUnseen, UNSEEN } from './channel.presenter.js';
import { ChannelsService, type NewChannel } from './channels.service.js';

@ApiTags('channels')
@Controller('api/v1/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Post()
  @Requires('channels:write')
  @Idempotent()
  @Operation('Create channel', {
    description: `If there is a general channel of the same customers, or a custom one of the same name and customers, it is returned with 200. ${UNSEEN}`,
  })
  @ApiResponse({ status: 201, type: ChannelDto, description: 'The new channel.' })
  @ApiResponse({ status: 200, type: ChannelDto, description: 'The channel that exists already.' })
  async create(
    @CurrentTenant() tenant: Tenant,
    @MayRead('channels:read') mayRead: boolean,
    @Body() body: CreateChannelDto,
  ): Promise<StatusResult<ChannelDto>> {
    const { row, isNew } = await this.channels.create(tenant, newChannel(body));
    return new StatusResult(isNew ? 201 : 200, (mayRead ? presentChannel : presentUnseen)(tenant, row));
  }

  @Get()
  @Requires('channels:read')
  @Operation('List channels', { description: 'Newest first.' })
  @AnswersListOf(ChannelDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListChannelsQuery): Promise<Page<ChannelDto>> {
    return (await this.channels.list(tenant, query)).map((channel) => presentChannel(tenant, channel));
  }

  @Get(':id')
  @Requires('channels:read')
  @AlsoForCustomers()
  @Operation('Retrieve channel', { refuses: [404] })
  @ApiResponse({ status: 200, type: ChannelDto, description: 'The channel.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('channel') id: string,
  ): Promise<ChannelDto> {
    return presentChannel(tenant, await this.channels.get(tenant, id, me), audienceOf(me));
  }

  @Patch(':id')
  @Requires('channels:write')
  @Operation('Update channel', { description: `Fields that are left out stay unchanged. ${UNSEEN}`, refuses: [404] })
  @ApiResponse({ status: 200, type: ChannelDto, description: 'The channel after the change.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @MayRead('channels:read') mayRead: boolean,
    @IdParam('channel') id: string,
    @Body() body: UpdateChannelDto,
  ): Promise<ChannelDto> {
    return (mayRead ? presentChannel : presentUnseen)(tenant, await this.channels.update(tenant, id, body));
  }
}

/** What the fields say together: a custom channel needs a name, and nobody is in a channel twice. */
function newChannel({ type, name, customerIds }: CreateChannelDto): NewChannel {
  if (new Set(customerIds).size < customerIds.length) {
    throw new InvalidInput({
      customer_uuids: ['One or more customers do not exist or do not belong to this client'],
    });
  }
  if (type === 'general') {
    return { type, customerIds };
  }
  if (name === undefined || name === null) {
    throw new InvalidInput({ name: ['The name field is required.'] });
  }
  return { type, name, customerIds };
}
