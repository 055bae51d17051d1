import { Controller, Get, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../common/openapi/operation.js';
import { CurrentTenant } from '../../common/tenancy/access.js';
import type { Tenant } from '../../common/tenancy/tenant.js';
import { ForLayer, LayerBase, Me } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { presentIdentity } from '../identity.presenter.js';
import { IdentitiesService } from './identities.service.js';
import { LayerIdentityDto, ListIdentitiesQuery } from './identity.dto.js';
import { UserIdParam } from './user-id-param.js';

@ApiTags('identities')
@Controller('layer/identities')
export class IdentitiesController {
  constructor(private readonly identities: IdentitiesService) {}

  @Get()
  @ForLayer()
  @Operation('List identities', {
    description: 'Those whom one follows, and those who share a conversation with one; newest first.',
  })
  @AnswersLayerPageOf(LayerIdentityDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @Me() me: string,
    @Query() query: ListIdentitiesQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<LayerIdentityDto>> {
    return (await this.identities.listKnown(tenant, me, query)).map((row) => presentIdentity(base, row));
  }

  @Get(':user_id')
  @ForLayer()
  @Operation('Retrieve identity', { description: 'Of anybody in the app.', refuses: [404] })
  @ApiResponse({ status: 200, type: LayerIdentityDto, description: 'The identity.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @UserIdParam() userId: string,
    @LayerBase() base: string,
  ): Promise<LayerIdentityDto> {
    return presentIdentity(base, await this.identities.get(tenant, userId));
  }
}
