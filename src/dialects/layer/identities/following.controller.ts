import { Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ForLayer, GivenBody, LayerBase, Viewer } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { presentBasicIdentity } from '../identity.presenter.js';
import { parseUserId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';
import { IdentitiesService } from './identities.service.js';
import { LayerBasicIdentityDto, ListIdentitiesQuery, MAX_URI } from './identity.dto.js';
import { UserIdParam } from './user-id-param.js';

const MAX_USERS = 500;

@ApiTags('identities')
@Controller('layer/following')
export class FollowingController {
  constructor(private readonly identities: IdentitiesService) {}

  @Get()
  @ForLayer()
  @Operation('List followed users', { description: 'Newest first.' })
  @AnswersLayerPageOf(LayerBasicIdentityDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Query() query: ListIdentitiesQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<LayerBasicIdentityDto>> {
    return (await this.identities.listFollowed(tenant, viewer, query)).map((row) => presentBasicIdentity(base, row));
  }

  @Post('users')
  @ForLayer()
  @HttpCode(202)
  @Operation('Follow users', { description: 'Users that do not exist are skipped.' })
  @ApiBody({
    schema: {
      type: 'array',
      maxItems: MAX_USERS,
      items: { type: 'string', minLength: 1, maxLength: MAX_URI, description: 'A Layer URI or a user id.' },
      example: ['jane', 'layer:///identities/john'],
    },
  })
  @ApiResponse({ status: 202, description: 'The users are followed.' })
  addMany(@CurrentTenant() tenant: Tenant, @Viewer() viewer: string, @GivenBody() body: unknown): Promise<void> {
    return this.identities.followMany(tenant, viewer, readUserIds(body));
  }

  @Get('users/:user_id')
  @ForLayer()
  @HttpCode(204)
  @Operation('Check followed user', {
    description: 'Answers 204 if the user of the session follows this user, else 404.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The user is followed.' })
  async check(@CurrentTenant() tenant: Tenant, @Viewer() viewer: string, @UserIdParam() userId: string): Promise<void> {
    if (!(await this.identities.follows(tenant, viewer, userId))) {
      throw new LayerRefusal('not_found', 'This identity is not followed.');
    }
  }

  @Put('users/:user_id')
  @ForLayer()
  @HttpCode(204)
  @Operation('Follow user', {
    description: 'Following a user again changes nothing.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The user is followed.' })
  add(@CurrentTenant() tenant: Tenant, @Viewer() viewer: string, @UserIdParam() userId: string): Promise<void> {
    return this.identities.follow(tenant, viewer, userId);
  }

  @Delete('users/:user_id')
  @ForLayer()
  @HttpCode(204)
  @Operation('Unfollow user', {
    description: 'Unfollowing a user who is not followed changes nothing.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The user is not followed any more.' })
  remove(@CurrentTenant() tenant: Tenant, @Viewer() viewer: string, @UserIdParam() userId: string): Promise<void> {
    return this.identities.unfollow(tenant, viewer, userId);
  }
}

/** @throws LayerRefusal invalid_property */
function readUserIds(body: unknown): string[] {
  const users = Array.isArray(body) && body.length <= MAX_USERS ? body.map(parseUserId) : [null];
  if (!users.every((userId) => userId !== null && isStorable(userId))) {
    const says = `The body must be an array of at most ${MAX_USERS} Layer URIs or user ids.`;
    throw new LayerRefusal('invalid_property', says, { property: 'body' });
  }
  return users as string[];
}
