import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../platform/common/ids/id-param.js';
import { Idempotent, Operation } from '../platform/common/openapi/operation.js';
import { CurrentTenant, MayRead, Requires } from '../platform/common/tenancy/access.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { ChannelDto } from './channel.dto.js';
import { presentChannel, presentUnseen, UNSEEN } from './channel.presenter.js';
import { AddMembersDto } from './member.dto.js';
import { MembersService } from './members.service.js';

@ApiTags('channels')
@Controller('api/v1/channels/:id/customers')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Post()
  @HttpCode(200)
  @Requires('channels:write')
  @Idempotent()
  @Operation('Add customers to a channel', {
    description: `Only to a custom channel. For the new customers, earlier messages count as read. ${UNSEEN}`,
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: ChannelDto, description: 'The channel with all its customers.' })
  async add(
    @CurrentTenant() tenant: Tenant,
    @MayRead('channels:read') mayRead: boolean,
    @IdParam('channel') id: string,
    @Body() { customerIds }: AddMembersDto,
  ): Promise<ChannelDto> {
    return (mayRead ? presentChannel : presentUnseen)(tenant, await this.members.add(tenant, id, customerIds));
  }

  @Delete(':customer_id')
  @HttpCode(204)
  @Requires('channels:write')
  @Operation('Remove customer from a channel', {
    description: 'Only from a custom channel. The messages of the customer stay.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The customer is no longer in the channel.' })
  remove(
    @CurrentTenant() tenant: Tenant,
    @IdParam('channel') id: string,
    @IdParam('customer', 'customer_id') customerId: string,
  ): Promise<void> {
    return this.members.remove(tenant, id, customerId);
  }
}
