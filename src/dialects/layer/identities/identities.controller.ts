import { Controller, Get, Query } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ForLayer, LayerBase, Viewer } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { presentBasicIdentity, presentIdentity } from '../identity.presenter.js';
import { IdentitiesService } from './identities.service.js';
import { LayerBasicIdentityDto, LayerIdentityDto, ListIdentitiesQuery } from './identity.dto.js';
import { UserIdParam } from './user-id-param.js';

@ApiTags('identities')
@Controller('layer/identities')
export class IdentitiesController {
  constructor(private readonly identities: IdentitiesService) {}

  @Get()
  @ForLayer()
  @Operation('List identities', {
    description: 'The users that the user of the session follows or shares a conversation with, newest first.',
  })
  @AnswersLayerPageOf(LayerIdentityDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Query() query: ListIdentitiesQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<LayerIdentityDto>> {
    return (await this.identities.listKnown(tenant, viewer, query)).map((row) => presentIdentity(base, row));
  }

  @Get(':user_id')
  @ForLayer()
  @Operation('Retrieve identity', {
    description:
      'Returns the full identity of users that the user of the session follows or shares a conversation with, and a basic one of others.',
    refuses: [404],
  })
  @ApiExtraModels(LayerIdentityDto, LayerBasicIdentityDto)
  @ApiResponse({
    status: 200,
    description: 'The identity.',
    schema: { anyOf: [LayerIdentityDto, LayerBasicIdentityDto].map((one) => ({ $ref: getSchemaPath(one) })) },
  })
  async get(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @UserIdParam() userId: string,
    @LayerBase() base: string,
  ): Promise<LayerIdentityDto | LayerBasicIdentityDto> {
    const row = await this.identities.get(tenant, userId);
    return (await this.identities.knows(tenant, viewer, row.id))
      ? presentIdentity(base, row)
      : presentBasicIdentity(base, row);
  }
}
