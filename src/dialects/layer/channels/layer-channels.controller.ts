import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import { StatusResult } from '../../../platform/common/http/status-result.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { MAX_PROPERTY } from '../conversations/patch.js';
import { ForLayer, GivenBody, LayerBase, Viewer } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { LayerIdParam } from '../layer-id-param.js';
import type { ChannelObject } from './channel-object.js';
import { readChannelPatch } from './channel-patch.js';
import { LayerCreateChannelDto, LayerChannelDto, ListLayerChannelsQuery } from './channel.dto.js';
import { LayerChannelsService } from './layer-channels.service.js';

@ApiTags('channels')
@Controller('layer/channels')
export class LayerChannelsController {
  constructor(private readonly channels: LayerChannelsService) {}

  @Post()
  @ForLayer()
  @Operation('Create channel', {
    description:
      'Returns the existing channel if the app already has one of this name, and adds no members to it. If its metadata differs, the answer is 409 (`conflict`) with the channel in `data`.',
    refuses: [409],
  })
  @ApiResponse({ status: 201, type: LayerChannelDto, description: 'The new channel.' })
  @ApiResponse({ status: 200, type: LayerChannelDto, description: 'The existing channel of this name.' })
  async create(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Body() body: LayerCreateChannelDto,
    @LayerBase() base: string,
  ): Promise<StatusResult<ChannelObject>> {
    const { isNew, channel } = await this.channels.create(tenant, viewer, body, base);
    return new StatusResult(isNew ? 201 : 200, channel);
  }

  @Get()
  @ForLayer()
  @Operation('List channels', {
    description: 'All channels of the app, newest first, whether the user of the session is a member or not.',
  })
  @AnswersLayerPageOf(LayerChannelDto)
  list(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Query() query: ListLayerChannelsQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<ChannelObject>> {
    return this.channels.list(tenant, viewer, query, base);
  }

  @Get(':id')
  @ForLayer()
  @Operation('Retrieve channel', { description: 'Whether the user of the session is a member or not.', refuses: [404] })
  @ApiResponse({ status: 200, type: LayerChannelDto, description: 'The channel.' })
  get(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
    @LayerBase() base: string,
  ): Promise<ChannelObject> {
    return this.channels.get(tenant, viewer, id, base);
  }

  @Patch(':id')
  @HttpCode(204)
  @ForLayer()
  @Operation('Update channel', {
    description:
      'For an owner. By a Layer Patch: `set` for `name`, `set` or `delete` for `metadata` and its keys. All operations are applied, or none. A name that another channel has is answered 409 (`conflict`), with that channel in `data`.',
    refuses: [403, 404, 409],
  })
  @ApiBody({
    schema: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        required: ['operation', 'property'],
        properties: {
          operation: { type: 'string', enum: ['set', 'delete'], description: 'What to do with the property.' },
          property: {
            type: 'string',
            pattern: String.raw`^(name$|metadata($|\.))`,
            maxLength: MAX_PROPERTY,
            example: 'metadata.topic',
            description:
              'The path of the property: `name`, `metadata` or a key in it. A dot in a key is written `\\.`.',
          },
          value: { description: 'The new value: a string, or an object for metadata.' },
        },
      },
    },
  })
  @ApiResponse({ status: 204, description: 'The channel is changed.' })
  update(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
    @GivenBody() body: unknown,
    @LayerBase() base: string,
  ): Promise<void> {
    return this.channels.patch(tenant, viewer, id, readChannelPatch(body), base);
  }

  @Delete(':id')
  @HttpCode(204)
  @ForLayer()
  @Operation('Delete channel', { description: 'For an owner. Deletes its messages as well.', refuses: [403, 404] })
  @ApiResponse({ status: 204, description: 'The channel is deleted.' })
  delete(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
  ): Promise<void> {
    return this.channels.delete(tenant, viewer, id);
  }
}
