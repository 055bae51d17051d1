import { Body, Controller, Get, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { InvalidInput } from '../common/errors/refusal.js';
import { Answer } from '../common/http/answer.js';
import { IdParam } from '../common/ids/id-param.js';
import { AnswersListOf, Idempotent, listSchema, Operation } from '../common/openapi/operation.js';
import type { Page } from '../common/pagination/page.js';
import { PaginationInterceptor } from '../common/pagination/pagination.interceptor.js';
import { CurrentTenant, Requires } from '../common/tenancy/access.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import {
  ChannelDto,
  ConversationDto,
  CreateChannelDto,
  ListChannelsQuery,
  ListConversationsQuery,
} from './channel.dto.js';
import { presentChannel, presentConversation } from './channel.presenter.js';
import { ChannelsService, type NewChannel } from './channels.service.js';

@ApiTags('channels')
@Controller('api/v1/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Post()
  @Requires('channels:write')
  @Idempotent()
  @Operation('Create channel', {
    description: 'The same general set of customers, or a custom one of the same name and set, is answered as it is.',
  })
  @ApiResponse({ status: 201, type: ChannelDto, description: 'The new channel.' })
  @ApiResponse({ status: 200, type: ChannelDto, description: 'The channel that is there already.' })
  async create(@CurrentTenant() tenant: Tenant, @Body() body: CreateChannelDto): Promise<Answer<ChannelDto>> {
    const { row, isNew } = await this.channels.create(tenant, newChannel(body));
    return new Answer(isNew ? 201 : 200, presentChannel(tenant, row));
  }

  @Get()
  @Requires('channels:read')
  @Operation('List channels', { description: 'Newest first.' })
  @AnswersListOf(ChannelDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListChannelsQuery): Promise<Page<ChannelDto>> {
    return (await this.channels.list(tenant, query)).map((channel) => presentChannel(tenant, channel));
  }

  @Get('by-email')
  @Requires('channels:read')
  @UseInterceptors(new PaginationInterceptor((conversations) => ({ conversations })))
  @ApiExtraModels(ConversationDto)
  @Operation('List conversations', {
    description: 'The channels of one customer, grouped by whom they are with; the newest activity first.',
    refuses: [404],
  })
  @ApiResponse({
    status: 200,
    description: 'The conversations of the customer.',
    schema: listSchema({
      type: 'object',
      required: ['conversations'],
      properties: { conversations: { type: 'array', items: { $ref: getSchemaPath(ConversationDto) } } },
    }),
  })
  async listByEmail(
    @CurrentTenant() tenant: Tenant,
    @Query() { email, ...query }: ListConversationsQuery,
  ): Promise<Page<ConversationDto>> {
    return (await this.channels.listConversations(tenant, email, query)).map(presentConversation);
  }

  @Get('customer/:id')
  @Requires('channels:read')
  @Operation('List channels of a customer', { description: 'Newest first.', refuses: [404] })
  @AnswersListOf(ChannelDto)
  async listForCustomer(
    @CurrentTenant() tenant: Tenant,
    @IdParam('customer') id: string,
    @Query() query: ListChannelsQuery,
  ): Promise<Page<ChannelDto>> {
    return (await this.channels.listForCustomer(tenant, id, query)).map((channel) => presentChannel(tenant, channel));
  }

  @Get(':id')
  @Requires('channels:read')
  @Operation('Retrieve channel', { refuses: [404] })
  @ApiResponse({ status: 200, type: ChannelDto, description: 'The channel.' })
  async get(@CurrentTenant() tenant: Tenant, @IdParam('channel') id: string): Promise<ChannelDto> {
    return presentChannel(tenant, await this.channels.get(tenant, id));
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
