import { Controller, Get, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { ListChannelsQuery } from '../../channels/channel.dto.js';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { listOf } from '../../platform/common/openapi/list-of.js';
import { AnswersListOf, Operation } from '../../platform/common/openapi/operation.js';
import type { ListEnvelope, Page } from '../../platform/common/pagination/page.js';
import {
  AlsoForCustomers,
  CurrentCustomer,
  CurrentTenant,
  MayRead,
  Requires,
} from '../../platform/common/tenancy/access.js';
import { audienceOf } from '../../platform/common/tenancy/audience.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import {
  ConversationDto,
  ConversationListDataDto,
  ListConversationsQuery,
  MemberChannelDto,
} from './conversation.dto.js';
import { presentConversation, presentListedChannel } from './conversation.presenter.js';
import { ConversationsService } from './conversations.service.js';

/** Not in channels, which know nothing of messages. */
@ApiTags('channels')
@Controller('api/v1/channels')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Get('by-email')
  @Requires('channels:read')
  @AlsoForCustomers()
  @Operation('List conversations', {
    id: 'channelsListByEmail',
    description:
      'The channels of a customer, grouped by the other participant, latest activity first. Each group shows at most 20 channels.',
    refuses: [404],
  })
  @ApiResponse({
    status: 200,
    description: 'One page of the conversations.',
    type: listOf(ConversationDto, { type: ConversationListDataDto }),
  })
  async listByEmail(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @MayRead('messages:read') mayRead: boolean,
    @Query() { email, ...query }: ListConversationsQuery,
  ): Promise<ListEnvelope> {
    const page = await this.conversations.listConversations(tenant, email, query, me);
    const reader = { audience: audienceOf(me), mayRead };
    return page.envelope({ conversations: page.items.map((one) => presentConversation(tenant, one, reader)) });
  }

  @Get('customer/:id')
  @Requires('channels:read')
  @AlsoForCustomers()
  @Operation('List channels of a customer', {
    id: 'channelsListForCustomer',
    description: 'Newest first.',
    refuses: [404],
  })
  @AnswersListOf(MemberChannelDto)
  async listForCustomer(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @MayRead('messages:read') mayRead: boolean,
    @IdParam('customer') id: string,
    @Query() query: ListChannelsQuery,
  ): Promise<Page<MemberChannelDto>> {
    const page = await this.conversations.listForCustomer(tenant, id, query, me);
    return page.map((channel) => presentListedChannel(tenant, channel, { audience: audienceOf(me), mayRead }));
  }
}
