import { Controller, Delete, Get, HttpCode, Put, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ForLayer, LayerBase, Viewer } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { UserIdParam } from '../identities/user-id-param.js';
import { LayerIdParam } from '../layer-id-param.js';
import { ChannelMembersService } from './channel-members.service.js';
import type { MembershipObject } from './channel-object.js';
import { LayerMembershipDto, ListMembersQuery } from './channel.dto.js';

@ApiTags('channels')
@Controller('layer/channels/:id/members')
export class ChannelMembersController {
  constructor(private readonly members: ChannelMembersService) {}

  @Get()
  @ForLayer()
  @Operation('List members', { description: 'For members of the channel. Oldest identity first.', refuses: [403, 404] })
  @AnswersLayerPageOf(LayerMembershipDto)
  list(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
    @Query() query: ListMembersQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<MembershipObject>> {
    return this.members.list(tenant, viewer, id, query, base);
  }

  @Get(':user_id')
  @ForLayer()
  @Operation('Retrieve member', {
    description: 'For members of the channel; the own membership for everyone.',
    refuses: [403, 404],
  })
  @ApiResponse({ status: 200, type: LayerMembershipDto, description: 'The membership.' })
  get(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
    @UserIdParam() userId: string,
    @LayerBase() base: string,
  ): Promise<MembershipObject> {
    return this.members.get(tenant, viewer, id, userId, base);
  }

  @Put(':user_id')
  @HttpCode(204)
  @ForLayer()
  @Operation('Add member', {
    description:
      'Everyone may join; members may add others, and unknown users are created. A channel has at most 100 members: beyond, the answer is 422 (`invalid_operation`).',
    refuses: [403, 404],
  })
  @ApiResponse({ status: 204, description: 'The user is a member.' })
  add(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
    @UserIdParam() userId: string,
  ): Promise<void> {
    return this.members.add(tenant, viewer, id, userId);
  }

  @Delete(':user_id')
  @HttpCode(204)
  @ForLayer()
  @Operation('Remove member', {
    description: 'Everyone may leave; an owner may remove others. Their messages stay.',
    refuses: [403, 404],
  })
  @ApiResponse({ status: 204, description: 'The user is not a member any more.' })
  remove(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
    @UserIdParam() userId: string,
  ): Promise<void> {
    return this.members.remove(tenant, viewer, id, userId);
  }
}
